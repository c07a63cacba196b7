"""Stand-ins for `Reviews` and `Publisher`, in memory. tests/contract holds them to what the real adapters do."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from evalmark.errors import CouldNotFinish, Forbidden, Refused, UsageProblem
from evalmark.review import Comment, FileKind, ListedFile, PullRequest, Status
from tests.github.objects import Content, Entry, Objects

KINDS: Mapping[str, FileKind] = {
    "100644": "file",
    "100755": "file",
    "120000": "symlink",
    "160000": "submodule",
    "40000": "folder",
}


@dataclass
class FakeReviews:
    """Holds pull requests by number, the files of each commit by path, and where two commits parted.

    Of a pull request's own commits that is known. `asked` has what was read, in order.
    """

    pull_requests: dict[int, PullRequest] = field(default_factory=dict)
    trees: Mapping[str, Mapping[str, Content]] = field(default_factory=dict)
    merge_bases: Mapping[tuple[str, str], str] = field(default_factory=dict)
    forbidden: bool = False
    asked: list[str] = field(default_factory=list)
    _objects: Objects = field(default_factory=Objects)

    def pull_request(self, number: int) -> PullRequest:
        self._ask(f"pull request {number}")
        if number not in self.pull_requests:
            raise UsageProblem(f"there is no pull request {number}", "check the number")
        return self.pull_requests[number]

    def merge_base(self, tip: str, head: str) -> str:
        self._ask(f"{tip}...{head}")
        known = {(each.target, each.head): each.base for each in self.pull_requests.values()} | dict(self.merge_bases)
        if (tip, head) not in known:
            raise Forbidden(f"nobody knows where {tip} and {head} parted", "check them")
        return known[tip, head]

    def listing(self, commit: str, folder: str) -> tuple[ListedFile, ...]:
        self._ask(f"{commit}:{folder}")
        if commit not in self.trees:
            raise Forbidden(f"there is no commit {commit}", "check it")
        sha, above = self._objects.tree(self.trees[commit]), ""
        parts = [part for part in folder.split("/") if part]
        while parts:
            part = parts.pop(0)
            entry = next((each for each in self._objects.trees[sha] if each.name == part), None)
            if entry is None or (parts and KINDS[entry.mode] == "file"):
                return ()
            if KINDS[entry.mode] != "folder":
                return (self._listed(above, entry),)
            sha, above = entry.sha, f"{above}{part}/"
        return tuple(sorted(self._listed(above, entry) for entry in self._objects.trees[sha]))

    def content(self, file: ListedFile) -> bytes:
        self._ask(file.path)
        if file.kind != "file":
            raise Refused(f"{file.path} is no file", "put a file there")
        return self._objects.blobs[file.digest]

    def _listed(self, above: str, entry: Entry) -> ListedFile:
        size = len(self._objects.blobs.get(entry.sha, b""))
        return ListedFile(f"{above}{entry.name}", KINDS[entry.mode], size, entry.sha)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.forbidden:
            raise Forbidden("the token may not read", "add `permissions: contents: read`")


def _nothing() -> None:
    """What happens in the meantime, unless a test says otherwise."""


@dataclass
class FakePublisher:
    """Keeps what is said. `forbidden`: nothing may be written. `after_create` is called when a comment is stored."""

    author: str = "github-actions[bot]"
    comments_of: dict[int, list[Comment]] = field(default_factory=dict)
    statuses: dict[str, list[Status]] = field(default_factory=dict)
    forbidden: bool = False
    after_create: Callable[[], None] = _nothing
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def me(self) -> str:
        return self.author

    def comments(self, number: int) -> tuple[Comment, ...]:
        return tuple(self.comments_of.get(number, ()))

    def create_comment(self, number: int, body: str) -> Comment:
        self._write()
        comment_id = str(next(self.ids))
        url = f"https://github.example/acme/model/pull/{number}#issuecomment-{comment_id}"
        comment = Comment(comment_id, self.author, body, url)
        self.comments_of.setdefault(number, []).append(comment)
        self.after_create()
        return comment

    def update_comment(self, number: int, comment: str, body: str) -> Comment:
        self._write()
        comments = self.comments_of.get(number, [])
        for place, old in enumerate(comments):
            if old.id == comment:
                comments[place] = Comment(old.id, old.author, body, old.url)
                return comments[place]
        raise CouldNotFinish(f"comment {comment} is gone", "run it again")

    def delete_comment(self, number: int, comment: str) -> None:
        self._write()
        self.comments_of[number] = [each for each in self.comments_of.get(number, []) if each.id != comment]

    def set_status(self, commit: str, status: Status) -> None:
        if len(status.description) > 140:
            raise ValueError("a status has at most 140 characters")
        self._write()
        self.statuses.setdefault(commit, []).append(status)

    def _write(self) -> None:
        if self.forbidden:
            raise Forbidden("Resource not accessible by integration", "add `permissions: pull-requests: write`")
