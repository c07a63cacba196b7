"""Ranking: who is better than whom on one board, as far as the numbers say.

A row's rank is one more than the number of rows that are surely better: whose whole interval lies on the better side
of its own. So rows whose intervals overlap share what cannot be told apart, as in the "rank (upper bound)" of Chatbot
Arena (Chiang et al. 2024, arXiv:2403.04132, section 4). A claim that nobody reran has no interval but its own value.
A claim that a rerun contradicted has no rank.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import eq, neg, or_
from typing import Final, NamedTuple

from evalmark.formats.declaration import Unit
from evalmark.record import ClaimRecord, TaskRecord
from evalmark.verdict import Rung

RUNGS: Final = tuple(rung.value for rung in Rung)
SCALES: Final[dict[str, int]] = {"fraction": 1, "percent": 100}


class Scored(NamedTuple):
    """What ranking looks at of a claim; scores are in the unit of the board."""

    id: str
    model: str
    score: float
    low: float
    high: float
    contradicted: bool = False


class Placed(NamedTuple):
    """A claim's place. `rank` is None for a contradicted one; `tied` if another row has the same rank."""

    id: str
    model: str
    rank: int | None
    tied: bool


class Placement(NamedTuple):
    """Where a claim stands on the board of all claims: its row from 1, its rank, and whether others have the same."""

    id: str
    place: int
    rank: int | None
    tied: bool


@dataclass(frozen=True, slots=True)
class RankedClaim:
    """A claim and its place among those that the filter lets through."""

    rank: int | None
    tied: bool
    claim: ClaimRecord


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Rows of a board, and how many there are in all."""

    task: TaskRecord
    rows: tuple[RankedClaim, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a row stands among others, from nothing but their intervals.

    Of a board with tens of thousands of rows, a page needs no more of the others. Higher is better; contradicted rows
    are not in it; both sequences go upwards.
    """

    lows: Sequence[float]
    highs: Sequence[float]

    def place(self, high: float) -> tuple[int, bool]:
        """The rank of a row with this upper end, and whether another row has it too."""
        first, behind = self._same_rank(high)
        return len(self.lows) - bisect_right(self.lows, high) + 1, behind - first > 1

    def reach(self, start: int, end: int) -> tuple[float, float, int]:
        """Between which upper ends the rows `start` to `end` of the board are, and how many rows are before the first.

        All rows of a rank are within or none, for their order is not known here. `start` must be a row.
        """
        count = len(self.highs)
        _, behind = self._same_rank(self.highs[count - 1 - start])
        first, _ = self._same_rank(self.highs[max(0, count - end)])
        return self.highs[first], self.highs[behind - 1], count - behind

    def _same_rank(self, high: float) -> tuple[int, int]:
        """The part of `highs` whose rank is the same: no lower end is between them."""
        at = bisect_right(self.lows, high)
        first = bisect_left(self.highs, self.lows[at - 1]) if at else 0
        behind = bisect_left(self.highs, self.lows[at]) if at < len(self.lows) else len(self.highs)
        return first, behind


def standing(spans: Iterable[tuple[float, float]], *, lower_is_better: bool = False) -> Standing:
    """From the intervals of all rows, lower end first."""
    lows, highs = array("d"), array("d")
    for low, high in spans:
        lows.append(-high if lower_is_better else low)
        highs.append(-low if lower_is_better else high)
    return Standing(array("d", sorted(lows)), array("d", sorted(highs)))


def ranked(rows: Iterable[Scored], *, lower_is_better: bool = False) -> tuple[Placed, ...]:
    """Rows in the order of a board: by rank, then score, then name; the contradicted last, by score."""
    upwards = [_upwards(row) for row in rows] if lower_is_better else list(rows)
    sound = [row for row in upwards if not row.contradicted]
    out = sorted((-row.score, row.model, row.id) for row in upwards if row.contradicted)
    return (*_placed(sound), *(Placed(name, model, None, tied=False) for _, model, name in out))


def _placed(rows: Sequence[Scored]) -> Iterable[Placed]:
    """Column by column: a board of tens of thousands of rows is ranked while somebody waits."""
    if not rows:
        return ()
    ids, models, scores, lows, highs, _ = zip(*rows, strict=True)
    order = sorted(lows)
    places = sorted(
        zip((len(order) - bisect_right(order, high) + 1 for high in highs), map(neg, scores), models, ids, strict=True)
    )
    ranks, _, models, ids = zip(*places, strict=True)
    tied = map(or_, map(eq, ranks, (0, *ranks)), map(eq, ranks, (*ranks[1:], 0)))
    return map(tuple.__new__, repeat(Placed), zip(ids, models, ranks, tied, strict=True))


def best_of_each(rows: Sequence[Scored], *, lower_is_better: bool = False) -> tuple[Scored, ...]:
    """One row a model: its best score that was not contradicted; of a model without one, its best score."""
    if not rows:
        return ()
    upwards = [_upwards(row) for row in rows] if lower_is_better else rows
    ids, models, scores, _, _, contradicted = zip(*upwards, strict=True)
    best: dict[str, int] = {}
    for _, _, model, _, at in sorted(zip(contradicted, map(neg, scores), models, ids, range(len(rows)), strict=True)):
        best.setdefault(model, at)
    return tuple(rows[at] for at in best.values())


def in_unit(value: float, unit: Unit | str | None, board: Unit | str | None) -> float:
    """A score in the unit of its board; as it is where one of the two is unknown."""
    if unit is None or board is None or unit == board:
        return value
    return value * SCALES[board] / SCALES[unit]


def _upwards(row: Scored) -> Scored:
    """The same with higher scores for better ones."""
    return row._replace(score=-row.score, low=-row.high, high=-row.low)
