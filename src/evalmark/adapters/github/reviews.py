"""Pull requests of a repo on GitHub, read as git objects: nothing is checked out, and every byte has its digest."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from evalmark.adapters.github.client import GitHubClient
from evalmark.adapters.github.endpoints import COMPARE, READ_BLOB, READ_PULL_REQUEST, READ_TREE, Call, Repository
from evalmark.adapters.github.reply import Reply
from evalmark.errors import CouldNotFinish, Refused
from evalmark.report.escape import plain
from evalmark.review import FileKind, ListedFile, PullRequest

# Modes of tree entries: https://docs.github.com/en/rest/git/trees
KINDS: Final[Mapping[str, FileKind]] = {
    "100644": "file",
    "100755": "file",
    "120000": "symlink",
    "160000": "submodule",
    "040000": "folder",
}


class GitHubReviews:
    """The pull requests of `repository` (`owner/name`). Raises `UsageProblem` if it is not named so."""

    def __init__(self, client: GitHubClient, repository: str) -> None:
        self._client = client
        self._repository = Repository.parse(repository)
        self._trees: dict[str, tuple[ListedFile, ...]] = {}

    def pull_request(self, number: int) -> PullRequest:
        """Look a pull request up, and where its branch left the target."""
        reply = self._client.call(Call(READ_PULL_REQUEST, self._repository, {"pull_number": number}))
        head, tip = reply["head"]["sha"].sha(), reply["base"]["sha"].sha()
        return PullRequest(number, head, self.merge_base(tip, head), tip, _from_fork(reply), is_open=_is_open(reply))

    def listing(self, commit: str, folder: str) -> tuple[ListedFile, ...]:
        """Walk from the commit's root to the folder. Names come as they are: whoever uses them judges them."""
        entries, above = self._tree(commit), ""
        parts = list(filter(None, folder.split("/")))
        for depth, part in enumerate(parts, 1):
            found = next((entry for entry in entries if entry.path == part), None)
            if found is None:
                return ()
            if found.kind != "folder":
                # A file has nothing in it; but a link on the way must be seen, not read as "nothing there".
                hides_nothing = found.kind == "file" and depth < len(parts)
                return () if hides_nothing else (_below(above, found),)
            entries, above = self._tree(found.digest), f"{above}{part}/"
        return tuple(_below(above, entry) for entry in entries)

    def content(self, file: ListedFile) -> bytes:
        """The bytes of a listed file. Raises `Refused` if they are not those that were listed."""
        if file.kind != "file":
            raise Refused(f"{plain(file.path)!r} is a {file.kind}, not a file", "put a regular file there")
        reply = self._client.call(Call(READ_BLOB, self._repository, {"file_sha": file.digest}))
        content = _decoded(reply)
        # git's name of a blob; here to compare with git's own, not for security
        name = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        if (len(content), name) != (file.size, file.digest):
            raise Refused(
                f"what GitHub sent for {plain(file.path)!r} is not what it listed ({len(content)} bytes, {name})",
                "run it again; if it stays so, something between changes what GitHub says",
            )
        return content

    def merge_base(self, tip: str, head: str) -> str:
        """The newest commit that both have in their history."""
        # The second page has none of the changed files, which the first one lists: the answer stays small.
        query = {"per_page": 1, "page": 2}
        reply = self._client.call(Call(COMPARE, self._repository, {"basehead": f"{tip}...{head}"}, query))
        return reply["merge_base_commit"]["sha"].sha()

    def _tree(self, name: str) -> tuple[ListedFile, ...]:
        """The entries of a tree, by their bare names and in order of them. `name` is its own digest or a commit's."""
        if name not in self._trees:
            reply = self._client.call(Call(READ_TREE, self._repository, {"tree_sha": name}))
            if reply["truncated"].flag():
                raise CouldNotFinish(
                    f"GitHub lists only a part of the folder {name}: it holds too many files", "move files out of it"
                )
            self._trees[name] = tuple(sorted(_entry(item) for item in reply["tree"]))
        return self._trees[name]


def _below(above: str, entry: ListedFile) -> ListedFile:
    return replace(entry, path=f"{above}{entry.path}")


def _entry(item: Reply) -> ListedFile:
    name, mode = item["path"].text(), item["mode"].text()
    kind = KINDS.get(mode)
    if kind is None:
        raise CouldNotFinish(
            f"GitHub lists {plain(name)!r} with the mode {plain(mode, 20)!r}, which git does not have", "try again"
        )
    size = 0 if item["size"].is_null else item["size"].number()  # folders and submodules have none
    return ListedFile(name, kind, size, item["sha"].sha())


def _decoded(reply: Reply) -> bytes:
    content, encoding = reply["content"].text(), reply["encoding"].text()
    try:
        if encoding != "base64":
            raise ValueError(encoding)
        return base64.b64decode(content.replace("\n", ""), validate=True)
    except ValueError:
        raise CouldNotFinish(f"GitHub's answer to {reply.call} is not in base64", "try again") from None


def _from_fork(reply: Reply) -> bool:
    head = reply["head"]["repo"]
    if head.is_null:  # the fork has been deleted
        return True
    return head["full_name"].text().lower() != reply["base"]["repo"]["full_name"].text().lower()


def _is_open(reply: Reply) -> bool:
    return reply["state"].text() == "open"
