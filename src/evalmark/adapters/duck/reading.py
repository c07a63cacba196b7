"""Reading the store. A sync puts a new file in its place; a reader goes over to it at its next question."""

import threading
from datetime import UTC
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar, cast

import duckdb

from evalmark.adapters.duck.opening import IN_STORE, in_words, open_store
from evalmark.adapters.duck.sql import order_clause, select, select_count, where_clause
from evalmark.adapters.duck.tables import columns, times
from evalmark.board import Scored
from evalmark.query import WHOLE, Page, Where
from evalmark.record import ClaimRecord, Record

R = TypeVar("R", bound=Record)
SCORED = (
    "SELECT id, model, score, score_low, score_high, verdict IS NOT DISTINCT FROM 'mismatch' AND stale IS NULL "
    "FROM claims"
)

SPANS = "SELECT score_low, score_high FROM claims"


class DuckRecords:
    """The records in the file at `path`, for any number of threads. Raises what `open_store` raises.

    `threads` is how many DuckDB may use: many short questions at a time need least of all with one.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        self._path = path
        self._threads = threads
        self._lock = threading.Lock()
        self._cursors = threading.local()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._seen: tuple[int, int] | None = None
        self._version = ""
        self._current()

    @property
    def version(self) -> str:
        """Names the content: another one after each sync."""
        self._current()
        return self._version

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        """Records that meet all conditions, in order."""
        return tuple(record_of(kind, row) for row in self._ask(*select(kind, where, order, page)))

    def count(self, kind: type[Record], where: Where = ()) -> int:
        """How many meet all conditions."""
        return int(self._ask(*select_count(kind, where))[0][0])

    def scored(self, where: Where, order: tuple[str, ...] = ()) -> list[Scored]:
        """Of claims only what ranking looks at."""
        conditions, values = where_clause(ClaimRecord, where)
        rows = self._ask(SCORED + conditions + order_clause(ClaimRecord, order), values)
        return list(map(tuple.__new__, repeat(Scored), rows))

    def spans(self, where: Where) -> list[tuple[float, float]]:
        """Of claims only the ends of their intervals, lower first."""
        conditions, values = where_clause(ClaimRecord, where)
        return cast("list[tuple[float, float]]", self._ask(SPANS + conditions, values))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _ask(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        connection = self._current()
        with in_words(self._path):
            return self._cursor(connection).execute(statement, values).fetchall()

    def _cursor(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        """This thread's own: a new one for each question would cost more than a short question itself."""
        if getattr(self._cursors, "of", None) is not connection:
            cursor = connection.cursor()
            cursor.execute(IN_STORE)
            self._cursors.of, self._cursors.cursor = connection, cursor
        found: duckdb.DuckDBPyConnection = self._cursors.cursor
        return found

    def _current(self) -> duckdb.DuckDBPyConnection:
        """The connection to the file that has the name now."""
        try:
            status = self._path.stat()
            seen: tuple[int, int] | None = (status.st_ino, status.st_mtime_ns)
        except OSError:
            seen = None
        with self._lock:
            if self._connection is None or (seen is not None and seen != self._seen):
                # The older one is not closed here: another thread may be reading from it.
                self._connection, self._version = self._opened()
                self._seen = seen
            return self._connection

    def _opened(self) -> tuple[duckdb.DuckDBPyConnection, str]:
        """A new connection, and the version of what it sees."""
        connection = open_store(self._path, read_only=True)
        with in_words(self._path):
            if self._threads is not None:
                connection.execute(f"SET GLOBAL threads = {self._threads}")
            found = connection.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        return connection, found[0] if found else "empty"


def record_of(kind: type[R], row: tuple[Any, ...]) -> R:
    """A row of a table as a record; DuckDB gives times without their zone."""
    values = list(row)
    for index in times(kind):
        if values[index] is not None:
            values[index] = values[index].replace(tzinfo=UTC)
    return kind(**dict(zip(columns(kind), values, strict=True)))
