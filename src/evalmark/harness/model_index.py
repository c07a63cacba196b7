"""A model card's `model-index` as results: what people reported before there were results files."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from evalmark.formats.card import LARGEST_CARD
from evalmark.formats.model_card import front_matter
from evalmark.formats.model_index import IndexMetric, IndexResult, Unusable, index_results, unusable_in
from evalmark.formats.nodes import child_at
from evalmark.harness.foreign import MOST_ITEMS, MOST_METRICS, commit, dataset_id, text
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from evalmark.harness.units import is_share

INDEX = "model-index"


class CardIndex(NamedTuple):
    """The results of a card, and what looks like one but cannot be: foreign text."""

    results: tuple[Result, ...] = ()
    unusable: tuple[Unusable, ...] = ()


def index_in(path: str, readme: bytes, model: str) -> CardIndex:
    """The results of a card's `model-index`. Raises `NotReadable` for front matter that is no YAML."""
    document = front_matter(readme, LARGEST_CARD)
    if document.root is None and document.findings:
        first = document.findings[0]
        raise NotReadable(f"the front matter cannot be read: line {first.place.line}: {first.message}")
    if document.root is None:
        return CardIndex()
    index = child_at(document.root, INDEX)
    return CardIndex(tuple(_results(path, index_results(index), model)), tuple(unusable_in(index))[:MOST_ITEMS])


def _results(path: str, found: Iterator[IndexResult], model: str) -> Iterator[Result]:
    """Those with a score. What else there is of text is of one line that can be shown, or left out."""
    for each in islice((each for each in found if each.metrics), MOST_ITEMS):
        yield Result(
            harness=INDEX,
            file=f"{path}:{each.line}",
            model=model,
            task=text(each.dataset_name) or text(each.dataset) or "a dataset",
            dataset=DatasetUsed(
                id=dataset_id(each.dataset),
                config=text(each.config),
                split=text(each.split),
                revision=commit(each.revision),
            ),
            metrics=_metrics(each.metrics[:MOST_METRICS]),
            setup=(f"{each.shots}-shot",) if each.shots else (),
            source_url=text(each.source_url),
            source_name=text(each.source_name),
        )


def _metrics(found: tuple[IndexMetric, ...]) -> tuple[Metric, ...]:
    """Each under its type; where several have one type, such as `rouge`, under the name that is for people."""
    kinds = Counter(each.kind for each in found)
    return tuple(_metric(each, (each.name or each.kind) if kinds[each.kind] > 1 else each.kind) for each in found)


def _metric(found: IndexMetric, name: str) -> Metric:
    is_percent = is_share(found.kind.lower()) and 1 < found.value <= 100
    return Metric(name=text(name) or "score", value=found.value, unit="percent" if is_percent else None)
