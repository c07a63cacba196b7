"""`model-index` in the front matter of a model's README.md: scores as they were reported before `.eval_results/`.

Source: `docs/hub/model-cards.md` in huggingface/hub-docs and `repocard_data.py` in huggingface_hub 2.4, after the
metadata of Papers with Code. `args.num_few_shot` is what the Open LLM Leaderboard wrote.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from evalmark.formats.edits import is_score
from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence, child_at


@dataclass(frozen=True, slots=True)
class IndexMetric:
    """A number of a result."""

    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class IndexResult:
    """The metrics of one dataset. All but the numbers is foreign text; `line` is that of the result in its file."""

    dataset: str
    dataset_name: str | None
    config: str | None
    split: str | None
    revision: str | None
    metrics: tuple[IndexMetric, ...]
    shots: int | None = None
    source_url: str | None = None
    source_name: str | None = None
    line: int = 1


def index_results(index: Node | None) -> Iterator[IndexResult]:
    """The results of a `model-index`. What is not as it should be is left out: a card is not ours to judge."""
    for model in mappings(index):
        for result in mappings(model.get("results")):
            dataset = result.get("dataset")
            name = text_at(dataset, "type")
            if isinstance(dataset, Mapping) and name:
                yield _result(name, dataset, result)


def _result(name: str, dataset: Mapping, result: Mapping) -> IndexResult:
    shots = child_at(dataset.get("args") or dataset, "num_few_shot")
    count = shots.value if isinstance(shots, Scalar) else None
    source = result.get("source")
    return IndexResult(
        dataset=name,
        dataset_name=text_at(dataset, "name"),
        config=text_at(dataset, "config"),
        split=text_at(dataset, "split"),
        revision=text_at(dataset, "revision"),
        metrics=tuple(_metrics(result)),
        shots=count if isinstance(count, int) and not isinstance(count, bool) else None,
        source_url=text_at(source, "url"),
        source_name=text_at(source, "name"),
        line=result.place.line,
    )


def _metrics(result: Mapping) -> Iterator[IndexMetric]:
    for metric in mappings(result.get("metrics")):
        value = metric.get("value")
        if isinstance(value, Scalar) and is_score(value.value):
            yield IndexMetric(text_at(metric, "type") or text_at(metric, "name") or "", float(value.value))


def mappings(node: Node | None) -> Iterator[Mapping]:
    """The mappings of a list."""
    if isinstance(node, Sequence):
        yield from (item for item in node.items if isinstance(item, Mapping))


def texts(node: Node | None) -> Iterator[str]:
    """A text, or the texts of a list."""
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    yield from (item.text for item in items if isinstance(item, Scalar) and isinstance(item.value, str))


def text_at(node: Node | None, key: str) -> str | None:
    """The text under a key, or the first of a list of them."""
    return next(iter(texts(child_at(node, key))), None) if node is not None else None
