"""Edits of a file's text that mend what has one right answer. Each is None where there is none."""

import math
import re
from typing import TypeGuard

from evalmark.finding import Replace
from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence

# What may stand between double quotes as it is.
_NEEDS_NO_ESCAPE = re.compile(r"[^\"\\\x00-\x1f\x7f-\x9f\n]*")


def replaced(node: Node, text: str) -> Replace | None:
    """Write `text` instead of a scalar of one line."""
    if not isinstance(node, Scalar) or node.end is None or node.end[0] != node.place.line or not node.text:
        return None
    return Replace(node.place.line, node.place.column, *node.end, text)


def quoted(node: Node) -> Replace | None:
    """Put a scalar in quotes."""
    if not isinstance(node, Scalar) or not node.plain or not _NEEDS_NO_ESCAPE.fullmatch(node.text):
        return None
    return replaced(node, f'"{node.text}"')


def renamed_key(key: Scalar, around: Mapping, name: str | None) -> Replace | None:
    """Write another name for a key, if the mapping does not have that name and the value fits it."""
    value = around.get(key.text)
    if name is None or around.get(name) is not None or not _fits(name, value):
        return None
    return replaced(key, name)


def is_score(value: object) -> TypeGuard[float]:
    """Whether a value can be a score: a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _fits(name: str, value: Node | None) -> bool:
    """Whether the value under a wrong key can be kept as it is: `metrics:` with a list is no `value:`."""
    if name == "value":
        return isinstance(value, Scalar) and is_score(value.value)
    if name == "scorers":
        return isinstance(value, Sequence)
    return isinstance(value, Scalar) and isinstance(value.value, str)
