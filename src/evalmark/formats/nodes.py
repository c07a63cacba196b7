"""A file as a tree of values that know where they stand."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from pydantic import JsonValue

from evalmark.finding import Place

LONGEST_SHOWN = 60

_WHITE_SPACE = re.compile(r"\s+")


class Scalar(NamedTuple):
    """One value. `text` is what the file says, `plain` that it was written without quotes.

    `end` is the line and column behind its last character, from 1; None in a TOML file.
    A tuple for the reason that `Place` is one.
    """

    value: str | int | float | bool | None
    text: str
    plain: bool
    place: Place
    end: tuple[int, int] | None = None


class Sequence(NamedTuple):
    """A list."""

    items: tuple["Node", ...]
    place: Place


class Mapping(NamedTuple):
    """Keys and values in the file's order. Keys are text and unique; each has its own place."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value of `key`, or None if the mapping does not have it."""
        for scalar, value in self.pairs:
            if scalar.text == key:
                return value
        return None


Node: TypeAlias = Scalar | Sequence | Mapping


def plain_data(node: Node) -> JsonValue:
    """The same values as dicts, lists and scalars, for pydantic."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node.items]
    return {key.text: plain_data(value) for key, value in node.pairs}


def child_at(node: Node, part: str | int) -> Node | None:
    """The child under a key or at an index, or None if there is none."""
    match node:
        case Mapping() if isinstance(part, str):
            return node.get(part)
        case Sequence() if isinstance(part, int) and part < len(node.items):
            return node.items[part]
    return None


def is_null(node: Node | None) -> bool:
    """Whether nothing stands there: no node, `null` or an empty value."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def nodes_below(node: Node) -> Iterator[Node]:
    """Every node under `node`, in the file's order."""
    children = node.items if isinstance(node, Sequence) else ()
    if isinstance(node, Mapping):
        children = tuple(value for _, value in node.pairs)
    for child in children:
        yield child
        yield from nodes_below(child)


def places_below(node: Node) -> dict[str, Place]:
    """The place of every field under `node`, by its pointer seen from `node`: `source.url`."""
    start = len(node.place.pointer)
    return {child.place.pointer[start:].lstrip("."): child.place for child in nodes_below(node)}


@lru_cache(maxsize=4096)  # the keys of a format are few, and every file has them all
def child_pointer(parent: str, part: str | int) -> str:
    """The Hub's notation for a child: `[18]` and `url` below `source` make `[18].source.url`."""
    if isinstance(part, int):
        return f"{parent}[{part}]"
    # A key is cut: 20,000 children under a key of 30 kB would otherwise need 600 MB of pointers.
    return f"{parent}.{shown(part)}" if parent else shown(part)


def shown(text: str) -> str:
    """Foreign text for a message: one line, no invisible characters, at most 60 characters."""
    if len(text) <= LONGEST_SHOWN and text.isascii() and text.isprintable() and "  " not in text:
        return text  # nearly always, and a file has a hundred keys
    line = _WHITE_SPACE.sub(" ", text[: 2 * LONGEST_SHOWN])
    visible = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    return visible if len(visible) <= LONGEST_SHOWN else visible[: LONGEST_SHOWN - 1] + "…"


def described(node: Node) -> str:
    """What stands there, in words: "the text `20.9%`", "a list", "nothing"."""
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(value=None):
            return f"`{node.text}`" if node.text else "nothing"
        case Scalar(value=str()):
            return f"the text `{shown(node.text)}`" if node.text else "an empty text"
        case Scalar(value=bool()):
            return f"`{node.text}`"
    return f"the number `{shown(node.text)}`"
