"""A model card's `model-index` and tables, as results: what people reported before there were results files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evalmark.formats.card import LARGEST_CARD
from evalmark.formats.model_card import front_matter
from evalmark.formats.model_index import IndexMetric, IndexResult, index_results
from evalmark.formats.nodes import child_at
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from evalmark.harness.units import is_share
from evalmark.review import COMMIT

INDEX, TABLE = "model-index", "model card"
MOST_RESULTS = 1000
_NUMBER = re.compile(r"\**\s*(?P<digits>\d{1,3}(?:\.\d{1,6})?)\s*%?\s*\**")
_NO_NAME = re.compile(r"[`*_]+")


@dataclass(frozen=True, slots=True)
class CardTable:
    """A table of a card: the texts of its cells, and the line of each row in the card."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def index_in(path: str, readme: bytes, model: str) -> tuple[Result, ...]:
    """The results of a card's `model-index`. Raises `NotReadable` for front matter that is no YAML."""
    document = front_matter(readme, LARGEST_CARD)
    if document.root is None and document.findings:
        first = document.findings[0]
        raise NotReadable(f"the front matter cannot be read: line {first.place.line + 1}: {first.message}")
    if document.root is None:
        return ()
    found = index_results(child_at(document.root, "model-index"))
    results = (_of_index(path, each, model) for each in found if each.metrics)
    return tuple(result for result, _ in zip(results, range(MOST_RESULTS), strict=False))


def _of_index(path: str, found: IndexResult, model: str) -> Result:
    revision = found.revision if found.revision and COMMIT.fullmatch(found.revision) else None
    return Result(
        harness=INDEX,
        file=f"{path}:{found.line + 1}",
        model=model,
        task=found.dataset_name or found.dataset,
        dataset=DatasetUsed(id=found.dataset, config=found.config, split=found.split, revision=revision),
        metrics=tuple(_metric(metric) for metric in found.metrics),
        setup=(f"{found.shots}-shot",) if found.shots else (),
        source_url=found.source_url,
        source_name=found.source_name,
    )


def _metric(found: IndexMetric) -> Metric:
    name = found.kind or "score"
    is_percent = is_share(name.lower()) and 1 < found.value <= 100
    return Metric(name=name, value=found.value, unit="percent" if is_percent else None)


def tables_in(path: str, tables: Sequence[CardTable], model: str) -> tuple[Result, ...]:
    """Rows of tables that may be results: a name first, then numbers. The column most like the model comes first."""
    return tuple(result for table in tables for result in _of_table(path, table, model))[:MOST_RESULTS]


def _of_table(path: str, table: CardTable, model: str) -> Iterator[Result]:
    for line, cells in table.rows:
        name = _NO_NAME.sub("", cells[0]).strip() if cells else ""
        metrics = dict(_numbers(table.header, cells))
        if name and metrics:
            yield Result(
                harness=TABLE,
                file=f"{path}:{line}",
                model=model,
                task=name,
                metrics=_model_first(metrics, model.rpartition("/")[2]),
            )


def _numbers(header: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, Metric]]:
    for column, cell in zip(header[1:], cells[1:], strict=False):
        match = _NUMBER.fullmatch(cell.strip())
        name = _NO_NAME.sub("", column).strip() or "score"
        if match is not None:
            value = float(match["digits"])
            yield name, Metric(name=name, value=value, unit="percent" if value > 1 else None)


def _model_first(metrics: Mapping[str, Metric], model: str) -> tuple[Metric, ...]:
    def key(name: str) -> str:
        return re.sub(r"[^a-z0-9]", "", name.lower())

    return tuple(sorted(metrics.values(), key=lambda metric: key(metric.name) not in (key(model), "ours", "score")))
