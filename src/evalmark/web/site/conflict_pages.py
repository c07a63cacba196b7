"""Where reports disagree: all of it, or one kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from evalmark.ports import Records
from evalmark.query import Condition
from evalmark.record import DisputeRecord, TaskRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site import addresses, board_page
from evalmark.web.site.rendering import Look, PageAnswer, html

KINDS: Final = tuple(words.CONFLICTS)
_SIGNS: Final[Mapping[str, tuple[str, str]]] = {
    "contradicted": ("contradicted", "✗"),
    "different-values": ("inconclusive", "≠"),
    "cited-source": ("inconclusive", "≠"),
    "stale-verdict": ("stale", "↻"),
    "hub-differs": ("inconclusive", "≠"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A dispute as it is shown."""

    kind: str
    symbol: str
    title: str
    model: str
    model_address: str
    board: str
    board_address: str
    variant: str
    message: str
    difference: str
    claims: tuple[str, ...]


def answer(records: Records, kind: str | None, number: int, query: Mapping[str, str], look: Look) -> PageAnswer | None:
    """A page of the list; None if it has no such page."""
    asks = board_page.asked({"page": query["page"]} if "page" in query else {}, number)
    where = (Condition("kind", "=", kind),) if kind else ()
    total = records.count(DisputeRecord, where)
    found = records.find(DisputeRecord, where, ("-difference", "id"), asks.page)
    if not found and asks.page.offset:
        return None
    home = addresses.conflicts(kind)
    here = addresses.page(home, number)
    counts = {each: records.count(DisputeRecord, (Condition("kind", "=", each),)) for each in KINDS}
    return html(
        "conflicts.html",
        here,
        look,
        status=400 if asks.wrong else 200,
        kind=kind,
        kinds=[
            (None, "All", addresses.CONFLICTS, sum(counts.values())),
            *((each, words.CONFLICTS[each], addresses.conflicts(each), counts[each]) for each in KINDS),
        ],
        conflicts=shown(records, found, look),
        asks=asks,
        pager=board_page.pager(total, asks, lambda page: board_page.address(home, here, asks, page)),
    )


def shown(records: Records, disputes: Iterable[DisputeRecord], look: Look) -> tuple[Conflict, ...]:
    """Disputes as they are shown."""
    disputes = tuple(disputes)
    tasks = {(each.dataset_id, each.task_id): each for each in records.find(TaskRecord)} if disputes else {}
    return tuple(_conflict(each, tasks.get((each.dataset_id, each.task_id)), look) for each in disputes)


def _conflict(dispute: DisputeRecord, task: TaskRecord | None, look: Look) -> Conflict:
    kind, symbol = _SIGNS.get(dispute.kind, ("inconclusive", "≠"))
    unit = task.unit if task else None
    name = plain((task.name if task else None) or dispute.dataset_id, 80)
    return Conflict(
        kind=kind,
        symbol=symbol,
        title=words.CONFLICTS.get(dispute.kind, plain(dispute.kind, 40)),
        model=plain(dispute.model, 120),
        model_address=addresses.model(dispute.model),
        board=f"{name}, {plain(dispute.task_id, 60)}",
        board_address=addresses.board(dispute.dataset_id, dispute.task_id) if task else "",
        variant=plain(dispute.variant, 80),
        message=plain(dispute.message, 400),
        difference=f"{words.number(dispute.difference, unit)}{' points' if unit == 'percent' else ''}"
        if dispute.difference
        else "",
        claims=tuple(
            addresses.claim(each)
            if look.has_page(each)
            else f"{addresses.model(dispute.model)}#claim-{addresses.slug(each)}"
            for each in dispute.claims
        ),
    )
