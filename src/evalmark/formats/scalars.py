"""Plain scalars by the core schema of YAML 1.2 (section 10.3), the one the Hub reads."""

import re

LONGEST_EXACT_INTEGER = 18

_CONSTANTS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((sign + word for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"0o[0-7]{1,16}|0x[0-9a-fA-F]{1,16}")
# What begins otherwise is text. (An empty slice is in every text, so an empty scalar goes the long way.)
_BEGINNINGS = "-+.0123456789~nNtTfF"


def resolve(text: str) -> str | int | float | bool | None:
    """The value of a scalar written without quotes.

    Unlike YAML 1.1, `yes`, `1:30` and `2026-01-15` are text, `1e3` is a number and `012` is twelve.
    An integer of more than 18 characters becomes a float, as in the Hub's JavaScript: converting
    200 kB of digits exactly would take minutes.
    """
    if text[:1] not in _BEGINNINGS:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    # `name`, `notes` and `task_id` begin as a constant does, and every entry has them.
    return text if text[0].isalpha() else _number(text)


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text) and len(text) <= LONGEST_EXACT_INTEGER:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, base=0)
    return text
