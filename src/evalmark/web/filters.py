"""What stands behind the question mark of an address, as a question to a board. One meaning for pages and API."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar, get_args

from evalmark.board import RUNGS
from evalmark.flows.boards import Sort
from evalmark.query import MOST_ROWS, PAGE, BoardFilter, Page
from evalmark.report.escape import plain

NAMES: Final = (
    "q", "owner", "verified", "signed", "min_rung", "since", "size_min", "size_max", "base_only", "best", "sort",
    "page", "per_page",
)  # fmt: skip
"""The parameters that mean something here; others are left to whoever knows them."""
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
LONGEST: Final = 200
MOST_PAGES: Final = 1_000_000
YES: Final = ("1", "true", "yes", "on")
NO: Final = ("0", "false", "no", "off")
_TIMES: Final = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_SIZE: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,6})?) ?([KMBT]?)", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
T = TypeVar("T")


class BadFilter(ValueError):
    """A parameter says nothing that can be done; the message says in a sentence what it must be."""


def parse_filter(query: Mapping[str, str]) -> tuple[BoardFilter, Sort, Page]:
    """Which rows of a board, in which order, and which part of them. Raises `BadFilter`."""
    given = known(query)
    wanted = BoardFilter(
        verified=_read(given, "verified", _yes, default=False),
        signed=_read(given, "signed", _yes, default=False),
        min_rung=_read(given, "min_rung", _rung, default=None),
        owner=given.get("owner"),
        since=_read(given, "since", _day, default=None),
        smallest=_read(given, "size_min", _size, default=None),
        largest=_read(given, "size_max", _size, default=None),
        base_only=_read(given, "base_only", _yes, default=False),
        search=given.get("q"),
        best=_read(given, "best", _yes, default=False),
    )
    sort: Sort = _read(given, "sort", _sort, default=SORTS[0])
    return wanted, sort, parse_page(given)


def parse_page(query: Mapping[str, str]) -> Page:
    """Which part of a list. Raises `BadFilter`."""
    given = known(query)
    length = _read(given, "per_page", _whole(MOST_ROWS), default=PAGE)
    return Page((_read(given, "page", _whole(MOST_PAGES), default=1) - 1) * length, length)


def known(query: Mapping[str, str]) -> dict[str, str]:
    """The parameters that mean something and are filled in, in their usual order. Raises `BadFilter`."""
    given = {name: query[name].strip() for name in NAMES if query.get(name, "").strip()}
    for name, value in given.items():
        if len(value) > LONGEST or not value.isprintable():
            raise BadFilter(f"`{name}` must be at most {LONGEST} visible characters")
    return given


def _read(given: Mapping[str, str], name: str, meaning: Callable[[str, str], T], *, default: T) -> T:
    return meaning(name, given[name]) if name in given else default


def _yes(name: str, value: str) -> bool:
    if value.lower() not in (*YES, *NO):
        raise BadFilter(f"`{name}` must be 1 or 0, not {_shown(value)}")
    return value.lower() in YES


def _rung(name: str, value: str) -> str:
    if value not in RUNGS:
        raise BadFilter(f"`{name}` must be one of {', '.join(RUNGS)}, not {_shown(value)}")
    return value


def _sort(name: str, value: str) -> Sort:
    for sort in SORTS:
        if value == sort:
            return sort
    raise BadFilter(f"`{name}` must be one of {', '.join(SORTS)}, not {_shown(value)}")


def _day(name: str, value: str) -> datetime:
    try:
        if _DATE.fullmatch(value):
            return datetime.combine(date.fromisoformat(value), time(), UTC)
    except ValueError:
        pass
    raise BadFilter(f"`{name}` must be a day such as 2026-01-31, not {_shown(value)}")


def _size(name: str, value: str) -> int:
    found = _SIZE.fullmatch(value.upper())
    if found is None:
        raise BadFilter(f"`{name}` must be a number of parameters such as 7B or 500M, not {_shown(value)}")
    # Beyond what a database's integer holds no model lies either.
    return min(round(float(found[1]) * _TIMES[found[2]]), 2**62)


def _whole(most: int) -> Callable[[str, str], int]:
    def whole(name: str, value: str) -> int:
        if not (value.isascii() and value.isdigit()) or len(value) > 9 or not 1 <= int(value) <= most:
            raise BadFilter(f"`{name}` must be a whole number from 1 to {most}, not {_shown(value)}")
        return int(value)

    return whole


def _shown(value: str) -> str:
    return f"“{plain(value, 40)}”"
