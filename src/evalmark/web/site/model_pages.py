"""The list of models, and the page of one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from evalmark.board import RankedClaim
from evalmark.ports import Records
from evalmark.query import MOST_ROWS, Condition, Page
from evalmark.record import ClaimRecord, DisputeRecord, EventRecord, FindingRecord, ModelRecord, TaskRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site import addresses, board_page, charts, conflict_pages, stories
from evalmark.web.site.places import Link
from evalmark.web.site.rendering import Look, PageAnswer, environment, html
from evalmark.web.site.rows import Row, make_row

CHUNK: Final = 2000
"""Models in one file of data."""
_MOST_EVENTS: Final = 200
_MOST_FINDINGS: Final = 50
_MOST_DERIVED: Final = 300


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model among others."""

    model: str
    address: str
    size: str
    base: str
    claims: int
    verified: int
    collected: str


@dataclass(frozen=True, slots=True)
class BoardRows:
    """What one model claims on one board."""

    name: str
    task: str
    address: str
    rows: tuple[Row, ...]


def models_page(records: Records, number: int, query: Mapping[str, str], look: Look) -> PageAnswer | None:
    """A page of the list; None if it has no such page."""
    asks = board_page.asked({name: query[name] for name in ("q", "page") if name in query}, number)
    where = (Condition("model", "contains", asks.wanted.search),) if asks.wanted.search else ()
    total = records.count(ModelRecord, where)
    found = records.find(ModelRecord, where, ("-claims", "model"), asks.page)
    if not found and asks.page.offset:
        return None
    here = addresses.page(addresses.MODELS, number)
    return html(
        "models.html",
        here,
        look,
        status=400 if asks.wrong else 200,
        lines=[line_of(each) for each in found],
        asks=asks,
        form=addresses.relative(here, addresses.MODELS),
        pager=board_page.pager(total, asks, lambda page: board_page.address(addresses.MODELS, here, asks, page)),
        chunks=-(-total // CHUNK) if look.static else 0,
    )


def data_file(records: Records, number: int) -> PageAnswer:
    """Name and row of the next models, for the search of the static site."""
    found = records.find(ModelRecord, (), ("-claims", "model"), Page((number - 1) * CHUNK, CHUNK))
    row_html = environment().get_template("_rows.html").module.model_row  # type: ignore[attr-defined]

    def to(there: addresses.Address) -> str:
        return addresses.relative(addresses.MODELS, there)

    body = charts.as_file([[each.model, str(row_html(line_of(each), to))] for each in found])
    return PageAnswer(200, "application/json", body)


def line_of(record: ModelRecord) -> ModelLine:
    """A model among others."""
    return ModelLine(
        model=plain(record.model, 120),
        address=addresses.model(record.model),
        size=words.size(record.parameters),
        base=plain(record.base_model or "", 120),
        claims=record.claims,
        verified=record.verified,
        collected=words.day(record.collected_at),
    )


def model_page(records: Records, name: str, look: Look) -> PageAnswer | None:
    """All that is known of a model; None if nothing is."""
    of_model = (Condition("model", "=", name),)
    known = records.find(ModelRecord, of_model, (), Page(0, 1))
    claims = records.find(ClaimRecord, of_model, ("dataset_id", "task_id", "place"), Page(0, MOST_ROWS))
    events = records.find(EventRecord, of_model, ("-at",), Page(0, _MOST_EVENTS))
    if not (known or claims or events):
        return None
    here = addresses.model(name)
    disputes = records.find(DisputeRecord, of_model, ("kind", "id"), Page(0, MOST_ROWS))
    return html(
        "model.html",
        here,
        look,
        model=plain(name, 160),
        facts=_facts(known[0] if known else None, claims, look),
        boards=tuple(_boards(records, claims, look)),
        left_out=records.count(ClaimRecord, of_model) - MOST_ROWS if len(claims) == MOST_ROWS else 0,
        conflicts=conflict_pages.shown(records, disputes, look),
        events=[stories.step_of(each, look.hosts) for each in events],
        board_of={each.claim: (each.dataset_id, each.task_id) for each in events},
        derived=_derived(records, name),
        findings=_findings(records, name),
        claim_address=lambda claim: _of_claim(claim, claims, look),
        on_hub=look.hosts.model(name),
    )


def _facts(known: ModelRecord | None, claims: Sequence[ClaimRecord], look: Look) -> list[tuple[str, Link, str]]:
    """Name, words, and the address of one of our pages if there is one."""
    first = claims[0] if claims else None
    base = (known.base_model if known else None) or (first.base_model if first else None)
    parameters = (known.parameters if known else None) or (first.parameters if first else None)
    facts = [("Parameters", Link(words.size(parameters)), "")]
    if base:
        relation = plain(known.base_relation or "", 40) if known else ""
        facts.append(
            (f"Made from{f' ({relation})' if relation else ''}", Link(plain(base, 120)), addresses.model(base))
        )
    if known:
        commit = look.hosts.commit(known.origin, known.repo, known.revision)
        facts.append(("Newest commit", commit or Link(""), ""))
        facts.append(("Collected", Link(words.minute(known.collected_at)), ""))
    return [fact for fact in facts if fact[1].text]


def _boards(records: Records, claims: Sequence[ClaimRecord], look: Look) -> Iterator[BoardRows]:
    tasks = {(each.dataset_id, each.task_id): each for each in records.find(TaskRecord)}
    for key, group in groupby(claims, key=lambda each: (each.dataset_id, each.task_id)):
        if key not in tasks:
            continue
        task = tasks[key]
        span = board_page.span_of(records, task)
        yield BoardRows(
            name=plain(task.name or task.dataset_id, 120),
            task=plain(task.task_id, 80),
            address=addresses.board(*key),
            rows=tuple(
                make_row(RankedClaim(each.rank, each.tied, each), task, span, look.hosts, look.has_page)
                for each in group
            ),
        )


def _of_claim(identifier: str, claims: Sequence[ClaimRecord], look: Look) -> str | None:
    """Where an event's claim is shown; one that is withdrawn has a page only on a server."""
    if look.has_page(identifier):
        return addresses.claim(identifier)
    there = any(each.id == identifier for each in claims)
    return f"#claim-{addresses.slug(identifier)}" if there else None


def _derived(records: Records, name: str) -> list[dict[str, Any]]:
    where = (Condition("base_model", "=", name),)
    found = records.find(ClaimRecord, where, ("model", "dataset_id", "task_id", "place"), Page(0, _MOST_DERIVED))
    tasks = {(each.dataset_id, each.task_id): each for each in records.find(TaskRecord)} if found else {}
    return [
        {
            "model": plain(each.model, 120),
            "address": addresses.model(each.model),
            "board": plain(tasks[each.dataset_id, each.task_id].name or each.dataset_id, 80),
            "board_address": addresses.board(each.dataset_id, each.task_id),
            "score": words.score(each, tasks[each.dataset_id, each.task_id].unit),
            "standing": words.standing(each),
        }
        for each in found
        if (each.dataset_id, each.task_id) in tasks
    ]


def _findings(records: Records, name: str) -> list[dict[str, Any]]:
    found = records.find(FindingRecord, (Condition("repo", "=", name),), ("path", "line"), Page(0, _MOST_FINDINGS))
    return [
        {
            "place": f"{plain(each.path, 120)}, line {each.line}",
            "severity": plain(each.severity, 20),
            "rule": plain(each.rule, 60),
            "message": plain(each.message, 300),
        }
        for each in found
    ]
