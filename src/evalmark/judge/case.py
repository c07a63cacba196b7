"""One claim, read in one unit, against one rerun: the numbers and the verdict that they alone allow."""

from dataclasses import dataclass
from fractions import Fraction

from evalmark.formats.declaration import TaskDeclaration
from evalmark.outcome import Measured, Outcome
from evalmark.plan.claims import Claim
from evalmark.plan.making import Job
from evalmark.stats.claimed import Reading
from evalmark.stats.interval import Interval, interval_of_mean
from evalmark.stats.margins import Margins, Runs, margins
from evalmark.verdict import Answer, Comparison

ALPHA = 0.05
# Inspect's scorers that give C or I and nothing between.
RIGHT_OR_WRONG = frozenset({"answer", "choice", "exact", "includes", "match", "math", "pattern"})
MEAN_REDUCERS = frozenset({"mean", "pass_at_1"})


@dataclass(frozen=True, slots=True)
class Rerun:
    """A job with its outcome and what the benchmark declares for its task."""

    job: Job
    outcome: Outcome
    declaration: TaskDeclaration


@dataclass(frozen=True, slots=True)
class Case:
    """One claim in one reading against one rerun; everything on the scale [0, 1]."""

    claim: Claim
    rerun: Rerun
    measured: Measured
    reading: Reading
    interval: Interval
    margins: Margins

    @property
    def difference(self) -> Interval:
        low, high = self.interval
        return low - self.reading.score, high - self.reading.score

    @property
    def mean(self) -> Fraction:
        """Of the samples that ran; one without a score counts as 0."""
        scores = [_score(sample.score, Fraction(0)) for sample in self.measured.samples]
        return sum(scores, Fraction(0)) / len(scores)

    @property
    def answer(self) -> Answer:
        """The verdict by numbers alone."""
        return self.answer_for(*self.difference)

    def answer_for(self, low: Fraction, high: Fraction) -> Answer:
        """The verdict if the difference lay between `low` and `high`."""
        if low > self.margins.mismatch or high < -self.margins.mismatch:
            return Answer.MISMATCH
        if -self.margins.verified <= low and high <= self.margins.verified:
            return Answer.VERIFIED
        return Answer.INCONCLUSIVE


def case_of(claim: Claim, rerun: Rerun, measured: Measured, reading: Reading) -> Case:
    declaration, total = rerun.declaration, measured.total
    same_epochs = rerun.job.settings_known and measured.reducer in MEAN_REDUCERS
    runs = Runs(measured.epochs, measured.epochs) if same_epochs else Runs()
    tolerance = None if declaration.tolerance is None else Fraction(str(declaration.tolerance))
    return Case(
        claim=claim,
        rerun=rerun,
        measured=measured,
        reading=reading,
        interval=_interval(measured),
        margins=margins(total, reading.score, reading.rounding, declaration.noise, tolerance, runs),
    )


def _interval(measured: Measured) -> Interval:
    """Of the score over all samples; what could not be scored counts as 0 below and as 1 above."""
    worst = [_score(sample.score, Fraction(0)) for sample in measured.samples]
    best = [_score(sample.score, Fraction(1)) for sample in measured.samples]
    binary = measured.epochs == 1 and measured.scorer in RIGHT_OR_WRONG
    low, _ = interval_of_mean(worst, measured.total, ALPHA, binary=binary)
    _, high = interval_of_mean(best, measured.total, ALPHA, binary=binary)
    return low, high


def _score(score: float | None, otherwise: Fraction) -> Fraction:
    return otherwise if score is None else Fraction(score)


def unscored(measured: Measured) -> int:
    return sum(sample.score is None for sample in measured.samples)


def comparison_of(case: Case) -> Comparison:
    reading, measured, declaration = case.reading, case.measured, case.rerun.declaration

    def in_unit(value: Fraction) -> float:
        return float(value * reading.scale)

    low, high = case.interval
    low_gap, high_gap = case.difference
    return Comparison(
        unit=reading.unit,
        unit_from="declared" if declaration.unit else "inferred",
        measured=in_unit(case.mean),
        difference=in_unit(case.mean - reading.score),
        interval=(in_unit(low), in_unit(high)),
        difference_interval=(in_unit(low_gap), in_unit(high_gap)),
        alpha=ALPHA,
        margin_verified=in_unit(case.margins.verified),
        margin_mismatch=in_unit(case.margins.mismatch),
        margin_from=_margin_from(case),
        samples_used=len(measured.samples),
        samples_total=measured.total,
        samples_unscored=unscored(measured),
    )


def _margin_from(case: Case) -> str:
    declaration = case.rerun.declaration
    tolerance = "declared tolerance" if declaration.tolerance is not None else "default tolerance of 0.02"
    noise = "declared noise" if case.margins.noise_known else "noise unknown, so the largest possible"
    return f"{tolerance}, {noise}, rounding of the claim"
