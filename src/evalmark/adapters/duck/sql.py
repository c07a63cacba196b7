"""Conditions as SQL. Names of columns are checked against the record, values are always parameters."""

from typing import Any, Final

from evalmark.adapters.duck.tables import INDEXED, NAMES, columns
from evalmark.query import Condition, Page, Where
from evalmark.record import Record

FEW: Final = 20
"""So many values are compared one by one; more are a table to look into, unless an index can be used."""


def select(kind: type[Record], where: Where, order: tuple[str, ...], page: Page) -> tuple[str, list[Any]]:
    """The question for whole records, and its parameters."""
    source, values = _rows(kind, where)
    names = ", ".join(f'"{name}"' for name in columns(kind))
    part = "" if page.limit is None else f" LIMIT {int(page.limit)}"
    part += f" OFFSET {int(page.offset)}" if page.offset else ""
    return f"SELECT {names} FROM {source}{order_clause(kind, order)}{part}", values  # noqa: S608 - ours


def select_count(kind: type[Record], where: Where) -> tuple[str, list[Any]]:
    """The question how many there are, and its parameters."""
    source, values = _rows(kind, where)
    return f"SELECT count(*) FROM {source}", values  # noqa: S608 - names are ours


def where_clause(kind: type[Record], where: Where) -> tuple[str, list[Any]]:
    """` WHERE …` and its parameters; empty without conditions."""
    parts, values = [], []
    for condition in where:
        text, more = _one(kind, condition, alone=len(where) == 1)
        parts.append(text)
        values += more
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def order_clause(kind: type[Record], order: tuple[str, ...]) -> str:
    """` ORDER BY …`; empty without an order."""
    ways = [(name.removeprefix("-"), "DESC" if name.startswith("-") else "ASC") for name in order]
    parts = [f"{_column(kind, name)} {way} NULLS LAST" for name, way in ways]
    return f" ORDER BY {', '.join(parts)}" if parts else ""


def _rows(kind: type[Record], where: Where) -> tuple[str, list[Any]]:
    """What stands behind `FROM`, and its parameters.

    DuckDB looks into an index only for a condition that stands alone, with no order and no limit beside it.
    """
    table = NAMES[kind]
    first = next((each for each in where if each.op == "=" and f"{table}.{each.column}" in INDEXED), None)
    if first is None:
        conditions, values = where_clause(kind, where)
        return f"{table}{conditions}", values
    alone, values = where_clause(kind, (first,))
    conditions, more = where_clause(kind, tuple(each for each in where if each is not first))
    few = f"(WITH few AS MATERIALIZED (SELECT * FROM {table}{alone}) SELECT * FROM few)"  # noqa: S608 - names are ours
    return f"{few}{conditions}", [*values, *more]


def _one(kind: type[Record], condition: Condition, *, alone: bool) -> tuple[str, list[Any]]:
    column = _column(kind, condition.column)
    match condition.op:
        case "is null" | "is not null":
            return f"{column} {condition.op.upper()}", []
        case "in":
            values = list(condition.value)  # type: ignore[call-overload] # a list of values, by the operator
            if len(values) > FEW and not alone:
                return f"{column} IN (SELECT unnest(?))", [values]
            return f"{column} IN ({', '.join('?' * len(values))})" if values else "FALSE", values
        case "contains":
            return f"contains(lower({column}), lower(?))", [condition.value]
        case _:
            return f"{column} {condition.op} ?", [condition.value]


def _column(kind: type[Record], name: str) -> str:
    if name not in columns(kind):
        raise ValueError(f"{kind.__name__} has no column {name!r}")
    return f'"{name}"'
