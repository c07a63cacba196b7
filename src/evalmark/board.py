"""Ranking: who is better than whom on one board, as far as the numbers say.

A row's rank is one more than the number of rows that are surely better: whose whole interval lies on the better side
of its own. So rows whose intervals overlap share what cannot be told apart, as in the "rank (upper bound)" of Chatbot
Arena (Chiang et al. 2024, arXiv:2403.04132, section 4). A claim that nobody reran has no interval but its own value.
A claim that a rerun contradicted has no rank.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from evalmark.formats.declaration import Unit
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


@dataclass(frozen=True, slots=True)
class Placed:
    """A claim's place. `rank` is None for a contradicted one; `tied` if another row has the same rank."""

    id: str
    model: str
    rank: int | None
    tied: bool


def ranked(rows: Iterable[Scored], *, lower_is_better: bool = False) -> tuple[Placed, ...]:
    """Rows in the order of a board: by rank, then score, then name; the contradicted last, by score."""
    upwards = [_upwards(row) for row in rows] if lower_is_better else list(rows)
    sound = [row for row in upwards if not row.contradicted]
    lows = sorted(row.low for row in sound)
    places = [(len(lows) - bisect_right(lows, row.high) + 1, row) for row in sound]
    places.sort(key=_order)
    ranks = [rank for rank, _ in places]
    placed = [Placed(row.id, row.model, rank, _is_shared(ranks, rank)) for rank, row in places]
    out = sorted((row for row in upwards if row.contradicted), key=_by_score)
    return (*placed, *(Placed(row.id, row.model, None, tied=False) for row in out))


def best_of_each(rows: Sequence[Scored], *, lower_is_better: bool = False) -> tuple[Scored, ...]:
    """One row a model: its best score that was not contradicted; of a model without one, its best score."""
    best: dict[str, Scored] = {}
    for row in sorted(rows, key=lambda row: _preferred(_upwards(row) if lower_is_better else row)):
        best.setdefault(row.model, row)
    return tuple(best.values())


def in_unit(value: float, unit: Unit | str | None, board: Unit | str | None) -> float:
    """A score in the unit of its board; as it is where one of the two is unknown."""
    if unit is None or board is None or unit == board:
        return value
    return value * SCALES[board] / SCALES[unit]


def _upwards(row: Scored) -> Scored:
    """The same with higher scores for better ones."""
    return row._replace(score=-row.score, low=-row.high, high=-row.low)


def _order(place: tuple[int, Scored]) -> tuple[object, ...]:
    return (place[0], *_by_score(place[1]))


def _by_score(row: Scored) -> tuple[object, ...]:
    return -row.score, row.model, row.id


def _preferred(row: Scored) -> tuple[object, ...]:
    return row.contradicted, *_by_score(row)


def _is_shared(ranks: Sequence[int], rank: int) -> bool:
    """Whether several rows have this rank; `ranks` is in order."""
    return bisect_right(ranks, rank) - bisect_left(ranks, rank) > 1
