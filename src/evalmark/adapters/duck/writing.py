"""Writing the store: into a copy beside it, which takes its place as a whole. One writer at a time."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from pydantic_core import to_json

from evalmark.adapters.duck.opening import in_words, open_store
from evalmark.adapters.duck.reading import SCORED, record_of
from evalmark.adapters.duck.sql import select, select_count, where_clause
from evalmark.adapters.duck.tables import INDEXED, NAMES, columns, index
from evalmark.board import Placement, Scored
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.query import WHOLE, Page, Where
from evalmark.record import ClaimRecord, Record

LARGEST_ROW = 1 << 27
R = TypeVar("R", bound=Record)


@contextlib.contextmanager
def writing(path: Path) -> Iterator["StoreWriter"]:
    """The only writer of the store at `path`, which need not be there. What is not published is forgotten.

    Raises `CouldNotFinish` if another process writes to it, and what `open_store` raises.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f".{path.name}.lock").open("w")
    except OSError as error:
        raise UsageProblem(f"{path} cannot be a store: {error.strerror}", "give another --store FILE") from error
    with lock:
        _take(lock, path)
        for left in path.parent.glob(f".{path.name}.draft*"):  # of a writer that was killed
            left.unlink(missing_ok=True)
        writer = StoreWriter(path)
        try:
            yield writer
        finally:
            writer.close()


def _take(lock: IO[str], path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CouldNotFinish(
            f"another evalmark is writing to {path}", "wait until it has ended, then run this again"
        ) from None


class StoreWriter:
    """A copy of the store that is changed, and published when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._draft = path.with_name(f".{path.name}.draft")
        self._open()

    def _open(self) -> None:
        if self.path.exists():
            open_store(self.path, read_only=True).close()
            shutil.copyfile(self.path, self._draft)
        self.connection = open_store(self._draft, read_only=False)

    def find(self, kind: type[R], where: Where = (), order: tuple[str, ...] = (), page: Page = WHOLE) -> tuple[R, ...]:
        """Records of the copy that meet all conditions, in order."""
        return tuple(record_of(kind, row) for row in self._ask(*select(kind, where, order, page)))

    def count(self, kind: type[Record], where: Where = ()) -> int:
        """How many records of the copy meet all conditions."""
        return int(self._ask(*select_count(kind, where))[0][0])

    def placements(self, where: Where) -> list[tuple[Scored, Placement]]:
        """What ranking looks at of claims, and where they stand."""
        conditions, values = where_clause(ClaimRecord, where)
        rows = self._ask(SCORED.replace(" FROM claims", ", place, rank, tied FROM claims") + conditions, values)
        return [(Scored._make(row[:-3]), Placement(row[0], *row[-3:])) for row in rows]

    def summary(self, where: Where) -> tuple[int, datetime | None]:
        """How many claims have a verdict `verified` that is not stale; when the last one changed."""
        conditions, values = where_clause(ClaimRecord, where)
        counted = "count(*) FILTER (verdict = 'verified' AND stale IS NULL), max(changed_at)"
        verified, changed_at = self._ask(f"SELECT {counted} FROM claims{conditions}", values)[0]  # noqa: S608 - ours
        return int(verified), changed_at.replace(tzinfo=UTC) if changed_at is not None else None

    def place(self, rows: Iterable[Placement]) -> None:
        """Put claims where they stand now."""
        types = {name: columns(ClaimRecord)[name] for name in Placement._fields}
        listed = ", ".join(f"{name} {sql}" for name, sql in types.items())
        with in_words(self.path):
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE placement ({listed})")
            self.add_rows("placement", types, (row._asdict() for row in rows))
            self.connection.execute(
                "UPDATE claims SET place = p.place, rank = p.rank, tied = p.tied FROM placement p "
                "WHERE claims.id = p.id"
            )
            self.connection.execute("DROP TABLE placement")

    def _ask(self, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with in_words(self.path):
            return self.connection.execute(statement, values).fetchall()

    def replace(self, kind: type[R], where: Where, records: Iterable[R]) -> None:
        """Put records in the place of those that meet all conditions (all, without any)."""
        conditions, values = where_clause(kind, where)
        with in_words(self.path):
            self.connection.execute(f"DELETE FROM {NAMES[kind]}{conditions}", values)  # noqa: S608 - names are ours
        self.add(kind, records)

    def add(self, kind: type[Record], records: Iterable[Record]) -> None:
        """Add records."""
        self.add_rows(NAMES[kind], columns(kind), records)

    def add_rows(self, table: str, sql_types: dict[str, str], rows: Iterable[object]) -> None:
        """Add rows through a file: DuckDB reads one hundreds of times faster than it takes rows one by one."""
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            for row in rows:
                file.write(to_json(row) + b"\n")
            file.flush()
            if file.tell():
                types = ", ".join(f"'{name}': '{sql}'" for name, sql in sql_types.items())
                how = f"format = 'newline_delimited', columns = {{{types}}}, maximum_object_size = {LARGEST_ROW}"
                with in_words(self.path):
                    read = f"SELECT * FROM read_json(?, {how})"  # noqa: S608 - names are ours
                    self.connection.execute(f"INSERT INTO {table} BY NAME {read}", [file.name])

    def publish(self) -> None:
        """Put the copy in the store's place, then go on with a new copy. Raises `CouldNotFinish`."""
        self.finish()
        self._open()

    def finish(self) -> None:
        """Put the copy in the store's place."""
        with in_words(self.path):
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('version', ?)", [uuid.uuid4().hex])
            for name in INDEXED:
                self.connection.execute(index(name))
            self.connection.execute("CHECKPOINT")
        self.connection.close()
        try:
            with self._draft.open("rb") as written:
                os.fsync(written.fileno())
            self._draft.replace(self.path)
        except OSError as error:
            raise CouldNotFinish(
                f"{self.path} could not be written: {error.strerror}", "check space and rights"
            ) from error

    def close(self) -> None:
        """Forget what was not published."""
        self.connection.close()
        for left in (self._draft, self._draft.with_name(f"{self._draft.name}.wal")):
            left.unlink(missing_ok=True)
