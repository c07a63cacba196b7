"""What may be called what: repo ids, revisions and paths inside a repo. Pure."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from evalmark.errors import UsageProblem

Kind = Literal["models", "datasets", "spaces"]

_REPO_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][A-Za-z0-9_.-]*")
_COMMIT_SHA = re.compile(r"[0-9a-f]{40}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SERVED_REF = re.compile(r"refs/(heads|tags|convert|pr)/.+")
# What git itself forbids in a ref; `^`, `~`, `:` and `@{` would otherwise be revision operators.
_NOT_IN_A_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|[/.]$")


@dataclass(frozen=True, order=True)
class RepoId:
    """A repo of the Hub: its kind, and its name as `owner/name`. Raises `UsageProblem` for any other name."""

    kind: Kind
    name: str

    def __post_init__(self) -> None:
        """Refuse names that cannot be part of a URL of the Hub."""
        if not is_repo_name(self.name):
            raise UsageProblem(
                f"{self.name!r} is not the name of a Hub repo",
                "write owner/name, each of letters, digits, `-`, `_` and `.`, starting with a letter, a digit or `_`",
            )

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def hub_id(kind: str, name: str) -> str:
    """The id of a repo or a person, 24 hex digits, the same everywhere: webhooks carry ids in the place of names."""
    return hashlib.sha256(f"evalmark localhub {kind} {name}".encode()).hexdigest()[:24]


def is_repo_name(name: str) -> bool:
    """Whether `name` is `owner/name` in the Hub's alphabet, without `..`."""
    return _REPO_NAME.fullmatch(name) is not None and ".." not in name


def is_commit_sha(revision: str) -> bool:
    """Whether `revision` is a full commit sha: 40 lower-case hexadecimal digits."""
    return _COMMIT_SHA.fullmatch(revision) is not None


def refs_that_may_be_meant(revision: str) -> tuple[str, ...]:
    """The full refs that a revision can stand for, best first; empty if no ref may have that name.

    >>> refs_that_may_be_meant("refs/pr/1")
    ('refs/pr/1',)
    >>> refs_that_may_be_meant("v1.0")
    ('refs/heads/v1.0', 'refs/tags/v1.0')
    >>> refs_that_may_be_meant("--output=/etc/passwd")
    ()
    """
    if not revision or revision[0] in "-./" or _NOT_IN_A_REF.search(revision) or not is_text(revision):
        return ()
    if revision.startswith("refs/"):
        return (revision,) if _SERVED_REF.fullmatch(revision) else ()
    return (f"refs/heads/{revision}", f"refs/tags/{revision}")


def is_entry_path(path: str) -> bool:
    """Whether `path` stays inside a repo: relative, no part is empty, `.`, `..` or `.git`, no backslash or control."""
    parts = path.split("/")
    if any(part in {"", ".", ".."} or part.lower() == ".git" for part in parts):
        return False
    return "\\" not in path and is_text(path)


def is_text(text: str) -> bool:
    """Whether `text` can be written as UTF-8 and holds no control character, such as NUL or a line break."""
    return _CONTROL.search(text) is None
