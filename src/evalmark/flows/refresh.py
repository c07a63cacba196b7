"""After claims have changed: their boards, ranked anew, and what is in dispute about their models."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from evalmark.board import Placement, Scored, ranked
from evalmark.disputes import Said, cited_model, disputes
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BoardRow, unit_of_board
from evalmark.flows.claim_records import claim_in_unit
from evalmark.formats.declaration import TaskDeclaration
from evalmark.ports import RecordsWriter
from evalmark.query import Condition, Where, of_board
from evalmark.record import (
    CardScoreRecord,
    ClaimRecord,
    DisputeRecord,
    HubRowRecord,
    ModelRecord,
    ReceiptRecord,
    TaskRecord,
)

Task: TypeAlias = tuple[str, str]
OfModel = TypeVar("OfModel", ClaimRecord, HubRowRecord, ReceiptRecord)
Found: TypeAlias = Callable[[str], BenchmarkFound | BenchmarkMissing]
NEW: Where = (Condition("place", "=", 0),)


def refresh(
    writer: RecordsWriter, tasks: Iterable[Task], claims: Mapping[str, Sequence[ClaimRecord]], found: Found
) -> None:
    """Rank the boards of these tasks anew, then look anew at what is in dispute about models.

    `claims`: those of each model, as far as they were just written.
    """
    boards = frozenset(tasks)
    # Also those of the same datasets whose tasks have the names of others: they are written back as they were.
    where = (
        Condition("dataset_id", "in", tuple(sorted({dataset for dataset, _ in boards}))),
        Condition("task_id", "in", tuple(sorted({task for _, task in boards}))),
    )
    known = {(row.dataset_id, row.task_id): row for row in writer.find(TaskRecord, where)}
    kept = {name: row for name, row in known.items() if name not in boards}
    writer.place(row for name in sorted(boards) for row in _board(writer, name, found, known, kept))
    _models(writer, claims)
    disputed = Counter((row.dataset_id, row.task_id) for row in writer.find(DisputeRecord, where))
    writer.replace(TaskRecord, where, (replace(row, disputed=disputed[name]) for name, row in kept.items()))


def mend_ranks(writer: RecordsWriter) -> int:
    """Rank anew each board whose places are not those of its scores, as in files that somebody changed; how many."""
    mended: list[TaskRecord] = []

    def moved() -> Iterator[Placement]:
        for task in writer.find(TaskRecord):
            rows = _moved(writer.placements(of_board(task.dataset_id, task.task_id)), task)
            if rows:
                mended.append(task)
            yield from rows

    writer.place(moved())
    return len(mended)


def _board(
    writer: RecordsWriter, name: Task, found: Found, known: Mapping[Task, TaskRecord], kept: dict[Task, TaskRecord]
) -> list[Placement]:
    """Put what is known of a task now into `kept`, unless it has no claims; the claims whose place is another now."""
    where = of_board(*name)
    rows = writer.placements(where)
    if not rows:
        return []
    before = known.get(name)
    task = kept[name] = _task(writer, name, [row for row, _ in rows], found(name[0]), before)
    if _rescored(writer, task, where if before is not None and before.unit != task.unit else (*where, *NEW)):
        rows = writer.placements(where)
    return _moved(rows, task)


def _moved(rows: Sequence[tuple[Scored, Placement]], task: TaskRecord) -> list[Placement]:
    now = ranked([row for row, _ in rows], lower_is_better=task.lower_is_better)
    before = {placement.id: placement for _, placement in rows}
    right = (Placement(each.id, place, each.rank, each.tied) for place, each in enumerate(now, 1))
    return [placement for placement in right if before[placement.id] != placement]


def _models(writer: RecordsWriter, written: Mapping[str, Sequence[ClaimRecord]]) -> None:
    """What is in dispute about the models, and how many claims each has."""
    where = (Condition("model", "in", tuple(written)),)
    models = writer.find(ModelRecord, where)
    repos = Counter(row.model for row in models)
    # A model with several repos has claims that are not among those just written.
    several = (Condition("model", "in", tuple(model for model, count in repos.items() if count > 1)),)
    claims = {**written, **_by_model(writer.find(ClaimRecord, several))}
    hub_rows = _by_model(writer.find(HubRowRecord, where))
    cited = {name for of in claims.values() for claim in of if (name := cited_model(claim.source_url)) is not None}
    cards = writer.find(CardScoreRecord, (Condition("model", "in", tuple(sorted(cited))),)) if cited else ()
    receipts = _by_model(writer.find(ReceiptRecord, (*where, Condition("state", "=", "stale"))))
    told = (disputes(Said(of, cards, hub_rows.get(model, ()), receipts.get(model, ()))) for model, of in claims.items())
    writer.replace(DisputeRecord, where, (dispute for of in told for dispute in of))
    writer.replace(ModelRecord, where, [_counted(row, claims[row.model]) for row in models])


def _counted(row: ModelRecord, claims: Sequence[ClaimRecord]) -> ModelRecord:
    verified = sum(claim.verdict == "verified" and claim.stale is None for claim in claims)
    return replace(row, claims=len(claims), verified=verified)


def _by_model(rows: Iterable[OfModel]) -> dict[str, list[OfModel]]:
    found: dict[str, list[OfModel]] = {}
    for row in rows:
        found.setdefault(row.model, []).append(row)
    return found


def _task(
    writer: RecordsWriter,
    name: Task,
    rows: Sequence[Scored],
    found: BenchmarkFound | BenchmarkMissing,
    known: TaskRecord | None,
) -> TaskRecord:
    """What is known of a task. If its benchmark is out of reach now, what was known before counts."""
    dataset_id, task_id = name
    verified, changed_at = writer.summary(of_board(dataset_id, task_id))
    counts: dict[str, Any] = {
        "claims": len(rows),
        "models": len({row.model for row in rows}),
        "verified": verified,
        "changed_at": changed_at,
    }
    if isinstance(found, BenchmarkMissing) and not found.surely and known is not None:
        return replace(known, **counts)
    benchmark = found.benchmark if isinstance(found, BenchmarkFound) else None
    declared = found.declaration.for_task(task_id) if isinstance(found, BenchmarkFound) else TaskDeclaration()
    unit = declared.unit or unit_of_board([BoardRow(row.model, row.score) for row in rows])
    return TaskRecord(
        dataset_id=dataset_id,
        task_id=task_id,
        name=benchmark.name if benchmark else None,
        description=benchmark.description if benchmark else None,
        unit=unit,
        unit_from="declared" if declared.unit else "board" if unit else "unknown",
        lower_is_better=declared.direction == "lower-is-better",
        known=benchmark is not None and any(task.id == task_id for task in benchmark.tasks),
        revision=found.revision if isinstance(found, BenchmarkFound) else None,
        framework=benchmark.evaluation_framework if benchmark else None,
        **counts,
    )


def _rescored(writer: RecordsWriter, task: TaskRecord, where: Where) -> bool:
    """Bring the scores of claims into the unit of their board; whether any was in another.

    One whose unit nobody knows counts as written in the board's.
    """
    claims = writer.find(ClaimRecord, (*where, Condition("unit", "is not null")))
    right = [claim_in_unit(claim, task.unit) for claim in claims]
    if right == list(claims):
        return False
    ids = Condition("id", "in", tuple(claim.id for claim in claims))
    writer.replace(ClaimRecord, (*where, ids), right)
    return True
