"""What readers of YAML 1.1 make of a scalar that YAML 1.2 reads otherwise.

The Hub reads 1.2; huggingface_hub and Inspect read with PyYAML, which follows 1.1 in its own way. The patterns are
those of `yaml/resolver.py` and the conversions those of `yaml/constructor.py` in PyYAML 6.0.
"""

import re
from datetime import date
from typing import NamedTuple

from evalmark.formats.scalars import resolve

# Nobody writes a longer number, and PyYAML takes long over one of base sixty.
LONGEST_CONVERTED = 300

# What begins otherwise is the same in both.
MAY_DIFFER = frozenset("-+.0123456789yYnNoO=<")
_BOOLEANS = {
    word: value
    for value, words in ((True, ("yes", "on")), (False, ("no", "off")))
    for lower in words
    for word in (lower, lower.capitalize(), lower.upper())
}
_SAME_IN_BOTH = re.compile(r"[-+]?(?:0|[1-9][0-9]*|[0-9]+\.[0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_OCTAL = re.compile(r"[-+]?0[0-7_]+")
_HEXADECIMAL = re.compile(r"[-+]?0x[0-9a-fA-F_]+")
_BINARY = re.compile(r"[-+]?0b[0-1_]+")
_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?")
_BASE_SIXTY = re.compile(r"[-+]?(?:[1-9][0-9_]*(?::[0-5]?[0-9])+|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?"
)
_BASES = ((_BINARY, 2), (_HEXADECIMAL, 16), (_OCTAL, 8), (_DECIMAL, 10))


class OlderReading(NamedTuple):
    """What a reader of YAML 1.1 gets, in words; `number` if it is one, `is_date` if it is a date or a time."""

    words: str
    number: int | float | None = None
    is_date: bool = False


_TEXT = OlderReading("a text")
_REFUSED = OlderReading("an error that hides the whole file")


def older_reading(text: str) -> OlderReading | None:
    """What YAML 1.1 makes of a scalar without quotes, or None if it is the same in 1.2."""
    if text[:1] not in MAY_DIFFER or _SAME_IN_BOTH.fullmatch(text):
        return None
    if text in _BOOLEANS:
        return OlderReading(f"`{str(_BOOLEANS[text]).lower()}`")
    if text in ("=", "<<"):
        return _REFUSED
    if text[:1].isalpha():  # no number and no date
        return None
    return _date_reading(text) or _number_reading(text)


def _date_reading(text: str) -> OlderReading | None:
    match = _DATE.fullmatch(text) or _TIME.fullmatch(text)
    if match is None:
        return None
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return OlderReading(_REFUSED.words, is_date=True)
    return OlderReading("a date", is_date=True)


def _number_reading(text: str) -> OlderReading | None:
    if len(text) > LONGEST_CONVERTED:
        return None
    now = resolve(text)
    try:
        older = _older_number(text)
    except ValueError:  # `0x_` has the form of a number, and PyYAML falls over it
        return _REFUSED
    if isinstance(now, str):
        return OlderReading(f"the number {older}", older) if older is not None else None
    if older is not None:
        return OlderReading(f"the number {older}", older) if older != now else None
    return None if now is None or _SPECIAL_FLOAT.fullmatch(text) else _TEXT


def _older_number(text: str) -> int | float | None:
    digits = text.replace("_", "")
    for pattern, base in _BASES:
        if pattern.fullmatch(text):
            return int(digits, base)
    if _FLOAT.fullmatch(text):
        return float(digits)
    return _in_base_sixty(digits) if _BASE_SIXTY.fullmatch(text) else None


def _in_base_sixty(digits: str) -> int | float:
    sign = -1 if digits.startswith("-") else 1
    total: int | float = 0
    for part in digits.lstrip("-+").split(":"):
        total = total * 60 + (float(part) if "." in part else int(part))
    return sign * total
