"""Reports for a terminal: a table that a person reads in three seconds, then why."""

from collections.abc import Sequence

from evalmark.judge.together import wrong_together
from evalmark.plan.making import Plan
from evalmark.plan.steps import FEWEST_SAMPLES
from evalmark.report.escape import painted, plain
from evalmark.report.evidence import evidence_lines
from evalmark.report.summary import (
    MARKS,
    claimed,
    clustered,
    counted,
    difference,
    graded_by,
    measured,
    runs_of,
    samples,
    short,
)
from evalmark.verdict import Answer, RunRecord, Verdict

COLOURS = {
    Answer.MISMATCH: "31",
    Answer.ERROR: "31",
    Answer.INCONCLUSIVE: "33",
    Answer.NOT_RERUNNABLE: "2",
    Answer.VERIFIED: "32",
}
SHOWN_LOGS = 3
HEADER = ("VERDICT", "BENCHMARK · TASK", "CLAIMED", "RERUN", "DIFFERENCE", "SAMPLES")


def verdicts_as_text(verdicts: Sequence[Verdict], *, root: str = "", colour: bool) -> str:
    """The table, a paragraph for each claim, what was run, and the count.

    `root` goes before the path of each claim; `colour` adds ANSI colours.
    """
    rows = [HEADER, *(_row(verdict) for verdict in verdicts)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    lines = [_aligned(rows[0], widths)]
    for verdict, row in zip(verdicts, rows[1:], strict=True):
        lines.append(painted(_aligned(row, widths), COLOURS[verdict.verdict], colour))
    lines += ["", *(line for verdict in verdicts for line in _paragraph(verdict, root))]
    lines += [*_runs(verdicts), f"{counted(verdicts)}.", *_together(verdicts)]
    return "\n".join(lines) + "\n"


def plan_as_text(plan: Plan) -> str:
    """What will be run, on which model, and how many claims it answers; how many are not rerun."""
    lines = [f"plan: {_many(len(plan.claims), 'claim')}, {_many(len(plan.jobs), 'rerun')}, {len(plan.skips)} not rerun"]
    for job in plan.jobs:
        size = f"at most {plan.limits.samples} samples" if plan.limits.samples else "until it is decided"
        epochs = f", {job.epochs} epochs each" if job.epochs > 1 else ""
        lines.append(f"    {plain(job.task)}: {size}{epochs}, for {_many(len(job.claims), 'claim')}")
    if plan.limits.samples is not None and plan.limits.samples < FEWEST_SAMPLES:
        lines.append(f"    fewer than {FEWEST_SAMPLES} samples decide nothing, unless the benchmark has no more")
    if plan.jobs:
        lines.append(f"    on {plain(plan.model.spec)}: {plain(plan.model.identity.statement, 300)}")
    return "".join(f"{line}\n" for line in lines)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _together(verdicts: Sequence[Verdict]) -> list[str]:
    """Of several mismatches some may be chance; those that stand together are not."""
    mismatches = sum(verdict.verdict is Answer.MISMATCH for verdict in verdicts)
    wrong = len(wrong_together(verdicts))
    if not mismatches or len(verdicts) == 1 or wrong == mismatches:
        return []
    return [f"Looked at together, {wrong} of the {mismatches} mismatches stand (Holm, 5 %)."]


def _row(verdict: Verdict) -> tuple[str, ...]:
    comparison = verdict.comparison
    what = f"{plain(verdict.claim.dataset_id, 60)} · {plain(verdict.claim.task_id, 40)}"
    name = f"{MARKS[verdict.verdict]} {verdict.verdict}"
    if comparison is None:
        return name, what, claimed(verdict), "", "", ""
    return name, what, claimed(verdict), measured(comparison), difference(comparison), samples(comparison)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _paragraph(verdict: Verdict, root: str) -> list[str]:
    claim = verdict.claim
    lines = [f"{plain(root + claim.file)}:{claim.line}: {verdict.verdict}: {plain(verdict.reason, 400)}"]
    if verdict.advice:
        lines.append(f"    {plain(verdict.advice, 400)}")
    if verdict.detail:
        lines.append(f"    it said: {plain(verdict.detail, 300)}")
    if verdict.run is not None and not verdict.run.identity.proved:
        lines.append(f"    {plain(verdict.run.identity.statement)}")
    lines += [f"    {line}" for line in evidence_lines(verdict)]
    return [*lines, ""]


def _runs(verdicts: Sequence[Verdict]) -> list[str]:
    return [line for run in runs_of(verdicts) for line in (*_run(run), "")]


def _run(run: RunRecord) -> list[str]:
    engine = f"inspect-ai {plain(run.versions.get('inspect-ai', '?'), 40)}"
    lines = [
        f"ran {plain(run.task)}",
        f"on  {plain(run.model)} ({plain(short(run.model_revision))}), {engine}, {run.seconds:.0f} s",
    ]
    if run.variant:
        lines.append(f"as  {plain(run.variant)}")
    if run.grader:
        lines.append(f"graded by {graded_by(run)}")
    if run.clusters:
        lines.append(clustered(run))
    return [*lines, *(f"log {plain(log.path)}" for log in run.logs[:SHOWN_LOGS]), *_more_logs(run)]


def _more_logs(run: RunRecord) -> list[str]:
    more = len(run.logs) - SHOWN_LOGS
    return [f"    and {_many(more, 'more log')} beside it"] if more > 0 else []
