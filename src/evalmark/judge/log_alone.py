"""What a log alone says about a claim: it can contradict it, and never prove it, for transcripts can be invented."""

from evalmark.judge.case import LinkedLog
from evalmark.plan.claims import Claim
from evalmark.verdict import Answer, Rung, Verdict

NOTHING = (
    "nothing was rerun, and no log was given",
    "leave --no-rerun out, or give the log of the evaluation with --log",
)


def by_log_alone(claim: Claim, linked: LinkedLog | None) -> Verdict:
    """The verdict without a rerun."""
    if linked is None:
        return _inconclusive(claim, Rung.SYNTAX, *NOTHING)
    says = linked.says
    if says.state == "unusable":
        return _inconclusive(claim, Rung.BENCHMARK, f"log of no use: {says.reason}", says.advice)
    rung = Rung(says.rung)
    if says.state == "contradicts":
        reason = f"log contradicts the claim: {says.reason}"
        return Verdict(claim=claim, verdict=Answer.MISMATCH, rung=rung, reason=reason, advice=says.advice)
    return _inconclusive(
        claim,
        rung,
        f"log consistent: {says.reason}; but transcripts can be invented",
        "it takes a rerun of all or some samples to verify a score: leave --no-rerun out",
    )


def is_settled_by_log(linked: LinkedLog | None) -> bool:
    """Whether a rerun could only cost more."""
    return linked is not None and linked.says.state == "contradicts"


def _inconclusive(claim: Claim, rung: Rung, reason: str, advice: str) -> Verdict:
    return Verdict(claim=claim, verdict=Answer.INCONCLUSIVE, rung=rung, reason=reason, advice=advice)
