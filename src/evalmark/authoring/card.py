"""What a dataset's README.md says that an author need not be asked for."""

import re
from dataclasses import dataclass
from typing import Final

from evalmark.formats.document import read_document
from evalmark.formats.nodes import Mapping, Scalar, Sequence

LONGEST: Final = 300
_FRONT_MATTER: Final = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_NO_SENTENCE: Final = re.compile(r"[#<>|!`\[*+=-]|\d+\.")
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE: Final = re.compile(r".+?[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Card:
    """None is what it does not say. All is the author's own text."""

    licence: str | None = None
    title: str | None = None
    summary: str | None = None


def read_card(readme: bytes) -> Card:
    """Read a card. What is not as it should be is left out."""
    text = readme.decode("utf-8", "replace").replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    rest = text[front.end() :] if front else text
    root = read_document("README.md", front[1].encode()).root if front else None
    licence, pretty = (_said(root, key) for key in ("license", "pretty_name"))
    title = next((line.lstrip("# ").strip() for line in rest.split("\n") if line.startswith("# ")), None)
    return Card(licence, pretty or title or None, _summary(rest))


def _said(root: object, key: str) -> str | None:
    node = root.get(key) if isinstance(root, Mapping) else None
    first = node.items[0] if isinstance(node, Sequence) and node.items else node
    return first.text if isinstance(first, Scalar) and isinstance(first.value, str) else None


def _summary(text: str) -> str | None:
    """The first sentence of the first paragraph that is one."""
    for paragraph in re.split(r"\n\s*\n", text):
        words = _LINK.sub(r"\1", " ".join(paragraph.split()))
        if words and not _NO_SENTENCE.match(words):
            sentence = _SENTENCE.match(words)
            return (sentence[0] if sentence else words)[:LONGEST]
    return None
