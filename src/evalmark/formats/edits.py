"""Edits of a file's text that mend what has one right answer. Each is None where there is none."""

import math
import re
from collections.abc import Iterable
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


def edited(content: bytes, edits: Iterable[Replace]) -> bytes:
    """The bytes with the edits made. Of two that overlap only the first is."""
    text = content.decode("utf-8", "surrogateescape")
    starts = _line_starts(text)
    spans = sorted(
        {
            (_offset(starts, edit.line, edit.column), _offset(starts, edit.end_line, edit.end_column), edit.text)
            for edit in edits
        }
    )
    parts, done = [], 0
    for begin, end, replacement in spans:
        if begin >= done:
            parts += [text[done:begin], replacement]
            done = end
    return "".join([*parts, text[done:]]).encode("utf-8", "surrogateescape")


def _offset(starts: list[int], line: int, column: int) -> int:
    """Of a place in the text; one behind the last line is the text's end."""
    return starts[min(line, len(starts)) - 1] + column - 1


def _line_starts(text: str) -> list[int]:
    """Offsets of the lines as YAML counts them: after LF, CR or both. A byte order mark is no column."""
    start = len(text) - len(text.removeprefix("\ufeff"))
    starts = [start]
    for position, character in enumerate(text):
        if character == "\n" or (character == "\r" and text[position + 1 : position + 2] != "\n"):
            starts.append(position + 1)
    return starts if starts[-1] == len(text) else [*starts, len(text)]


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
