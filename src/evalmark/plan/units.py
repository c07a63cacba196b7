"""In which unit a leaderboard counts, where the benchmark does not declare it."""

from collections.abc import Sequence
from statistics import median

from evalmark.facts import BoardRow
from evalmark.formats.declaration import Unit

# So many scores say what the unit of a board is.
FEWEST_ROWS = 3


def unit_of_board(rows: Sequence[BoardRow]) -> Unit | None:
    """`fraction` if no score is above 1, `percent` if half of them are; None if the board does not say."""
    values = [abs(row.value) for row in rows]
    if len(values) < FEWEST_ROWS or max(values) == 0:
        return None
    if max(values) <= 1:
        return "fraction"
    return "percent" if median(values) > 1 else None
