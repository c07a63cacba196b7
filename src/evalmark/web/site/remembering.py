"""What many pages ask for again and again, asked once for each content of the store."""

import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from evalmark.board import Scored
from evalmark.ports import Records
from evalmark.query import WHOLE, Page, Where
from evalmark.record import Record, TaskRecord

R = TypeVar("R", bound=Record)
T = TypeVar("T")
MOST: Final = 5000
"""Answers that are kept; then it starts anew."""
MOST_MADE: Final = 50
"""Of what was made from many records, much less is kept: it is large."""


class Remembered:
    """The same records; the tasks and single records are kept until the store changes."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._kept: dict[object, Any] = {}
        self._made: dict[object, Any] = {}
        self._of = ""

    @property
    def version(self) -> str:
        """Names the content."""
        return self._records.version

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        """Records that meet all conditions."""
        if kind is not TaskRecord and page.limit != 1:
            return self._records.find(kind, where, order, page)
        asked, kept = (kind, where, order, page), self._current()[0]
        if asked not in kept:
            # Kept with the answers of the version that it was asked of, whoever has changed it meanwhile.
            kept[asked] = self._records.find(kind, where, order, page)
        found: tuple[R, ...] = kept[asked]
        return found

    def once(self, of: object, make: Callable[[], T]) -> T:
        """What `make` makes of the records, made once for each `of`."""
        made = self._current()[1]
        if of not in made:
            made[of] = make()
        found: T = made[of]
        return found

    def _current(self) -> tuple[dict[object, Any], dict[object, Any]]:
        """What is kept of the store as it is now."""
        version = self.version
        with self._lock:
            if version != self._of:
                self._kept, self._made, self._of = {}, {}, version
            if len(self._kept) >= MOST:
                self._kept = {}
            if len(self._made) >= MOST_MADE:
                self._made = {}
            return self._kept, self._made

    def count(self, kind: type[Record], where: Where = ()) -> int:
        """How many meet all conditions."""
        return self._records.count(kind, where)

    def scored(self, where: Where, order: tuple[str, ...] = ()) -> list[Scored]:
        """Of claims only what ranking looks at."""
        return self._records.scored(where, order)

    def spans(self, where: Where) -> list[tuple[float, float]]:
        """Of claims only the ends of their intervals, lower first."""
        return self._records.spans(where)
