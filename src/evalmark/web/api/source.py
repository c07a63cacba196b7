"""The store as the API asks it: what belongs to one version of it is worked out once."""

import threading
from typing import Final, TypeAlias

from evalmark.board import BoardPage
from evalmark.flows.boards import EVERYTHING, Known, Sort, board_page, know
from evalmark.ports import Records
from evalmark.query import BoardFilter, Page
from evalmark.record import TaskRecord
from evalmark.web.lru import Lru

MOST_ROWS: Final = 300_000
"""Rows of boards about which something is kept: 70 MB at most, where each is placed."""
Key: TypeAlias = tuple[str, str, str, BoardFilter, Sort | None]


class Source:
    """Records, and what was worked out from them lately. For any number of threads; raises what `Records` raises."""

    def __init__(self, records: Records, *, keep: bool = True) -> None:
        self.records = records
        self._known: Lru[Key, Known] = Lru(MOST_ROWS if keep else 0)
        self._lock = threading.Lock()
        self._tasks: tuple[str, tuple[TaskRecord, ...]] | None = None

    def tasks(self) -> tuple[TaskRecord, ...]:
        """All of them, the board with the most claims first."""
        version = self.records.version
        with self._lock:
            known = self._tasks
        if known is not None and known[0] == version:
            return known[1]
        found = self.records.find(TaskRecord, (), ("-claims", "dataset_id", "task_id"))
        with self._lock:
            self._tasks = version, found
        return found

    def tasks_of(self, dataset_id: str) -> tuple[TaskRecord, ...]:
        """Those of a benchmark, in the same order."""
        return tuple(each for each in self.tasks() if each.dataset_id == dataset_id)

    def board(self, task: TaskRecord, wanted: BoardFilter, page: Page, sort: Sort) -> BoardPage:
        """A page of a board."""
        if wanted == EVERYTHING:
            return board_page(self.records, task, wanted, page, sort)
        key = self.records.version, task.dataset_id, task.task_id, wanted, sort if wanted.best else None
        known = self._known.get(key)
        if known is None:
            known = know(self.records, task, wanted, sort)
            self._known.put(key, known, known.rows + 1)
        return board_page(self.records, task, wanted, page, sort, known)
