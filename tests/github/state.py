"""What the fake GitHub remembers: repos with pull requests, comments and statuses, and who may do what."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.github.objects import Content, Objects

JOB = "github-actions[bot]"


@dataclass(frozen=True, slots=True)
class Token:
    """Whom a token speaks for, and what it may do: `{"contents": "read"}`."""

    rights: Mapping[str, str]
    user: str | None

    @property
    def login(self) -> str:
        """Who it writes as."""
        return self.user or JOB

    @property
    def is_bot(self) -> bool:
        """Whether it belongs to a job and not to a person."""
        return self.user is None

    def may(self, wanted: tuple[str, ...]) -> bool:
        """Whether it has one of the rights, such as `contents: read`. Who may write may read."""
        return any(self._has(*right.split(": ")) for right in wanted)

    def _has(self, subject: str, level: str) -> bool:
        return self.rights.get(subject) in {"read": ("read", "write"), "write": ("write",)}[level]


@dataclass(slots=True)
class StoredComment:
    """A comment. An author of `""` is an account that has been deleted."""

    id: int
    number: int
    author: str
    body: str
    bot: bool
    created: str


@dataclass(frozen=True, slots=True)
class StoredStatus:
    """A status of a commit."""

    id: int
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: str

    @property
    def url(self) -> str:
        """Where it leads; empty if it was not said."""
        return self.target_url or ""


@dataclass(slots=True)
class Pull:
    """A pull request: tips of both branches, and where the head's repo is (None: it has been deleted)."""

    number: int
    head: str
    base: str
    head_repository: str | None
    is_open: bool = True
    merged_at: str | None = None
    closed_at: str | None = None
    merge_commit: str | None = None


@dataclass
class Repo:
    """A repo. Commits of its forks lie in the same store, as GitHub does it."""

    name: str
    ids: Iterator[int]
    private: bool = False
    objects: Objects = field(default_factory=Objects)
    pulls: dict[int, Pull] = field(default_factory=dict)
    stored_comments: dict[int, StoredComment] = field(default_factory=dict)
    statuses: dict[str, list[StoredStatus]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def commit(self, changes: Mapping[str, Content | None], parent: str | None = None) -> str:
        """Store a commit: all its files, or what changes against its parent (None removes). Its sha."""
        return self.objects.commit(changes, parent)

    def pull_request(self, head: str, base: str, fork: str | None = None) -> int:
        """Open a pull request. `base` is the tip of the target branch; `fork` is the head's repo, if another."""
        number = next(self.numbers)
        self.pulls[number] = Pull(number, head, base, fork or self.name)
        return number

    def move_head(self, number: int, sha: str) -> None:
        """Push to the pull request's branch."""
        self.pulls[number].head = sha

    def move_base(self, number: int, sha: str) -> None:
        """Push to the target branch."""
        self.pulls[number].base = sha

    def close(self, number: int) -> None:
        """Close a pull request."""
        self.pulls[number].is_open = False

    def delete_fork(self, number: int) -> None:
        """Delete the repo that a pull request comes from."""
        self.pulls[number].head_repository = None

    def comments(self, number: int) -> list[StoredComment]:
        """The comments on a pull request, oldest first."""
        return [comment for comment in self.stored_comments.values() if comment.number == number]

    def add_comment(
        self, number: int, author: str, body: str, bot: bool = False, created: str = "2026-01-01T00:00:00Z"
    ) -> StoredComment:
        """Let somebody comment."""
        comment = StoredComment(next(self.ids), number, author, body, bot, created)
        self.stored_comments[comment.id] = comment
        return comment
