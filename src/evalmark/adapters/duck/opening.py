"""Opening the file: what is no store, or one of a newer version, is refused in a sentence."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from evalmark.adapters.duck.tables import INDEXED, META, create, no_index
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.query import MOST_ROWS
from evalmark.record import TABLES, VERSION

MEMORY: Final = "600MB"
# The rows of a page are looked for in the columns that order them, and only then read whole.
QUICK: Final = f"SET GLOBAL late_materialization_max_rows = {MOST_ROWS}"
IN_STORE: Final = "USE store"
"""What each cursor of a reader says first."""
# Nothing in the store reaches out of it: no file, no address, no extension that is not built in.
CLOSED: Final = ("SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false")
INTERRUPTED: Final = "Query interrupted"


def open_store(path: Path, *, read_only: bool, sealed: bool = True) -> duckdb.DuckDBPyConnection:
    """Open a store; a reader that is `sealed` reaches no other file.

    Raises `UsageProblem` for a file that is none, `CouldNotFinish` if it cannot be opened.
    """
    if read_only and not path.exists():
        raise UsageProblem(f"there is no store {path}", "make one with `evalmark sync`, or name one with --store FILE")
    with in_words(path):
        connection = _connected(path, read_only=read_only)
    try:
        with in_words(path):
            for statement in (*CLOSED, QUICK):
                connection.execute(statement)
            if read_only and sealed:
                connection.execute("SET enable_external_access = false")
            _check_version(connection, path)
            if not read_only:
                _make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connected(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """A reader attaches the file: by its name alone, DuckDB would give what this process already has open by that name,
    which a sync may have replaced.
    """
    if not read_only:
        return duckdb.connect(str(path), config={"memory_limit": MEMORY})
    connection = duckdb.connect(config={"memory_limit": MEMORY})
    try:
        quoted = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS store (READ_ONLY)")
        connection.execute(IN_STORE)
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """A signal that comes while DuckDB works: it swallows what the signal's handler raised, for an error of its own."""
    try:
        yield
    except RuntimeError as error:
        if str(error) != INTERRUPTED:
            raise
        raise KeyboardInterrupt from error


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """DuckDB's trouble as ours."""
    try:
        with interruptible():
            yield
    except duckdb.IOException as error:
        if "not a valid DuckDB database file" in str(error):
            raise UsageProblem(f"{path} is not a store of evalmark", "name another with --store FILE") from error
        raise CouldNotFinish(f"the store {path} cannot be opened: {_first_line(error)}", "check its rights") from error
    except duckdb.Error as error:
        raise CouldNotFinish(
            f"the store {path} cannot be used: {_first_line(error)}",
            "if it is damaged, remove it and run `evalmark sync` again, or import it from Parquet",
        ) from error


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return
    if "meta" not in tables:
        raise UsageProblem(f"{path} is a DuckDB file of something else", "name another with --store FILE")
    found = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    if found is None or int(found[0]) > VERSION:
        raise UsageProblem(
            f"{path} was written by a newer evalmark (schema {found[0] if found else '?'}; this one knows {VERSION})",
            "update evalmark: pip install --upgrade evalmark",
        )


def _make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(META)
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", [str(VERSION)])
    for kind in TABLES.values():
        connection.execute(create(kind))
    for name in INDEXED:
        connection.execute(no_index(name))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
