"""Conditions as SQL. Names of columns are checked against the record, values are always parameters."""

from typing import Any

from evalmark.adapters.duck.tables import columns
from evalmark.query import Condition, Where
from evalmark.record import Record


def where_clause(kind: type[Record], where: Where) -> tuple[str, list[Any]]:
    """` WHERE …` and its parameters; empty without conditions."""
    parts, values = [], []
    for condition in where:
        text, more = _one(kind, condition)
        parts.append(text)
        values += more
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def order_clause(kind: type[Record], order: tuple[str, ...]) -> str:
    """` ORDER BY …`; empty without an order."""
    ways = [(name.removeprefix("-"), "DESC" if name.startswith("-") else "ASC") for name in order]
    parts = [f"{_column(kind, name)} {way} NULLS LAST" for name, way in ways]
    return f" ORDER BY {', '.join(parts)}" if parts else ""


def _one(kind: type[Record], condition: Condition) -> tuple[str, list[Any]]:
    column = _column(kind, condition.column)
    match condition.op:
        case "is null" | "is not null":
            return f"{column} {condition.op.upper()}", []
        case "in":
            values = list(condition.value)  # type: ignore[call-overload] # a list of values, by the operator
            return f"{column} IN ({', '.join('?' * len(values))})" if values else "FALSE", values
        case "contains":
            return f"contains(lower({column}), lower(?))", [condition.value]
        case _:
            return f"{column} {condition.op} ?", [condition.value]


def _column(kind: type[Record], name: str) -> str:
    if name not in columns(kind):
        raise ValueError(f"{kind.__name__} has no column {name!r}")
    return f'"{name}"'
