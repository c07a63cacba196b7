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
    """A number of a result. `kind` is the metric's type, which several may share; `name` is for people."""

    kind: str
    value: float
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """What is no score, and why. `what` is foreign text."""

    line: int
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class IndexResult:
    """The metrics of one dataset. All but the numbers is foreign text; `line` is that of the result in the card."""

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
    """The results of a `model-index`. What is not as it should be is left out."""
    for model in mappings(index):
        for result in mappings(model.get("results")):
            dataset = result.get("dataset")
            name = text_at(dataset, "type")
            if isinstance(dataset, Mapping) and name:
                yield _result(name, dataset, result)


def unusable_in(index: Node | None) -> Iterator[Unusable]:
    """What `index_results` leaves out, for the card's owner to see."""
    for model in mappings(index):
        for result in mappings(model.get("results")):
            dataset = result.get("dataset")
            named = text_at(dataset, "type")
            shown = named or text_at(dataset, "name") or "a result"
            if named is None:
                yield Unusable(result.place.line, shown, "it has no `dataset.type`, the name on the Hub")
            else:
                yield from _no_scores(shown, result)


def _no_scores(shown: str, result: Mapping) -> Iterator[Unusable]:
    metrics = list(mappings(result.get("metrics")))
    for metric in metrics:
        value = metric.get("value")
        if not isinstance(value, Scalar) or not is_score(value.value):
            kind = text_at(metric, "type") or text_at(metric, "name") or "a metric"
            said = value.text if isinstance(value, Scalar) else "no single value"
            yield Unusable(metric.place.line, f"{shown}: {kind} = {said}", "its value is no number; in YAML write 57.1")
    if not metrics:
        yield Unusable(result.place.line, shown, "it has no metrics")


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
            name = text_at(metric, "name")
            yield IndexMetric(text_at(metric, "type") or name or "", float(value.value), name)


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
