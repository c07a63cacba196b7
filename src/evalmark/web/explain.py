"""The answer to `/explain`: why the last verdicts are what they are, and what would settle those that are open."""

from collections.abc import Sequence
from typing import Final

from evalmark import artifact
from evalmark.comment import Draft, Run
from evalmark.report.escape import code
from evalmark.report.evidence import evidence_lines
from evalmark.report.markdown import MEANING, table, worst_first
from evalmark.report.summary import (
    MARKS,
    claimed,
    counted,
    difference,
    interval,
    measured,
    samples,
    scale_of,
)
from evalmark.verdict import KIND, Comparison, Verdict, Verdicts

KEY: Final = "explain"
MOST_CLAIMS: Final = 40
LONGEST_BYTES: Final = 60_000
NOTHING: Final = (
    "### evalmark: nothing to explain yet\n\nNo verification of this pull request has come to its end. "
    "`/verify` asks for one."
)


def explanation(report: str | None, head: str, at: int) -> Draft:
    """The comment about the last report, which is the text of a `verdict.json`, or None. `at`: milliseconds."""
    verdicts = _read(report)
    judged = verdicts[0].claim.model_revision if verdicts else head
    return Draft(KEY, judged, Run(at), explain(verdicts, head), hidden="link")


def explain(verdicts: Sequence[Verdict], head: str) -> str:
    """As many claims as a comment takes, the worst first."""
    if not verdicts:
        return NOTHING
    ordered = worst_first(verdicts)[:MOST_CLAIMS]
    judged = ordered[0].claim.model_revision
    moved = f"<p>This is about commit {code(judged[:12])}; the pull request is at {code(head[:12])} now.</p>"
    top = [f"### evalmark explains: {counted(verdicts)}", *([moved] if judged != head else [])]
    while True:
        left = len(verdicts) - len(ordered)
        rest = [f"<p>{left} more claims are left out here.</p>"] if left else []
        text = "\n\n".join([*top, *map(_claim, ordered), *rest, MEANING]) + "\n"
        if len(text.encode()) <= LONGEST_BYTES or len(ordered) == 1:
            return text
        ordered = ordered[: len(ordered) // 2]


def _read(report: str | None) -> tuple[Verdict, ...]:
    try:
        return Verdicts.model_validate(artifact.loads(KIND, report)).verdicts if report is not None else ()
    except ValueError:  # of another version: it says nothing that we understand
        return ()


def _claim(verdict: Verdict) -> str:
    claim = verdict.claim
    about = f"{code(claim.dataset_id)} · {code(claim.task_id)}"
    title = f"<h4>{MARKS[verdict.verdict]} {verdict.verdict}: {about}</h4>"
    rows = [
        ("Claimed", f"{code(claimed(verdict))} in {code(f'{claim.file}:{claim.line}')}"),
        ("Why", code(verdict.reason, 400)),
        *([("What would settle it", code(verdict.advice, 400))] if verdict.advice else []),
        *([("What the engine said", code(verdict.detail, 400))] if verdict.detail else []),
        *(_numbers(verdict.comparison) if verdict.comparison else []),
        *[("Evidence", code(line, 400)) for line in evidence_lines(verdict)],
    ]
    return f"{title}\n\n{table(('', ''), rows)}"


def _numbers(comparison: Comparison) -> list[tuple[str, str]]:
    """Measured, how sure, and against which margins."""
    margins = (
        f"the same within {code(_points(comparison.margin_verified, comparison))}, another beyond "
        f"{code(_points(comparison.margin_mismatch, comparison))}; {code(comparison.margin_from, 300)}"
    )
    after = f", decided after {comparison.decided_after}" if comparison.decided_after else ""
    rows = [
        ("Measured", code(measured(comparison))),
        ("Difference", code(difference(comparison))),
        ("Margins", margins),
        ("Samples", f"{code(samples(comparison))}{after}"),
        ("Chance of a wrong verdict", code(f"at most {comparison.alpha:.2g}")),
    ]
    if comparison.true_score_interval is not None:
        rows.append(("Over all runs of the model", code(interval(comparison, *comparison.true_score_interval))))
    return rows


def _points(value: float, comparison: Comparison) -> str:
    return f"{value:.1f} points" if scale_of(comparison) == 100 else f"{value:.3f}"
