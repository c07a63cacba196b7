"""A claim as the store keeps it: what the entry says, where it stands, and what supports it."""

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evalmark.board import RUNGS, in_unit
from evalmark.facts import BenchmarkFound, BenchmarkMissing, RefusedFile, ShownScore
from evalmark.finding import Place
from evalmark.flows.proofs import Proved
from evalmark.formats.declaration import Unit
from evalmark.formats.nodes import Mapping
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.variants import usual_notes
from evalmark.history import Standing
from evalmark.record import ClaimRecord, ModelRecord


@dataclass(frozen=True, slots=True)
class Around:
    """What all claims of a repo share: the model, the commits of its refs, and what its host shows of its scores."""

    model: ModelRecord
    refs: Table[str, str]
    shown: Sequence[ShownScore | RefusedFile]


def claim_record(
    standing: Standing, around: Around, benchmark: BenchmarkFound | BenchmarkMissing, proved: Proved
) -> ClaimRecord:
    """The record of a claim. Its place on the board is given when the board is made."""
    entry, where = standing.entry.entry, _place_of_value(standing.entry)
    model, counts = around.model, proved.counts
    rung = counts.rung.value if counts else "benchmark" if _has_task(benchmark, entry.dataset.task_id) else "syntax"
    contradicted = counts is not None and counts.contradicts
    low, high = (counts.interval if counts else None) or (None, None)
    samples_used, samples_total = counts.samples if counts else (None, None)
    shown = _shown(standing, around)
    claim = ClaimRecord(
        id=standing.id,
        model=model.model,
        owner=model.owner,
        base_model=model.base_model,
        parameters=model.parameters,
        dataset_id=entry.dataset.id,
        task_id=entry.dataset.task_id,
        place=0,
        rank=None,
        tied=False,
        variant=usual_notes(entry.notes),
        value=entry.value,
        digits=standing.entry.value_text,
        unit=(counts.unit if counts else None) or declared_unit(benchmark, entry.dataset.task_id),
        score=entry.value,
        score_low=entry.value,
        score_high=entry.value,
        notes=entry.notes,
        source_url=entry.source.url if entry.source else None,
        source_name=entry.source.name if entry.source else None,
        date=entry.date,
        dataset_revision=entry.dataset.revision,
        verify_token=entry.verify_token is not None,
        origin=model.origin,
        repo=model.repo,
        file=where.path,
        line=where.line,
        position=standing.entry.position,
        commit=standing.changed.commit,
        revision=_revision(standing, around),
        state="open" if standing.pull_request is not None else "main",
        pull_request=standing.pull_request,
        author=standing.changed.by,
        submitted_at=standing.submitted.at,
        changed_at=standing.changed.at,
        rung=rung,
        strength=-1 if contradicted else RUNGS.index(rung),
        verdict=counts.answer.value if counts else None,
        stale=counts.stale if counts else None,
        measured=counts.measured if counts else None,
        low=low,
        high=high,
        samples_used=samples_used,
        samples_total=samples_total,
        verified_by=counts.by if counts else None,
        verified_at=counts.at if counts else None,
        identity_proved=counts is not None and counts.identity_proved,
        receipt=proved.receipt,
        signed_by=counts.signed_by if counts else None,
        hub_verified=shown is not None and shown.verified,
        hub_shown=shown is not None if around.shown else None,
    )
    return claim if claim.verdict is None else claim_in_unit(claim, claim.unit)


def _place_of_value(located: LocatedEntry) -> Place:
    node = located.node
    value = node.get("value") if isinstance(node, Mapping) else None
    return value.place if value is not None else node.place


def claim_in_unit(claim: ClaimRecord, unit: str | None) -> ClaimRecord:
    """The claim with its score, and the interval around it, in a unit.

    The interval of a verdict holds for a claim only while the verdict does. It has the claim itself in it.
    """
    score = in_unit(claim.value, claim.unit, unit)
    ends = [score]
    if claim.low is not None and claim.high is not None and claim.stale is None and claim.verdict == "verified":
        ends += [in_unit(end, claim.unit, unit) for end in (claim.low, claim.high)]
    if (claim.score, claim.score_low, claim.score_high) == (score, min(ends), max(ends)):
        return claim
    return replace(claim, score=score, score_low=min(ends), score_high=max(ends))


def declared_unit(benchmark: BenchmarkFound | BenchmarkMissing, task_id: str) -> Unit | None:
    """The unit that a benchmark declares for a task; None if it declares none, or is out of reach."""
    return benchmark.declaration.for_task(task_id).unit if isinstance(benchmark, BenchmarkFound) else None


def _has_task(benchmark: BenchmarkFound | BenchmarkMissing, task_id: str) -> bool:
    if isinstance(benchmark, BenchmarkMissing) or benchmark.benchmark is None:
        return False
    return any(task.id == task_id for task in benchmark.benchmark.tasks)


def _revision(standing: Standing, around: Around) -> str | None:
    if standing.pull_request is None:
        return around.model.revision
    return around.refs.get(f"refs/pr/{standing.pull_request}") or around.refs.get(f"refs/pull/{standing.pull_request}")


def _shown(standing: Standing, around: Around) -> ShownScore | None:
    """The row by which the host shows this claim."""
    entry, path = standing.entry.entry, standing.entry.place.path
    wanted = (path, entry.dataset.id, entry.dataset.task_id, entry.value, standing.pull_request)
    rows = (row for row in around.shown if isinstance(row, ShownScore))
    same = (row for row in rows if (row.path, row.dataset_id, row.task_id, row.value, row.pull_request) == wanted)
    return next(same, None)
