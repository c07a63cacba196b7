"""The front matter of a model's README.md, as far as it says what the model was made from and what it scored.

Sources: "Model cards" in huggingface/hub-docs (`base_model`, `base_model_relation`), and the metadata `model-index` of
Papers with Code, which huggingface_hub 2.4 still reads (`repocard_data.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evalmark.formats.document import read_document
from evalmark.formats.edits import is_score
from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence

MOST_SCORES: Final = 500
_FRONT_MATTER: Final = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)\r?\n---", re.DOTALL)
_REPO: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CardScore:
    """A score that the card tells. All but the value is foreign text."""

    dataset_id: str
    config: str | None
    metric: str
    value: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a card says of its model. `base_model` is the first, if several are named."""

    base_model: str | None = None
    base_relation: str | None = None
    scores: tuple[CardScore, ...] = ()


def read_model_card(readme: bytes) -> ModelCard:
    """Read a card. What is not as it should be is left out: the card is not ours to judge."""
    front = _FRONT_MATTER.match(readme)
    root = read_document("README.md", front[1]).root if front else None
    if not isinstance(root, Mapping):
        return ModelCard()
    bases = [text for text in _texts(root.get("base_model")) if _REPO.fullmatch(text)]
    relation = next(iter(_texts(root.get("base_model_relation"))), None)
    scores = tuple(_scores(root.get("model-index")))[:MOST_SCORES]
    return ModelCard(bases[0] if bases else None, relation if bases else None, scores)


def _scores(index: Node | None) -> Iterator[CardScore]:
    for model in _mappings(index):
        for result in _mappings(model.get("results")):
            dataset = result.get("dataset")
            if isinstance(dataset, Mapping):
                yield from _of_dataset(dataset, result)


def _of_dataset(dataset: Mapping, result: Mapping) -> Iterator[CardScore]:
    name = next(iter(_texts(dataset.get("type"))), None)
    config = next(iter(_texts(dataset.get("config"))), None)
    for metric in _mappings(result.get("metrics")):
        value = metric.get("value")
        if name and isinstance(value, Scalar) and is_score(value.value):
            kind = next(iter(_texts(metric.get("type"))), "") or next(iter(_texts(metric.get("name"))), "")
            yield CardScore(name, config, kind, float(value.value))


def _mappings(node: Node | None) -> Iterator[Mapping]:
    if isinstance(node, Sequence):
        yield from (item for item in node.items if isinstance(item, Mapping))


def _texts(node: Node | None) -> Iterator[str]:
    """A text, or the texts of a list."""
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    yield from (item.text for item in items if isinstance(item, Scalar) and isinstance(item.value, str))
