"""What a dataset's README.md says that an author need not be asked for, and what a benchmark's must say.

Without `configs`, `datasets` looks for splits among the names of files, and takes `eval.yaml` for rows of the split
`test` (measured with 5.2; `SPLIT_KEYWORDS` in `datasets/data_files.py`).
"""

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
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
    names_files: bool = False


def read_card(readme: bytes) -> Card:
    """Read a card. What is not as it should be is left out."""
    text = readme.decode("utf-8", "replace").replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    rest = text[front.end() :] if front else text
    root = read_document("README.md", front[1].encode()).root if front else None
    licence, pretty = (_said(root, key) for key in ("license", "pretty_name"))
    title = next((line.lstrip("# ").strip() for line in rest.split("\n") if line.startswith("# ")), None)
    names_files = isinstance(root, Mapping) and root.get("configs") is not None
    return Card(licence, pretty or title or None, _summary(rest), names_files)


def with_files(readme: bytes | None, splits: Mapping_[str, tuple[str, ...]], otherwise: str) -> bytes:
    """The card with `configs` that says which file is which split; `otherwise` is its text if there is none."""
    text = readme.decode("utf-8", "replace") if readme is not None else otherwise
    end = "\r\n" if "\r\n" in text else "\n"
    said = "".join(f"{line}{end}" for line in _configs(splits))
    front = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    if front is None:
        return f"---{end}{said}---{end}{end}{text}".encode()
    first, _, rest = text.partition("---")
    head, _, _ = rest.partition(f"{end}---")
    return f"{first}---{head}{end}{said}---{rest[len(head) + len(end) + 3 :]}".encode()


def _configs(splits: Mapping_[str, tuple[str, ...]]) -> Iterator[str]:
    yield "configs:"
    yield "  - config_name: default"
    yield "    data_files:"
    for split, files in splits.items():
        yield f"      - split: {split}"
        if len(files) == 1:
            yield f"        path: {json.dumps(files[0], ensure_ascii=False)}"
            continue
        yield "        path:"
        for file in files:
            yield f"          - {json.dumps(file, ensure_ascii=False)}"


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
