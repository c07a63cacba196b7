"""The front matter of a dataset's README.md, as far as it says where the rows lie.

`configs[].data_files` may name any address, which `datasets` asks for on the machine that reruns the benchmark.
Source: "Data files configuration" in huggingface/hub-docs, `docs/hub/datasets-data-files-configuration.md`.
"""

import re
from collections.abc import Iterator

from evalmark.finding import has_error
from evalmark.formats.document import read_document
from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence

LARGEST_CARD = 1 << 20
_FRONT_MATTER = re.compile(rb"\A\s*---[ \t]*\r?\n(.*?)\r?\n---", re.DOTALL)
_SAYS_WHERE = re.compile(rb"data_files|data_dir")
_SECTION = re.compile(rb"^[\"']?configs[\"']?\s*:.*?(?=^[^\s#-]|\Z)", re.DOTALL | re.MULTILINE)
_DOUBTFUL = re.compile(
    rb"\S*://\S*|[:\s\[,-][\"']?[/~\\]\S*|\.\./|(?<![\w*])\*[\w-]+\s*$|&\w+|<<|[\w+.-]+::", re.MULTILINE
)
_OUTSIDE = re.compile(r".*://|[/~\\]|.*\.\.|[\w+.-]+::", re.DOTALL)


def rows_outside(card: bytes) -> str | None:
    """The first place of rows that is not inside the repo itself; None if all are.

    Where the front matter is not YAML as we read it (it may be large and deep), its part `configs` is looked through as
    text, and no anchor or alias may stand in it, which could bring anything from elsewhere.
    """
    front = _FRONT_MATTER.match(card)
    if front is None or not _SAYS_WHERE.search(front[1]):
        return None
    document = read_document("README.md", front[1])
    if not isinstance(document.root, Mapping) or has_error(document.findings):
        section = _SECTION.search(front[1])
        doubtful = section and _DOUBTFUL.search(section[0])
        return doubtful[0].decode("utf-8", "replace").strip() if doubtful else None
    configs = document.root.get("configs")
    return next((text for text in _texts(configs) if _OUTSIDE.match(text)), None) if configs is not None else None


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
        return
    inside = node.items if isinstance(node, Sequence) else tuple(value for _, value in node.pairs)
    for item in inside:
        yield from _texts(item)
