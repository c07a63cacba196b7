"""What reports about records call things: verdicts, evidence, kinds of events and conflicts, scores, sizes, times."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from evalmark.amounts import DECIMALS
from evalmark.board import SCALES, in_unit
from evalmark.record import ClaimRecord
from evalmark.report.escape import plain


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a claim in one word, with a sign for eyes that tell no colours apart."""

    kind: str
    symbol: str
    word: str
    means: str


CLAIMED: Final = Standing("claimed", "○", "claimed", "Nobody reran it.")
STALE: Final = Standing("stale", "↻", "stale", "It was verified, but something has changed since.")
OVERTAKEN: Final = Standing("stale", "↻", "stale verdict", "A verdict was given, but something has changed since.")
STANDINGS: Final[Mapping[str, Standing]] = {
    "verified": Standing("verified", "✓", "verified", "A rerun measured the same score."),
    "mismatch": Standing("contradicted", "✗", "contradicted", "A rerun measured another score."),
    "inconclusive": Standing("inconclusive", "≈", "inconclusive", "A rerun could not decide."),
    "not-rerunnable": Standing("inconclusive", "–", "not rerunnable", "There is no way to rerun it here."),
    "error": Standing("inconclusive", "!", "rerun failed", "The rerun did not come to its end."),
}
LEGEND: Final = (*(STANDINGS[each] for each in ("verified", "mismatch", "inconclusive")), STALE, CLAIMED)
RECEIPTS: Final[Mapping[str, Standing]] = {
    "valid": Standing("verified", "✓", "valid", "A trusted key signed it, and nothing has changed since."),
    "stale": Standing("stale", "↻", "stale", "A trusted key signed it, but something has changed since."),
    "untrusted": Standing("inconclusive", "⊘", "not trusted", "Who signed it is not believed here."),
    "invalid": Standing("contradicted", "✗", "invalid", "It is no receipt, or was changed after it was signed."),
    "unchecked": Standing("claimed", "?", "not checked", "Nobody has looked at who signed it."),
}
SIGNED: Final = "⚿ signed"
RUNGS: Final[Mapping[str, str]] = {
    "syntax": "well-formed file",
    "benchmark": "fits the benchmark",
    "log": "its log agrees",
    "rescored": "its log, scored again",
    "sampled": "rerun on a sample",
    "full": "rerun in full",
}
EVENTS: Final[Mapping[str, str]] = {
    "submitted": "submitted",
    "amended": "changed",
    "withdrawn": "withdrawn",
    "merged": "merged",
    "closed": "pull request closed",
    "verified": "verified",
    "re-verified": "verified again",
    "contradicted": "contradicted",
    "inconclusive": "rerun, inconclusive",
}
CONFLICTS: Final[Mapping[str, str]] = {
    "contradicted": "A rerun contradicts the claim",
    "different-values": "Two claims differ",
    "cited-source": "The cited source says otherwise",
    "stale-verdict": "The verdict or its receipt is stale",
    "hub-differs": "The Hub shows another score",
}
ORIGINS: Final[Mapping[str, str]] = {"hub": "Hugging Face", "github": "GitHub", "folder": "a folder"}
TOKEN: Final = "verifyToken present; only Hugging Face can check it"  # noqa: S105 - words


def standing(claim: ClaimRecord) -> Standing:
    """The newest verdict, or that there is none."""
    if claim.verdict is None:
        return CLAIMED
    if claim.stale is not None:
        return STALE if claim.verdict == "verified" else OVERTAKEN
    return STANDINGS.get(claim.verdict, CLAIMED)


def marked(claim: ClaimRecord) -> str:
    """The standing with its sign, and whether it is signed; of a receipt that is good for nothing, why."""
    known = standing(claim)
    shown = f"{known.symbol} {known.word}"
    if claim.signed_by is not None:
        return f"{shown} {SIGNED}"
    about = receipt_note(claim)
    return f"{shown} ({about})" if about else shown


def receipt_note(claim: ClaimRecord) -> str:
    """What is the matter with a claim's receipts, where none is valid and its standing does not say so."""
    if claim.receipt in (None, "valid") or (claim.receipt == "stale" and claim.stale is not None):
        return ""
    known = RECEIPTS.get(claim.receipt)
    return f"receipt {known.word}" if known else ""


def signature(claim: ClaimRecord) -> str:
    """Who signed the verdict, and on what day; nothing if nobody did."""
    if claim.signed_by is None:
        return ""
    return f"signed by {plain(claim.signed_by, 60)} on {day(claim.verified_at)}"


def evidence(claim: ClaimRecord) -> str:
    """The rung of evidence, with the samples where a rerun counted them."""
    words = RUNGS.get(claim.rung, plain(claim.rung))
    if claim.samples_used is None or claim.rung not in ("sampled", "full"):
        return words
    if claim.samples_total in (None, claim.samples_used):
        return f"rerun on all {claim.samples_used:,} samples"
    return f"rerun on {claim.samples_used:,} of {claim.samples_total:,} samples"


def number(value: float, unit: str | None) -> str:
    """A score or an end of an interval, without its unit."""
    if unit not in SCALES:
        return f"{value:.6g}"
    return f"{value:.{DECIMALS[SCALES[unit]]}f}"


def score(claim: ClaimRecord, unit: str | None) -> str:
    """The claimed score as it is written, where that is in the unit of the board."""
    if unit is None or claim.unit in (None, unit):
        return with_unit(plain(claim.digits, 24), unit)
    return with_unit(number(claim.score, unit), unit)


def with_unit(text: str, unit: str | None) -> str:
    """A number and its unit; a fraction has none."""
    return f"{text} %" if unit == "percent" else text


def measured(claim: ClaimRecord, unit: str | None) -> float | None:
    """What the rerun measured, in the unit of the board."""
    return None if claim.measured is None else in_unit(claim.measured, claim.unit, unit)


def interval(claim: ClaimRecord, unit: str | None) -> tuple[float, float] | None:
    """The rerun's interval, in the unit of the board."""
    if claim.low is None or claim.high is None:
        return None
    return in_unit(claim.low, claim.unit, unit), in_unit(claim.high, claim.unit, unit)


def size(parameters: int | None) -> str:
    """How many parameters, as people say it: `7B`, `360M`."""
    if parameters is None:
        return ""
    for times, letter in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K")):
        if parameters >= times * 0.9995:
            return f"{parameters / times:.3g}{letter}"
    return str(parameters)


def day(at: datetime | None) -> str:
    """The day in UTC."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d")


def minute(at: datetime | None) -> str:
    """Day and time in UTC."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 claim`, `2,000 claims`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def instant(at: datetime) -> str:
    """A time for machines."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
