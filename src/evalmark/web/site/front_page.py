"""The first page: all benchmarks, and what is known of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from evalmark.ports import Records
from evalmark.query import Condition
from evalmark.record import ClaimRecord, DisputeRecord, ModelRecord, TaskRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site import addresses
from evalmark.web.site.rendering import Look, PageAnswer, html

_FIRST: Final = (Condition("place", "=", 1),)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A board among others."""

    address: str
    benchmark: str
    name: str
    task: str
    about: str
    known: bool
    claims: int
    models: int
    verified: int
    disputed: int
    share: int
    changed: str
    leader: "Leader | None"


@dataclass(frozen=True, slots=True)
class Leader:
    """The first row of a board."""

    model: str
    address: str
    score: str
    standing: words.Standing


def front_page(records: Records, look: Look) -> PageAnswer:
    """All boards, those with most claims first."""
    tasks = records.find(TaskRecord, (), ("-claims", "dataset_id", "task_id"))
    leaders = {(each.dataset_id, each.task_id): each for each in records.find(ClaimRecord, _FIRST)}
    return html(
        "front.html",
        addresses.FRONT,
        look,
        lines=tuple(line_of(task, leaders) for task in tasks),
        totals=totals(records, tasks),
    )


def totals(records: Records, tasks: Iterable[TaskRecord]) -> tuple[tuple[str, int, str], ...]:
    """What there is in all: words, how many, and where they are listed."""
    tasks = tuple(tasks)
    return (
        ("boards", len(tasks), ""),
        ("claims", sum(each.claims for each in tasks), ""),
        ("models", records.count(ModelRecord), addresses.MODELS),
        ("verified", sum(each.verified for each in tasks), ""),
        ("conflicts", records.count(DisputeRecord), addresses.CONFLICTS),
    )


def line_of(task: TaskRecord, leaders: Mapping[tuple[str, str], ClaimRecord]) -> BoardLine:
    """A board among others."""
    first = leaders.get((task.dataset_id, task.task_id))
    return BoardLine(
        address=addresses.board(task.dataset_id, task.task_id),
        benchmark=plain(task.dataset_id, 120),
        name=plain(task.name or "", 80) or plain(task.dataset_id, 120).rpartition("/")[2],
        task=plain(task.task_id, 80),
        about=plain(task.description or "", 160),
        known=task.known,
        claims=task.claims,
        models=task.models,
        verified=task.verified,
        disputed=task.disputed,
        share=round(100 * task.verified / task.claims) if task.claims else 0,
        changed=words.day(task.changed_at),
        leader=None if first is None else leader(task, first),
    )


def leader(task: TaskRecord, claim: ClaimRecord) -> Leader | None:
    """The first of a board; none if a rerun contradicted it, for then nobody is first."""
    if claim.rank is None:
        return None
    return Leader(
        plain(claim.model, 120), addresses.model(claim.model), words.score(claim, task.unit), words.standing(claim)
    )
