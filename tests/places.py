"""Repos to collect from, for tests: real git on this machine, and a host that tells what it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from evalmark.adapters.git import GitCommits, checkout
from evalmark.errors import CouldNotFinish, EvalmarkError
from evalmark.facts import RefusedFile, ShownScore
from evalmark.history import Heads, RepoName
from evalmark.review import Ending, PullState
from tests.acceptance.score_world import GitRepo


@dataclass
class HostedRepo:
    """A git repo as a host shows it. `trouble` is what every question is answered with."""

    repo: GitRepo
    name: RepoName
    states: tuple[PullState, ...] = ()
    endings: Mapping[int, Ending] = field(default_factory=dict)
    rows: tuple[ShownScore | RefusedFile, ...] = ()
    trouble: EvalmarkError | None = None
    collected: int = 0

    def heads(self) -> Heads:
        if self.trouble is not None:
            raise self.trouble
        return Heads(self._git().refs(), self.states)

    def commits(self) -> GitCommits:
        self.collected += 1
        return self._git()

    def files(self) -> Mapping[str, bytes]:
        return {}

    def receipts(self) -> Mapping[str, bytes]:
        return {}

    def ending(self, number: int) -> Ending:
        return self.endings.get(number, Ending())

    def parameters(self) -> int | None:
        return 135_000_000

    def shown(self) -> tuple[ShownScore | RefusedFile, ...]:
        return self.rows

    def _git(self) -> GitCommits:
        found = checkout(self.repo.folder)
        if found is None:
            raise CouldNotFinish(f"{self.repo.folder} is no repo", "make it one")
        return found


@dataclass
class LooseFiles:
    """Results files and receipts without any history."""

    name: RepoName
    results: dict[str, bytes] = field(default_factory=dict)
    signed: dict[str, bytes] = field(default_factory=dict)

    def heads(self) -> Heads:
        return Heads({"HEAD": f"{hash((*self.results.items(), *self.signed.items())):x}"})

    def commits(self) -> None:
        return None

    def files(self) -> Mapping[str, bytes]:
        return dict(self.results)

    def receipts(self) -> Mapping[str, bytes]:
        return dict(self.signed)

    def ending(self, number: int) -> Ending:
        raise AssertionError(f"there is no pull request {number} outside git")

    def parameters(self) -> None:
        return None

    def shown(self) -> tuple[ShownScore | RefusedFile, ...]:
        return ()
