"""Questions to the store: which records, in which order, how many. No SQL here, and no ranking there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from evalmark.board import RUNGS

Op: TypeAlias = Literal["=", "in", ">=", "<=", "contains", "is null", "is not null"]
PAGE: Final = 100
MOST_ROWS: Final = 1000
"""The longest page that anybody gets."""


class Condition(NamedTuple):
    """What a column must be. `contains` looks for a part, whatever its case."""

    column: str
    op: Op
    value: object = None


Where: TypeAlias = tuple[Condition, ...]


class Page(NamedTuple):
    """Which part of an answer; `limit` None: all of it."""

    offset: int = 0
    limit: int | None = None


WHOLE: Final = Page()


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which claims of a board. `since` is about their last change; sizes are parameters, both ends included."""

    verified: bool = False
    signed: bool = False
    min_rung: str | None = None
    owner: str | None = None
    since: datetime | None = None
    smallest: int | None = None
    largest: int | None = None
    base_only: bool = False
    search: str | None = None
    best: bool = False
    """One row a model; chosen among those that the rest lets through."""

    @property
    def conditions(self) -> Where:
        """All but `best`, which is a matter of ranking."""
        found = [
            (self.verified, Condition("verdict", "=", "verified")),
            (self.verified, Condition("stale", "is null")),
            (self.signed, Condition("receipt", "=", "valid")),
            (self.min_rung is not None, Condition("strength", ">=", _strength(self.min_rung))),
            (self.owner is not None, Condition("owner", "=", self.owner)),
            (self.since is not None, Condition("changed_at", ">=", self.since)),
            (self.smallest is not None, Condition("parameters", ">=", self.smallest)),
            (self.largest is not None, Condition("parameters", "<=", self.largest)),
            (self.base_only, Condition("base_model", "is null")),
            (self.search is not None, Condition("model", "contains", self.search)),
        ]
        return tuple(condition for wanted, condition in found if wanted)


def of_board(dataset_id: str, task_id: str) -> Where:
    """The claims of one board."""
    return Condition("dataset_id", "=", dataset_id), Condition("task_id", "=", task_id)


def _strength(rung: str | None) -> int:
    return RUNGS.index(rung) if rung in RUNGS else 0
