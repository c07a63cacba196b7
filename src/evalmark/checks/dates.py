"""`date`: ISO 8601, in quotes, and not in the future."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from evalmark.checks.registry import found
from evalmark.finding import Finding, Replace
from evalmark.formats.edits import quoted, replaced
from evalmark.formats.nodes import Mapping, Scalar, described, shown
from evalmark.formats.older_yaml import older_reading

# Python takes any character between date and time; ISO 8601 has `T`, and RFC 3339 allows a space.
_DATE_AND_TIME = re.compile(r"[0-9W-]{7,10}(?:[Tt ][0-9:.,+Zz-]{2,40})?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
# Somewhere it is already tomorrow.
_TIME_ZONES = timedelta(days=1)


def date_findings(entry: Mapping, now: date) -> Iterator[Finding]:
    """What is wrong with an entry's date. Not a text at all is found by the parser."""
    node = entry.get("date")
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return
    day = _day(node.value)
    if day is None:
        yield _form(node)
        return
    if node.plain and older_reading(node.text) is not None:
        yield found(
            "date-not-quoted",
            node.place,
            "`date` without quotes is a date, and no text, to huggingface_hub and other readers of YAML 1.1",
            f'put it in quotes: "{node.text}"',
            quoted(node),
        )
    if day - now > _TIME_ZONES:
        yield found(
            "date-in-future",
            node.place,
            f"`date` is {shown(node.text)}, and today is {now.isoformat()}",
            "write the day on which the score was measured",
        )


def _day(text: str) -> date | None:
    if not _DATE_AND_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.upper()).date()
    except ValueError:
        return None


def _form(node: Scalar) -> Finding:
    fix = _year_first(node)
    return found(
        "date-form",
        node.place,
        f"`date` must be an ISO 8601 date or datetime, but it is {described(node)}",
        f"write {fix.text}" if fix else 'write year, month and day, such as "2026-01-15", or "2026-01-15T10:30:00Z"',
        fix,
    )


def _year_first(node: Scalar) -> Replace | None:
    match = _YEAR_FIRST.fullmatch(node.text)
    text = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else ""
    return replaced(node, f'"{text}"') if _day(text) else None
