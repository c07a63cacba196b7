"""The store: what was collected, read by many and written by one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from evalmark.board import Placement, Scored
from evalmark.query import WHOLE, Page, Where
from evalmark.record import Record

R = TypeVar("R", bound=Record)


class Records(Protocol):
    """What was collected, to be read. Raises `CouldNotFinish` if the store cannot be read."""

    @property
    def version(self) -> str:
        """Names the content: another one after each change."""

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        """Records that meet all conditions; `-name` in `order` is downwards, nulls always last."""

    def count(self, kind: type[Record], where: Where = ()) -> int:
        """How many meet all conditions."""

    def scored(self, where: Where, order: tuple[str, ...] = ()) -> list[Scored]:
        """Of claims only what ranking looks at."""

    def spans(self, where: Where) -> list[tuple[float, float]]:
        """Of claims only the ends of their intervals in the unit of the board, lower first."""


class RecordsWriter(Protocol):
    """A copy of the store that is changed, and published when it is whole. All raise `CouldNotFinish`."""

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        """Records of the copy that meet all conditions."""

    def count(self, kind: type[Record], where: Where = ()) -> int:
        """How many records of the copy meet all conditions."""

    def placements(self, where: Where) -> list[tuple[Scored, Placement]]:
        """What ranking looks at of claims, and where they stand."""

    def summary(self, where: Where) -> tuple[int, datetime | None]:
        """How many claims have a verdict `verified` that is not stale; when the last one changed."""

    def place(self, rows: Iterable[Placement]) -> None:
        """Put claims where they stand now."""

    def replace(self, kind: type[R], where: Where, records: Iterable[R]) -> None:
        """Put records in the place of those that meet all conditions (all, without any)."""

    def publish(self) -> None:
        """Put the copy in the store's place, and go on."""
