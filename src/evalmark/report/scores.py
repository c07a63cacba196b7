"""The verdict over given scores, for a terminal."""

from evalmark.amounts import score, signed
from evalmark.judge.scores import ScoresVerdict
from evalmark.report.escape import plain
from evalmark.report.summary import MARKS
from evalmark.stats.claimed import SCALE


def scores_verdict_as_text(verdict: ScoresVerdict) -> str:
    """The verdict, then the numbers that it rests on."""
    scale = SCALE[verdict.unit]
    low, high = (score(end, scale).removesuffix(" %") for end in verdict.interval)
    least, most = (signed(end, scale) for end in verdict.difference_interval)
    unscored = f", {verdict.samples_unscored} of them without a score" if verdict.samples_unscored else ""
    lines = [
        f"{MARKS[verdict.verdict]} {verdict.verdict}: {plain(verdict.reason, 300)}",
        f"    claimed     {score(verdict.claim, scale)}",
        f"    rerun       {score(verdict.measured, scale)} on {verdict.samples_used} of {verdict.samples_total} samples"
        f"{unscored}",
        f"    all samples {low} to {high} ({1 - verdict.alpha:.0%})",
        f"    difference  {signed(verdict.difference, scale)} [{least}, {most}]",
        f"    margins     ±{score(verdict.margin_verified, scale)} the same, "
        f"±{score(verdict.margin_mismatch, scale)} two honest runs ({verdict.margin_from})",
        f"    p-value     {verdict.p_value:.2g}, at any time",
    ]
    return "".join(f"{line}\n" for line in lines)
