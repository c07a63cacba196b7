"""The tables, as SQL: each follows from its kind of record."""

import types
import typing
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from evalmark.record import TABLES, Record

SQL_TYPES: Final[dict[Any, str]] = {
    str: "VARCHAR",
    int: "BIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    datetime: "TIMESTAMP",
    list[str]: "VARCHAR[]",
}
NAMES: Final = {kind: table for table, kind in TABLES.items()}
INDEXED: Final = ("claims.id", "claims.model", "events.claim", "events.model")
"""By which a page asks for a few rows. Built when the store is whole: kept while rows change, they cost more."""
META: Final = "CREATE TABLE IF NOT EXISTS meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)"


def columns(kind: type[Record]) -> dict[str, str]:
    """The columns of a kind of record and their types in SQL, in the record's order."""
    return _COLUMNS[kind]


def times(kind: type[Record]) -> tuple[int, ...]:
    """Positions of the columns that hold a time."""
    return _TIMES[kind]


def create(kind: type[Record]) -> str:
    """The statement that makes a table that is not there."""
    listed = ", ".join(f'"{name}" {sql}' for name, sql in columns(kind).items())
    return f"CREATE TABLE IF NOT EXISTS {NAMES[kind]} ({listed})"


def index(name: str) -> str:
    """The statement that makes the index on `table.column`."""
    table, _, column = name.partition(".")
    return f'CREATE INDEX IF NOT EXISTS {table}_{column} ON {table} ("{column}")'


def no_index(name: str) -> str:
    """The statement that removes it."""
    return f"DROP INDEX IF EXISTS {name.replace('.', '_')}"


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(arm for arm in typing.get_args(hint) if arm is not type(None))
    return hint


def _columns(kind: type[Record]) -> dict[str, str]:
    hints = typing.get_type_hints(kind)
    return {each.name: SQL_TYPES[_without_none(hints[each.name])] for each in fields(kind)}


_COLUMNS: Final = {kind: _columns(kind) for kind in TABLES.values()}
_TIMES: Final = {
    kind: tuple(index for index, sql in enumerate(of_kind.values()) if sql == "TIMESTAMP")
    for kind, of_kind in _COLUMNS.items()
}
