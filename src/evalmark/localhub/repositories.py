"""The repos of this Hub: where each is read, and the private copy in which it is written."""

import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from evalmark.localhub.folder import open_repository
from evalmark.localhub.names import Kind, RepoId, is_repo_name
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.writing import Signature, copy_repository, init_bare, make_commit, move_ref

_KINDS: tuple[Kind, ...] = ("models", "datasets", "spaces")
_FIRST_COMMIT = "initial commit"


class Repositories(Mapping[RepoId, GitRepository]):
    """Repos by their id.

    A bare git repository is written where it is. A folder or a work tree is never written: at its first write it
    continues as a bare copy in `folder`, and from then on the copy is what is served, also after a restart.
    Repos that were made over the API are in `folder` from the beginning.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[RepoId, GitRepository] = {}
        self._retired: list[GitRepository] = []
        self._locks: dict[RepoId, threading.RLock] = {}
        self._lock = threading.Lock()

    def __getitem__(self, repo: RepoId) -> GitRepository:
        return self._open[repo]

    def __iter__(self) -> Iterator[RepoId]:
        return iter(tuple(self._open))

    def __len__(self) -> int:
        return len(self._open)

    def open(self, sources: Mapping[RepoId, Path], scratch: Path) -> None:
        """Open the sources and the repos of `folder`; plain folders are imported below `scratch`."""
        for number, (repo, source) in enumerate(sorted(sources.items())):
            self._open[repo] = open_repository(source.absolute(), scratch / f"{number}.git")
        for repo in self._kept():
            before = self._open.get(repo)
            if before is not None:
                self._retired.append(before)
            self._open[repo] = self._continued(before, repo)

    def close(self) -> None:
        """End the git processes behind all repos."""
        for repository in [*self._open.values(), *self._retired]:
            repository.close()

    def lock(self, repo: RepoId) -> AbstractContextManager[object]:
        """Held by whoever writes to a repo or to its discussions."""
        with self._lock:
            return self._locks.setdefault(repo, threading.RLock())

    def writable(self, repo: RepoId) -> GitRepository:
        """The repo where it may be written; the caller holds its lock."""
        repository = self._open[repo]
        if repository.ours:
            return repository
        partial = self._place(repo).with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        copy_repository(repository.git_dir, partial)
        partial.rename(self._place(repo))
        self._retired.append(repository)
        self._open[repo] = self._continued(repository, repo)
        return self._open[repo]

    def create(self, repo: RepoId, by: Signature) -> bool:
        """Make a repo with an empty first commit; whether there was none of that name."""
        with self.lock(repo):
            if repo in self._open:
                return False
            partial = self._place(repo).with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            init_bare(partial)
            move_ref(partial, "refs/heads/main", make_commit(partial, None, (), by, _FIRST_COMMIT), None)
            partial.rename(self._place(repo))
            self._open[repo] = self._continued(None, repo)
        return True

    def _continued(self, before: GitRepository | None, repo: RepoId) -> GitRepository:
        place = self._place(repo)
        return before.continued_in(place) if before is not None else GitRepository(place, ours=True)

    def _place(self, repo: RepoId) -> Path:
        return self._folder / repo.kind / f"{repo.name}.git"

    def _kept(self) -> list[RepoId]:
        """The repos that are in `folder`."""
        places = ((kind, place) for kind in _KINDS for place in sorted((self._folder / kind).glob("*/*.git")))
        names = ((kind, f"{place.parent.name}/{place.name.removesuffix('.git')}") for kind, place in places)
        return [RepoId(kind, name) for kind, name in names if is_repo_name(name)]
