"""Ranking: who is better than whom on one board, as far as the numbers say.

A row's rank is one more than the number of rows that are surely better: whose whole interval lies on the better side
of its own. So rows whose intervals overlap share what cannot be told apart, as in the "rank (upper bound)" of Chatbot
Arena (Chiang et al. 2024, arXiv:2403.04132, section 4). A claim that nobody reran has no interval but its own value.
A claim that a rerun contradicted has no rank.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
class BoardRow:
    """A claim and its place among those that the filter lets through."""

    rank: int | None
    tied: bool
    claim: ClaimRecord


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Rows of a board, and how many there are in all."""

    task: TaskRecord
    rows: tuple[BoardRow, ...]
    total: int


def ranked(rows: Iterable[Scored], *, lower_is_better: bool = False) -> tuple[Placed, ...]:
    """Rows in the order of a board: by rank, then score, then name; the contradicted last, by score."""
    upwards = [_upwards(row) for row in rows] if lower_is_better else list(rows)
    lows = sorted(row.low for row in upwards if not row.contradicted)
    count = len(lows) + 1
    places = sorted(
        (count - bisect_right(lows, row.high), -row.score, row.model, row.id) for row in upwards if not row.contradicted
    )
    ranks = [place[0] for place in places]
    around = zip(places, (0, *ranks), (*ranks[1:], 0), strict=False)
    placed = [Placed(name, model, rank, rank in (before, after)) for (rank, _, model, name), before, after in around]
    out = sorted((-row.score, row.model, row.id) for row in upwards if row.contradicted)
    return (*placed, *(Placed(name, model, None, tied=False) for _, model, name in out))


def best_of_each(rows: Sequence[Scored], *, lower_is_better: bool = False) -> tuple[Scored, ...]:
    """One row a model: its best score that was not contradicted; of a model without one, its best score."""
    upwards = [_upwards(row) for row in rows] if lower_is_better else rows
    order = sorted((row.contradicted, -row.score, row.model, row.id, at) for at, row in enumerate(upwards))
    best: dict[str, Scored] = {}
    for *_, at in order:
        best.setdefault(rows[at].model, rows[at])
    return tuple(best.values())


def in_unit(value: float, unit: Unit | str | None, board: Unit | str | None) -> float:
    """A score in the unit of its board; as it is where one of the two is unknown."""
    if unit is None or board is None or unit == board:
        return value
    return value * SCALES[board] / SCALES[unit]


def _upwards(row: Scored) -> Scored:
    """The same with higher scores for better ones."""
    return row._replace(score=-row.score, low=-row.high, high=-row.low)
