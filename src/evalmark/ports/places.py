"""Places that claims are collected from, and the commits of their repos."""

from collections.abc import Mapping
from typing import Final, Protocol

from evalmark.facts import RefusedFile, ShownScore
from evalmark.formats.text import LARGEST_FILE
from evalmark.history import Heads, RepoName, Version
from evalmark.review import Ending

MOST_FILES: Final = 100
RECEIPTS_FOLDER: Final = ".evalmark/receipts"
LARGEST_RECEIPT: Final = 1 << 17
"""Of its file, in bytes."""


class Commits(Protocol):
    """The commits of a repo that reports scores. All raise `CouldNotFinish` if they cannot be read."""

    def refs(self) -> Mapping[str, str]:
        """Branches (`refs/heads/main`) and pull requests (`refs/pr/3`, `refs/pull/3`), each with its commit."""

    def merge_base(self, ours: str, theirs: str) -> str | None:
        """The newest commit that both have in their history, or None."""

    def branched_at(self, line: str, branch: str) -> str | None:
        """The newest commit that both had before the branch was merged into the line, if it was; or None."""

    def versions(self, tip: str, since: str | None = None) -> tuple[Version, ...]:
        """The results files after each commit that changed them, oldest first, along the line of the branch itself.

        With `since` only commits that are not in its history.
        """

    def version(self, commit: str) -> Version:
        """The results files at a commit."""

    def file(self, commit: str, path: str, most: int = LARGEST_FILE) -> bytes | None:
        """A file at a commit; None if it is not there, has over `most` bytes, or is no file."""

    def folder(
        self, commit: str, path: str, largest: int = LARGEST_FILE, most: int = MOST_FILES
    ) -> Mapping[str, bytes]:
        """The files directly in a folder at a commit, bytes by path: the first `most`, without larger ones."""

    def weights(self, commit: str) -> str | None:
        """A digest that changes with the weights files; None if there are none, or the commit is not known."""

    def lost(self, commits: frozenset[str]) -> frozenset[str]:
        """Those of the commits that no branch or pull request has in its history any more."""


class Place(Protocol):
    """A repo that can be collected. All raise what `Reviews` raises."""

    @property
    def name(self) -> RepoName:
        """Which repo, and which model it is about."""

    def heads(self) -> Heads:
        """What its refs are at: the cheap question that comes first."""

    def commits(self) -> Commits | None:
        """Its commits, fetched; None for a folder without any."""

    def files(self) -> Mapping[str, bytes]:
        """Its results files as they lie there, where there are no commits."""

    def receipts(self) -> Mapping[str, bytes]:
        """Its receipts as they lie there, where there are no commits."""

    def ending(self, number: int) -> Ending:
        """How a pull request ended."""

    def parameters(self) -> int | None:
        """How many parameters the model's weights have, if its host tells."""

    def shown(self) -> tuple[ShownScore | RefusedFile, ...]:
        """What its host shows of its scores; nothing where it shows none."""
