"""A pull request as its host tells it, and what is said on it: plain data for the core."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

FileKind = Literal["file", "symlink", "submodule", "folder"]
StatusState = Literal["error", "failure", "pending", "success"]
HowFar: TypeAlias = Literal["open", "merged", "closed"]
COMMIT: Final = re.compile(r"[0-9a-f]{40}")
"""A commit's full name, in lower case."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request at the moment it was read.

    `base` is the commit where its branch left the target, so that what the target did since is not taken for a change
    of the pull request; `target` is the newest commit of the target. All commits are 40 hex digits.
    """

    number: int
    head: str
    base: str
    target: str
    from_fork: bool
    is_open: bool = True


@dataclass(frozen=True, slots=True, order=True)
class OpenPullRequest:
    """A pull request that waits for its end, and its newest commit."""

    number: int
    head: str


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """A pull request of ours that somebody else (`by`) closed, and its newest commit."""

    number: int
    head: str
    by: str


@dataclass(frozen=True, slots=True)
class PullState:
    """How far a pull request is."""

    number: int
    state: HowFar


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pull request ended: when and by whom, as far as its host tells."""

    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, order=True)
class ListedFile:
    """A file of a commit as it is listed, before anything of it is read: `path` from the root, size in bytes."""

    path: str
    kind: FileKind
    size: int
    digest: str
    """Names the content: the same digest, the same bytes."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request, by the name that its host gives it. The body is foreign unless the author is us."""

    id: str
    author: str
    body: str
    url: str = ""
    edited_by: str = ""
    """Who has changed it last, where the host tells."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a commit's status says. The description has at most 140 characters."""

    context: str
    state: StatusState
    description: str
    url: str = ""
