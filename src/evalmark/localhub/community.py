"""The discussions of all repos, on the disk.

A file for each, written whole and then put in the place of the old one: a crash leaves the old or the new discussion,
a person can read them, and a write costs one small file. A data base would buy nothing here: all writes to a repo's
discussions happen under that repo's lock, and the only question asked is for the discussions of one repo.
"""

import threading
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from evalmark.errors import CouldNotFinish
from evalmark.localhub.discussion import Discussion
from evalmark.localhub.files import replace_file
from evalmark.localhub.names import RepoId

_FORMAT = TypeAdapter(Discussion)


class Community:
    """Discussions by repo and number. Safe for threads that hold the repo's lock when they write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[RepoId, dict[int, Discussion]] = {}
        self._lock = threading.Lock()

    def of(self, repo: RepoId) -> tuple[Discussion, ...]:
        """All that are stored. Raises `CouldNotFinish` if a file is damaged."""
        return tuple(self._numbered(repo).values())

    def get(self, repo: RepoId, number: int) -> Discussion | None:
        """The one with that number, or None. Raises `CouldNotFinish` if a file is damaged."""
        return self._numbered(repo).get(number)

    def save(self, repo: RepoId, discussion: Discussion) -> None:
        """Keep a discussion; it is on the disk when this returns."""
        replace_file(self._place(repo) / f"{discussion.number}.json", _FORMAT.dump_json(discussion, indent=1))
        numbered = self._numbered(repo)
        with self._lock:
            self._known[repo] = {**numbered, discussion.number: discussion}

    def _numbered(self, repo: RepoId) -> dict[int, Discussion]:
        with self._lock:
            if repo not in self._known:
                found = _read(sorted(self._place(repo).glob("*.json")))
                self._known[repo] = {discussion.number: discussion for discussion in found}
            return self._known[repo]

    def _place(self, repo: RepoId) -> Path:
        return self._folder / repo.kind / repo.name


def _read(files: Iterable[Path]) -> list[Discussion]:
    found = []
    for file in files:
        try:
            found.append(_FORMAT.validate_json(file.read_bytes()))
        except (OSError, ValidationError) as problem:
            raise CouldNotFinish(
                f"{file} is no discussion of a local Hub", "take it away, and the discussion is gone; the rest works"
            ) from problem
    return found
