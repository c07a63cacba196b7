"""What a run of the action has to say, as annotations: findings and verdicts together, within GitHub's limits."""

from collections.abc import Iterable, Iterator, Sequence

from evalmark.finding import Finding, Place, Severity
from evalmark.report.annotations import LEVELS, MOST, command, of_finding, worst_first
from evalmark.report.summary import WORST_FIRST, claimed, difference, measured
from evalmark.verdict import Answer, Verdict

SEVERITIES = {
    Answer.MISMATCH: Severity.ERROR,
    Answer.ERROR: Severity.ERROR,
    Answer.INCONCLUSIVE: Severity.WARNING,
    Answer.NOT_RERUNNABLE: Severity.INFO,
    Answer.VERIFIED: Severity.INFO,
}


def annotations(findings: Sequence[Finding], verdicts: Sequence[Verdict]) -> str:
    """At most ten commands of each level, worst first, one of the notices counting what was left out."""
    ordered = sorted(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.verdict))
    lines = [*map(of_finding, worst_first(findings)), *map(_of_verdict, ordered)]
    kept = list(_kept(lines))
    if len(kept) < len(lines):
        kept.append(f"::notice title=evalmark::{len(lines) - len(kept)} more annotations stand in the job's summary")
    return "".join(f"{line}\n" for line in kept)


def _kept(lines: Iterable[str]) -> Iterator[str]:
    counts = dict.fromkeys(LEVELS.values(), 0)
    for line in lines:
        level = line[2:].partition(" ")[0]
        counts[level] += 1
        if counts[level] <= (MOST - 1 if level == LEVELS[Severity.INFO] else MOST):
            yield line


def _of_verdict(verdict: Verdict) -> str:
    claim, comparison = verdict.claim, verdict.comparison
    numbers = f"claimed {claimed(verdict)}"
    if comparison is not None:
        numbers += f", rerun {measured(comparison)}, difference {difference(comparison)}"
    text = f"{numbers}: {verdict.reason}" + (f" — {verdict.advice}" if verdict.advice else "")
    place = Place(claim.file, claim.line, claim.column)
    return command(LEVELS[SEVERITIES[verdict.verdict]], place, verdict.verdict.value, text)
