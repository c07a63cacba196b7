"""What many pages ask for again and again, asked once for each content of the store."""

import threading
from typing import Any, Final, TypeVar

from evalmark.board import Scored
from evalmark.ports import Records
from evalmark.query import WHOLE, Page, Where
from evalmark.record import Record, TaskRecord

R = TypeVar("R", bound=Record)
MOST: Final = 5000
"""Answers that are kept; then it starts anew."""


class Remembered:
    """The same records; the tasks and single records are kept until the store changes."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._kept: dict[object, Any] = {}
        self._of = ""

    @property
    def version(self) -> str:
        """Names the content."""
        return self._records.version

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        """Records that meet all conditions."""
        if kind is not TaskRecord and page.limit != 1:
            return self._records.find(kind, where, order, page)
        asked, version = (kind, where, order, page), self.version
        with self._lock:
            if version != self._of or len(self._kept) >= MOST:
                self._kept, self._of = {}, version
            kept = self._kept
        if asked not in kept:
            # Kept in the answers of the version that it was asked of, whoever has changed it meanwhile.
            kept[asked] = self._records.find(kind, where, order, page)
        found: tuple[R, ...] = kept[asked]
        return found

    def count(self, kind: type[Record], where: Where = ()) -> int:
        """How many meet all conditions."""
        return self._records.count(kind, where)

    def scored(self, where: Where, order: tuple[str, ...] = ()) -> list[Scored]:
        """Of claims only what ranking looks at."""
        return self._records.scored(where, order)

    def spans(self, where: Where) -> list[tuple[float, float]]:
        """Of claims only the ends of their intervals, lower first."""
        return self._records.spans(where)
