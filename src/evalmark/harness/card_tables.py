"""Tables of a model card as results that may be: what their rows mean is guessed, so a person says which are taken."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evalmark.harness.foreign import MOST_ITEMS, text
from evalmark.harness.result import Metric, Result

TABLE = "model card"
# Columns that are about a score, as lm-eval and others print them.
NO_SCORES = frozenset(
    {
        "epoch", "filter", "fewshot", "nshot", "numfewshot", "params", "samples", "shot", "shots", "size", "std",
        "stderr", "step", "version",
    }
)  # fmt: skip
SHOTS = frozenset({"fewshot", "nshot", "numfewshot", "shot", "shots"})
OWN = frozenset({"ours", "result", "score", "thismodel", "value"})
_MARKUP = re.compile(r"</?(?:b|strong|i|em|u|sub|sup|br|code)\s*/?>|[`*]+|(?<!\w)_+|_+(?!\w)", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{0,2000}\)")
_NUMBER = re.compile(
    r"(?P<digits>\d{1,3}(?:\.\d{1,6})?)\s*(?P<percent>%)?(?:\s*(?:±|\+/-|\+-)\s*\d[\d.]*\s*%?)?", re.ASCII
)
_SHOTS = re.compile(r"\s*[( ](\d{1,3})[ -]shots?\)?$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class CardTable:
    """A table of a card: the texts of its cells, and the line of each row in the card."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A number of a table, with the name of its column."""

    name: str
    metric: Metric


def tables_in(path: str, tables: Sequence[CardTable], model: str) -> tuple[Result, ...]:
    """Rows of tables that may be results.

    A table has a row for each benchmark, the column of the model first; or, if one of its rows is named after the
    model, a column for each benchmark, and only the model's own rows count.
    """
    own = _key(model.rpartition("/")[2])
    return tuple(result for table in tables for result in _of_table(path, table, model, own))[:MOST_ITEMS]


def _of_table(path: str, table: CardTable, model: str, own: str) -> Iterator[Result]:
    rows = [(line, name, cells) for line, cells in table.rows if (name := _name(cells))]
    ours = [row for row in rows if _key(row[1].rpartition("/")[2]) in (own, "ours")]
    for line, name, cells in ours or rows:
        numbers = list(_numbers(table.header, cells))
        place = f"{path}:{line}"
        if ours:
            for each in numbers:
                metric = each.metric.model_copy(update={"name": "score"})
                yield _result(place, each.name, model, (metric,), ())
        elif numbers:
            numbers.sort(key=lambda cell: _key(cell.name) not in {own, *OWN})
            yield _result(place, name, model, tuple(each.metric for each in numbers), _shots(table.header, cells))


def _result(place: str, name: str, model: str, metrics: tuple[Metric, ...], setup: tuple[str, ...]) -> Result:
    """`GSM8K (5-shot)` is the task GSM8K with a set-up."""
    told = _SHOTS.search(name)
    if told and int(told[1]):
        setup = (f"{int(told[1])}-shot",)
    task = name[: told.start()] if told else name
    return Result(harness=TABLE, file=place, model=model, task=task or name, metrics=metrics, setup=setup)


def _name(cells: Sequence[str]) -> str | None:
    """What a row is called, if that is a name at all: tables of a training begin with numbers."""
    name = text(_bare(cells[0])) if cells else None
    return name if name and any(char.isalpha() for char in name) else None


def _bare(cell: str) -> str:
    """The words of a cell, without marks and the addresses of links."""
    return " ".join(_MARKUP.sub(" ", _LINK.sub(r"\1", cell)).split())


def _numbers(header: Sequence[str], cells: Sequence[str]) -> Iterator[_Cell]:
    columns = list(zip(map(_bare, header), map(_bare, cells), strict=False))[1:]
    told = {_key(column): cell for column, cell in columns}
    for column, cell in columns:
        number, key = _NUMBER.fullmatch(cell), _key(column)
        if number is None or key in NO_SCORES:
            continue
        value = float(number["digits"])
        called = text(told.get("metric")) if key in OWN else None
        unit: Literal["percent"] | None = "percent" if number["percent"] or value > 1 else None
        name = text(column) or "score"
        yield _Cell(name, Metric(name=called or name, value=value, unit=unit))


def _shots(header: Sequence[str], cells: Sequence[str]) -> tuple[str, ...]:
    told = [_bare(cell) for column, cell in zip(header, cells, strict=False) if _key(column) in SHOTS]
    return tuple(f"{int(each)}-shot" for each in told if re.fullmatch(r"[1-9]\d{0,2}", each, re.ASCII))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
