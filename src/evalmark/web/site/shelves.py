"""Records by what pages look them up by, read once: for whoever makes all pages, where a question each is slow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, TypeVar

from evalmark.board import Scored
from evalmark.ports import Records
from evalmark.query import WHOLE, Page, Where
from evalmark.record import (
    ClaimRecord,
    DisputeRecord,
    EventRecord,
    FindingRecord,
    ModelRecord,
    ReceiptRecord,
    Record,
    VerdictRecord,
)

R = TypeVar("R", bound=Record)
MOST: Final = 100_000
"""Of a longer table nothing is kept; it is asked each time."""
SHELVED: Final[Mapping[type[Record], tuple[str, ...]]] = {
    ClaimRecord: ("id", "model", "base_model"),
    DisputeRecord: ("model",),
    EventRecord: ("claim", "model"),
    FindingRecord: ("repo",),
    ModelRecord: ("model",),
    ReceiptRecord: ("claim", "model"),
    VerdictRecord: ("claim",),
}


class Shelves:
    """The same records, as they are at the first question. Not for several threads."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._tables: dict[type[Record], tuple[Any, ...] | None] = {}
        self._shelves: dict[tuple[type[Record], str], Mapping[object, Sequence[Any]]] = {}

    @property
    def version(self) -> str:
        """Names the content."""
        return self._records.version

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        """Records that meet all conditions."""
        shelf = self._shelf(kind, where)
        if shelf is None:
            return self._records.find(kind, where, order, page)
        found = [row for row in shelf if all(getattr(row, each.column) == each.value for each in where)]
        for name in reversed(order):
            found = _sorted(found, name)
        end = None if page.limit is None else page.offset + page.limit
        return tuple(found[page.offset : end])

    def count(self, kind: type[Record], where: Where = ()) -> int:
        """How many meet all conditions."""
        return self._records.count(kind, where)

    def scored(self, where: Where, order: tuple[str, ...] = ()) -> list[Scored]:
        """Of claims only what ranking looks at."""
        return self._records.scored(where, order)

    def spans(self, where: Where) -> list[tuple[float, float]]:
        """Of claims only the ends of their intervals, lower first."""
        return self._records.spans(where)

    def _shelf(self, kind: type[Record], where: Where) -> Sequence[Any] | None:
        """The rows with the value that the first condition wants; None if they are not kept."""
        if not where or any(each.op != "=" for each in where) or where[0].column not in SHELVED.get(kind, ()):
            return None
        table, column = self._table(kind), where[0].column
        if table is None:
            return None
        if (kind, column) not in self._shelves:
            made = defaultdict(list)
            for row in table:
                made[getattr(row, column)].append(row)
            self._shelves[kind, column] = dict(made)
        return self._shelves[kind, column].get(where[0].value, ())

    def _table(self, kind: type[Record]) -> tuple[Any, ...] | None:
        if kind not in self._tables:
            self._tables[kind] = self._records.find(kind) if self._records.count(kind) <= MOST else None
        return self._tables[kind]


def _sorted(rows: list[Any], name: str) -> list[Any]:
    """By one column, nulls last."""
    column = name.removeprefix("-")
    known = [row for row in rows if getattr(row, column) is not None]
    known.sort(key=attrgetter(column), reverse=name.startswith("-"))
    return known + [row for row in rows if getattr(row, column) is None]
