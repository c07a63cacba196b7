"""Values as YAML text that readers of 1.1 and 1.2 read alike."""

import json
import re
from decimal import Decimal
from typing import Any

from evalmark.formats.older_yaml import older_reading
from evalmark.formats.scalars import resolve

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9_./+()@-]|(?<![ ]) (?=[^ ]))*(?<! )")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9_./+@%=&?~-]*)?")


def scalar_text(text: str) -> str:
    """A text, without quotes where every reader takes it for the same text without them."""
    is_plain = _PLAIN.fullmatch(text) or _ADDRESS.fullmatch(text)
    if is_plain and resolve(text) == text and older_reading(text) is None:
        return text
    return quoted_text(text)


def quoted_text(text: str) -> str:
    """A text in double quotes. What cannot be seen is written as an escape."""
    return json_text(text)


def json_text(value: Any) -> str:
    """Strings, and mappings of them, as JSON that is YAML too: only JSON puts halves of a character together."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(ord(char)) for char in text)


def _escaped(point: int) -> str:
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def number_text(value: float) -> str:
    """A finite number with a point and without an exponent, which YAML 1.1 would take for a text: `57.0`."""
    digits = format(Decimal(repr(float(value))), "f")
    return digits if "." in digits else f"{digits}.0"
