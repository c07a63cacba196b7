"""A Hub of which only the allowed benchmarks are asked for, each at the commit that may run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ModelFacts
from evalmark.plan.allowed import Allowed, allowed_ref
from evalmark.ports import BenchmarkFiles, Boards, Hub


class HubWithBoards(Hub, Boards, Protocol):
    """A Hub, with its leaderboards."""


@dataclass(frozen=True, slots=True)
class OnlyAllowed:
    """A `Hub` that knows the benchmarks of a list and no others; their boards come from `boards`.

    `mains` has the commit that stands for main, by benchmark, where that is settled already.
    """

    hub: Hub
    boards: Boards
    allowed: Allowed
    mains: Mapping[str, str] = field(default_factory=dict)

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Read an allowed benchmark; of any other say what would allow it."""
        where = allowed_ref(ref, self.allowed)
        if isinstance(where, BenchmarkMissing):
            return where
        revision = where.revision or self.mains.get(where.dataset_id)
        return self.hub.benchmark(BenchmarkRef(where.dataset_id, revision))

    def model(self, name: str, revision: str) -> ModelFacts:
        """Look a model repo up."""
        return self.hub.model(name, revision)

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        """A leaderboard; it is asked for after its benchmark was found, so it is one of the allowed."""
        return self.boards.board(dataset_id)
