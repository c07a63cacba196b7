"""A verdict over scores from any harness: `evalmark judge`."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from evalmark.artifact import Frozen
from evalmark.formats.declaration import Unit
from evalmark.judge.case import ALPHA
from evalmark.stats.claimed import Reading, readings
from evalmark.stats.margins import Margins, Runs, margins
from evalmark.stats.question import Direction, Question
from evalmark.stats.scale import Scale
from evalmark.stats.sequential import Result, decide
from evalmark.verdict import Answer

KIND = "scores-verdict/1"


ONE_RUN_EACH = Runs()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is claimed, and how sure a verdict must be.

    `digits` is the score as printed, `total` the samples of the whole benchmark; `tolerance` and `noise` (variance of
    one generation) are on the scale from 0 to 1. None means the default, or unknown.
    """

    digits: str
    total: int
    unit: Unit | None = None
    tolerance: Fraction | None = None
    noise: float | None = None
    runs: Runs = ONE_RUN_EACH
    lower_is_better: bool = False
    one_sided: bool = False


class ScoresVerdict(Frozen):
    """The answer. Scores, differences and margins are in the claim's unit."""

    verdict: Answer
    direction: Direction = Field(description="Of a mismatch: −1 if the rerun scores lower than claimed, 1 higher.")
    reason: str = Field(description="Why, in one sentence.")
    claim: float
    unit: Unit
    samples_used: int = Field(description="Scores up to the verdict, or all that were given.")
    samples_total: int
    samples_unscored: int = Field(description="Among those used; each counts as what serves the verdict least.")
    decided_after: int | None = Field(description="Samples after which the verdict stands; null if it does not.")
    measured: float = Field(description="Mean of the scores used, 0 for one that is missing.")
    difference: float
    interval: tuple[float, float] = Field(description="For the score over all samples.")
    difference_interval: tuple[float, float]
    margin_verified: float
    margin_mismatch: float
    margin_from: str
    alpha: float
    p_value: float = Field(
        description="Anytime p-value of the score over all samples lying within the mismatch margin."
    )


def judge_scores(asked: Asked, scores: Sequence[float | None]) -> ScoresVerdict:
    """The verdict over scores in [0, 1], in the order that was drawn beforehand; None for one without a score.

    A claim that can be read in two units is inconclusive if they lead to different answers. Raises ValueError for a
    score outside [0, 1], for more scores than samples, and for numbers that make no question.
    """
    found = [_judged(asked, reading, scores) for reading in readings(asked.digits, asked.unit)]
    if len({verdict.verdict for verdict in found}) > 1:
        reason = (
            f"{asked.digits} can be a fraction or a percentage, and the two lead to different verdicts: give --unit"
        )
        return found[0].model_copy(update={"verdict": Answer.INCONCLUSIVE, "direction": 0, "reason": reason})
    return found[0]


def _judged(asked: Asked, reading: Reading, scores: Sequence[float | None]) -> ScoresVerdict:
    scale = Scale(lower_is_better=asked.lower_is_better)
    known = [scale.known(score) for score in scores]
    question = Question(
        total=asked.total,
        claim=scale.to_unit(reading.score),
        margins=margins(asked.total, reading.score, reading.rounding, asked.noise, asked.tolerance, asked.runs),
        binary=asked.runs.rerun == 1 and all(score in (None, 0, 1) for score in scores),
        one_sided=asked.one_sided,
    )
    if len(known) > asked.total:
        raise ValueError(f"{len(known)} scores of {asked.total} samples")
    result = decide(question, known)
    used = scores[: result.samples]
    return _told(asked, reading, question.margins, result, scale, used)


def _told(
    asked: Asked, reading: Reading, within: Margins, result: Result, scale: Scale, used: Sequence[float | None]
) -> ScoresVerdict:
    def in_unit(value: Fraction) -> float:
        return float(value * reading.scale)

    low, high = scale.from_unit(result.interval)
    lows = [Fraction(score) for score in used if score is not None]
    mean = sum(lows, Fraction(0)) / max(len(used), 1)
    opposite: dict[Direction, Direction] = {-1: 1, 0: 0, 1: -1}
    return ScoresVerdict(
        verdict=Answer(result.answer),
        direction=opposite[result.direction] if asked.lower_is_better else result.direction,
        reason=_reason(result, asked),
        claim=in_unit(reading.score),
        unit=reading.unit,
        samples_used=len(used),
        samples_total=asked.total,
        samples_unscored=sum(score is None for score in used),
        decided_after=result.decided_after,
        measured=in_unit(mean),
        difference=in_unit(mean - reading.score),
        interval=(in_unit(low), in_unit(high)),
        difference_interval=(in_unit(low - reading.score), in_unit(high - reading.score)),
        margin_verified=in_unit(within.verified),
        margin_mismatch=in_unit(within.mismatch),
        margin_from=_margin_from(asked),
        alpha=ALPHA,
        p_value=result.p_value,
    )


def _reason(result: Result, asked: Asked) -> str:
    match result.answer:
        case "verified":
            return "the rerun is within the margin of the claim"
        case "mismatch":
            side = "worse" if result.direction < 0 else "better"
            return f"the rerun is {side} than claimed by more than two honest runs differ"
    if result.samples < asked.total:
        return f"{result.samples} of {asked.total} samples do not decide it"
    return "the rerun differs by more than the tolerance, but two honest runs can differ by as much"


def _margin_from(asked: Asked) -> str:
    tolerance = "default tolerance of 0.02" if asked.tolerance is None else "given tolerance"
    noise = "noise unknown, so the largest possible" if asked.noise is None else "given noise"
    return f"{tolerance}, {noise}, rounding of the claim"
