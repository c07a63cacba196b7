"""After claims have changed: their boards, ranked anew, and what is in dispute about their models."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from evalmark.board import Scored, in_unit, ranked
from evalmark.disputes import Said, cited_model, disputes
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BoardRow, unit_of_board
from evalmark.formats.declaration import TaskDeclaration
from evalmark.ports import RecordsWriter
from evalmark.query import Condition, of_board
from evalmark.record import CardScoreRecord, ClaimRecord, DisputeRecord, HubRowRecord, ModelRecord, TaskRecord

Task: TypeAlias = tuple[str, str]
Found: TypeAlias = Callable[[str], BenchmarkFound | BenchmarkMissing]


def refresh_boards(writer: RecordsWriter, tasks: Iterable[Task], found: Found) -> None:
    """Rank the boards of these tasks anew. A board without claims goes."""
    for dataset_id, task_id in sorted(set(tasks)):
        where = of_board(dataset_id, task_id)
        claims = writer.find(ClaimRecord, where)
        known = next(iter(writer.find(TaskRecord, where)), None)
        task = task_record(dataset_id, task_id, claims, found(dataset_id), known)
        writer.replace(ClaimRecord, where, board_of(claims, task))
        disputed = len(writer.find(DisputeRecord, where))
        writer.replace(TaskRecord, where, [replace(task, disputed=disputed)] if claims else [])


def mend_ranks(writer: RecordsWriter) -> int:
    """Rank anew each board whose places are not those of its scores, as in files that somebody changed; how many."""
    mended = 0
    for task in writer.find(TaskRecord):
        where = of_board(task.dataset_id, task.task_id)
        found = writer.placements(where)
        placed = ranked([row for row, *_ in found], lower_is_better=task.lower_is_better)
        right = [(each.id, place, each.rank, each.tied) for place, each in enumerate(placed, 1)]
        if right != [(row.id, place, rank, tied) for row, place, rank, tied in found]:
            writer.replace(ClaimRecord, where, board_of(writer.find(ClaimRecord, where), task))
            mended += 1
    return mended


def refresh_disputes(writer: RecordsWriter, models: Iterable[str]) -> None:
    """Look anew at what is in dispute about these models."""
    for model in sorted(set(models)):
        where = (Condition("model", "=", model),)
        claims = writer.find(ClaimRecord, where)
        cited = {name for claim in claims if (name := cited_model(claim.source_url)) is not None}
        cards = writer.find(CardScoreRecord, (Condition("model", "in", tuple(sorted(cited))),)) if cited else ()
        said = Said(claims, cards, writer.find(HubRowRecord, where))
        writer.replace(DisputeRecord, where, disputes(said))


def refresh_models(writer: RecordsWriter, models: Iterable[str]) -> None:
    """Count the claims of these models anew."""
    for model in sorted(set(models)):
        where = (Condition("model", "=", model),)
        claims = writer.find(ClaimRecord, where)
        verified = sum(_is_verified(claim) for claim in claims)
        rows = writer.find(ModelRecord, where)
        writer.replace(ModelRecord, where, [replace(row, claims=len(claims), verified=verified) for row in rows])


def task_record(
    dataset_id: str,
    task_id: str,
    claims: Sequence[ClaimRecord],
    found: BenchmarkFound | BenchmarkMissing,
    known: TaskRecord | None,
) -> TaskRecord:
    """What is known of a task. If its benchmark is out of reach now, what was known before counts."""
    counts: dict[str, Any] = {
        "claims": len(claims),
        "models": len({claim.model for claim in claims}),
        "verified": sum(_is_verified(claim) for claim in claims),
        "changed_at": max((claim.changed_at for claim in claims if claim.changed_at is not None), default=None),
    }
    if isinstance(found, BenchmarkMissing) and not found.surely and known is not None:
        return replace(known, **counts)
    benchmark = found.benchmark if isinstance(found, BenchmarkFound) else None
    declared = found.declaration.for_task(task_id) if isinstance(found, BenchmarkFound) else TaskDeclaration()
    unit = declared.unit or unit_of_board([BoardRow(claim.model, claim.value) for claim in claims])
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


def board_of(claims: Iterable[ClaimRecord], task: TaskRecord) -> tuple[ClaimRecord, ...]:
    """The claims of a task with their places, in its order; scores in the task's unit."""
    by_id = {claim.id: _scored(claim, task) for claim in claims}
    placed = ranked((_row(claim) for claim in by_id.values()), lower_is_better=task.lower_is_better)
    return tuple(
        replace(by_id[each.id], place=place, rank=each.rank, tied=each.tied) for place, each in enumerate(placed, 1)
    )


def _scored(claim: ClaimRecord, task: TaskRecord) -> ClaimRecord:
    """The interval of a verdict holds for a claim only while the verdict does. It has the claim itself in it."""
    score = in_unit(claim.value, claim.unit, task.unit)
    ends = [score]
    if claim.low is not None and claim.high is not None and claim.stale is None and claim.verdict == "verified":
        ends += [in_unit(end, claim.unit, task.unit) for end in (claim.low, claim.high)]
    return replace(claim, score=score, score_low=min(ends), score_high=max(ends))


def _row(claim: ClaimRecord) -> Scored:
    contradicted = claim.verdict == "mismatch" and claim.stale is None
    return Scored(claim.id, claim.model, claim.score, claim.score_low, claim.score_high, contradicted)


def _is_verified(claim: ClaimRecord) -> bool:
    return claim.verdict == "verified" and claim.stale is None
