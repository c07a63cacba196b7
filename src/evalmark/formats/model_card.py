"""The front matter of a model's README.md, as far as it says what the model was made from and what it scored.

Sources: "Model cards" in huggingface/hub-docs (`base_model`, `base_model_relation`), and the metadata `model-index` of
Papers with Code, which huggingface_hub 2.4 still reads (`repocard_data.py`).
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from evalmark.formats.document import Document, read_document
from evalmark.formats.model_index import index_results, text_at, texts
from evalmark.formats.nodes import Mapping
from evalmark.formats.text import LARGEST_FILE

MOST_SCORES: Final = 500
_FRONT_MATTER: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*---[ \t]*\r?\n(.*?)\r?\n---", re.DOTALL)
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
    root = front_matter(readme).root
    if not isinstance(root, Mapping):
        return ModelCard()
    bases = [text for text in texts(root.get("base_model")) if _REPO.fullmatch(text)]
    relation = text_at(root, "base_model_relation")
    scores = (
        CardScore(result.dataset, result.config, metric.kind, metric.value)
        for result in index_results(root.get("model-index"))
        for metric in result.metrics
    )
    return ModelCard(bases[0] if bases else None, relation if bases else None, tuple(islice(scores, MOST_SCORES)))


def front_matter(readme: bytes, largest: int = LARGEST_FILE) -> Document:
    """The YAML at the top of a card, without a root if there is none. Its lines are counted as those of the card."""
    front = _FRONT_MATTER.match(readme)
    if front is None:
        return Document(None, ())
    above = b"\n" * readme.count(b"\n", 0, front.start(1))
    return read_document("README.md", above + front[1], largest)
