"""The page of a board: its rows, what is asked of them, and its charts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from evalmark.board import BoardPage, RankedClaim
from evalmark.flows.boards import EVERYTHING, Sort, board_page
from evalmark.ports import Records
from evalmark.query import PAGE, BoardFilter, Condition, Page, of_board
from evalmark.record import ClaimRecord, TaskRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web import filters
from evalmark.web.site import addresses, charts
from evalmark.web.site.remembering import Remembered
from evalmark.web.site.rendering import Look, PageAnswer, environment, html
from evalmark.web.site.rows import Row, Span, claim_address, make_row

CHUNK: Final = 1000
"""Rows in one file of data."""
MOST_CHARTED: Final = 10_000
FIRST_CHARTED: Final = Page(0, MOST_CHARTED)
FIRST: Final = Page(0, PAGE)
COLUMNS: Final[Mapping[Sort, tuple[str, str]]] = {
    "rank": ("Rank", "ascending"),
    "model": ("Model", "ascending"),
    "score": ("Score", "descending"),
    "evidence": ("Evidence", "descending"),
    "date": ("Changed", "descending"),
}
_SORTS: Final[Mapping[Sort, str]] = {
    "rank": "rank",
    "model": "model, A to Z",
    "score": "score, highest first",
    "date": "last change, newest first",
    "evidence": "evidence, strongest first",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that rows can be sorted by."""

    label: str
    sort: Sort
    href: str
    direction: str | None


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a list, and the ways from there."""

    first: int
    last: int
    total: int
    number: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of a board."""

    given: Mapping[str, str]
    wanted: BoardFilter = EVERYTHING
    sort: Sort = "rank"
    page: Page = FIRST
    wrong: str | None = None

    @property
    def narrowed(self) -> bool:
        """More or less than all rows in order of rank."""
        return bool(self.given.keys() - {"page"})


def asked(query: Mapping[str, str], number: int) -> Asked:
    """What an address asks; if it makes no sense, why, and all rows."""
    try:
        given = filters.known(query)
        if "page" not in given and number > 1:
            given = {**given, "page": str(number)}
        return Asked(given, *filters.parse_filter(given))
    except filters.BadFilter as error:
        return Asked({}, wrong=str(error))


def answer(
    records: Remembered, task: TaskRecord, number: int, query: Mapping[str, str], look: Look
) -> PageAnswer | None:
    """A page of a board; None if the board has no such page."""
    asks = asked(query, number)
    found = board_page(records, task, asks.wanted, asks.page, asks.sort)
    if not found.rows and asks.page.offset:
        return None
    home = addresses.board(task.dataset_id, task.task_id)
    here = addresses.page(home, number)
    span = span_of(records, task)
    return html(
        "board.html",
        here,
        look,
        status=400 if asks.wrong else 200,
        board=heading_of(task, look),
        rows=rows_of(found, span, look),
        scale=_scale(found, span),
        headings={each.sort: each for each in headings(home, here, asks)},
        sorts=_SORTS,
        asks=asks,
        home=home,
        form=addresses.relative(here, home),
        pager=pager(found.total, asks, lambda page: address(home, here, asks, page)),
        chunks=-(-found.total // CHUNK) if look.static else 0,
        rung_names=tuple(words.RUNGS),
        charts=drawn(records, task, look) if asks.page.offset == 0 else (),
    )


def heading_of(task: TaskRecord, look: Look) -> dict[str, Any]:
    """What stands above the rows."""
    facts = [
        ("Unit", {"declared": "{}", "board": "{} (as most claims)"}.get(task.unit_from, "unknown").format(task.unit)),
        ("Better is", "lower" if task.lower_is_better else "higher"),
        ("Run by", plain(task.framework or "", 60)),
        ("Benchmark at", plain(task.revision or "", 50)[:10]),
        ("Last change", words.day(task.changed_at)),
    ]
    return {
        "name": plain(task.name or "", 120) or plain(task.dataset_id, 120),
        "benchmark": plain(task.dataset_id, 120),
        "dataset": look.hosts.dataset(task.dataset_id),
        "task": plain(task.task_id, 120),
        "about": plain(task.description or "", 600),
        "known": task.known,
        "lower": task.lower_is_better,
        "facts": [(name, value) for name, value in facts if value],
        "counts": (
            ("claims", task.claims),
            ("models", task.models),
            ("verified", task.verified),
            ("disputed", task.disputed),
        ),
    }


def span_of(records: Records, task: TaskRecord) -> Span:
    """Where the scores of the whole board lie, so that all its pages draw to one scale."""
    where, one = of_board(task.dataset_id, task.task_id), Page(0, 1)
    lowest = records.find(ClaimRecord, where, ("score_low",), one)
    highest = records.find(ClaimRecord, where, ("-score_high",), one)
    return Span(lowest[0].score_low, highest[0].score_high) if lowest and highest else Span(0, 1)


def _scale(found: BoardPage, span: Span) -> str:
    unit = found.task.unit
    ends = f"{words.number(span.low, unit)} to {words.with_unit(words.number(span.high, unit), unit)}"
    return f", from {ends}" if found.rows else ""


def rows_of(found: BoardPage, span: Span, look: Look) -> tuple[Row, ...]:
    """The rows of a page."""
    return tuple(make_row(row, found.task, span, look.hosts, look.has_page) for row in found.rows)


def drawn(records: Remembered, task: TaskRecord, look: Look) -> tuple[charts.Chart, ...]:
    """The charts of a board."""
    return records.once((task.dataset_id, task.task_id), lambda: _drawn(records, task, look))


def _drawn(records: Records, task: TaskRecord, look: Look) -> tuple[charts.Chart, ...]:
    where = of_board(task.dataset_id, task.task_id)
    claims = records.find(ClaimRecord, where, ("place",), FIRST_CHARTED)
    if len(claims) == MOST_CHARTED:
        # What a rerun contradicted stands last, and must not be missing.
        reruns = records.find(ClaimRecord, (*where, Condition("measured", "is not null")), ("place",), FIRST_CHARTED)
        claims = tuple({each.id: each for each in (*claims, *reruns)}.values())
    home = addresses.board(task.dataset_id, task.task_id)

    def link(claim: ClaimRecord) -> str:
        return addresses.relative(home, claim_address(claim, look.has_page))

    made = (charts.over_time(task, claims, link), charts.against_claimed(task, claims, link))
    return tuple(chart for chart in made if chart is not None)


def chart_file(records: Remembered, task: TaskRecord, name: str, look: Look) -> PageAnswer | None:
    """What a chart shows; None if the board has no such chart."""
    found = next((chart for chart in drawn(records, task, look) if chart.id == name), None)
    return PageAnswer(200, "application/json", charts.as_file(found.spec)) if found else None


def address(home: addresses.Address, here: addresses.Address, asks: Asked, page: int) -> str:
    """Another page of the same rows."""
    if not asks.narrowed:
        return addresses.relative(here, addresses.page(home, page))
    given = {name: value for name, value in asks.given.items() if name != "page"}
    return f"{addresses.relative(here, home)}?{urlencode({**given, 'page': page} if page > 1 else given)}"


def headings(home: addresses.Address, here: addresses.Address, asks: Asked) -> Iterator[Heading]:
    """The columns to sort by, each with its address; the first page of the other order."""
    for sort, (label, direction) in COLUMNS.items():
        given = {name: value for name, value in asks.given.items() if name not in ("page", "sort")}
        other = replace(asks, given=given if sort == "rank" else {**given, "sort": sort})
        yield Heading(label, sort, address(home, here, other, 1), direction if asks.sort == sort else None)


def pager(total: int, asks: Asked, to_page: Any) -> Pager:
    """Where one is in the list."""
    length = asks.page.limit or PAGE
    number = asks.page.offset // length + 1
    pages = max(-(-total // length), 1)
    return Pager(
        first=min(asks.page.offset + 1, total),
        last=min(asks.page.offset + length, total),
        total=total,
        number=number,
        pages=pages,
        previous=to_page(number - 1) if number > 1 else None,
        next=to_page(number + 1) if number < pages else None,
    )


def data_file(records: Records, task: TaskRecord, number: int, look: Look) -> PageAnswer:
    """All that JavaScript needs to filter, rank and show a thousand rows, of the static site."""
    page = Page((number - 1) * CHUNK, CHUNK)
    found = board_page(records, task, EVERYTHING, page)
    here = addresses.board(task.dataset_id, task.task_id)
    span = span_of(records, task)
    row_html = environment().get_template("_rows.html").module.claim_row  # type: ignore[attr-defined]

    def shown(row: RankedClaim) -> list[object]:
        made = make_row(row, task, span, look.hosts, look.has_page)
        to = lambda there: addresses.relative(here, there)  # noqa: E731
        return [*facts_of(row.claim), str(row_html(made, to))]

    body = charts.as_file([shown(row) for row in found.rows])
    return PageAnswer(200, "application/json", body)


def facts_of(claim: ClaimRecord) -> list[object]:
    """What filters and ranking look at, in the order in which `board.js` reads it."""
    return [
        claim.id,
        claim.model,
        claim.owner,
        claim.score,
        claim.score_low,
        claim.score_high,
        claim.verdict == "mismatch" and claim.stale is None,
        claim.verdict == "verified" and claim.stale is None,
        claim.strength,
        None if claim.changed_at is None else words.instant(claim.changed_at),
        claim.parameters,
        claim.base_model is None,
        claim.receipt == "valid",
    ]
