"""One claim, read in one unit, against one rerun: the numbers and the verdict that they alone allow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from evalmark.formats.declaration import TaskDeclaration, Unit, is_loose
from evalmark.judge.noise import KnownNoise, noise_of
from evalmark.judge.pairing import LoggedScores, Pairing, pairing_of
from evalmark.logged import Key, LogEvidence
from evalmark.outcome import Measured, Outcome, SampleOutcome
from evalmark.plan.claims import Claim
from evalmark.plan.making import Job
from evalmark.stats.claimed import Reading
from evalmark.stats.interval import Interval
from evalmark.stats.margins import Margins, Runs, margins
from evalmark.stats.question import Question
from evalmark.stats.scale import UNIT_SCALE, Known
from evalmark.stats.sequential import Result, Sequential
from evalmark.stats.true_score import true_score_interval
from evalmark.verdict import Answer, Comparison

ALPHA = 0.05
# Inspect's scorers that give C or I and nothing between.
RIGHT_OR_WRONG = frozenset({"answer", "choice", "exact", "includes", "match", "math", "pattern"})
MEAN_REDUCERS = frozenset({"mean", "pass_at_1"})


@dataclass(frozen=True, slots=True)
class LinkedLog:
    """What a log says about a claim; and, unless it cannot be used, its scores and what it calls its samples."""

    says: LogEvidence
    scores: LoggedScores
    ids: Mapping[Key, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A job, what the benchmark declares for its task, and what logs say about its claims."""

    job: Job
    declaration: TaskDeclaration
    logs: Mapping[Claim, LinkedLog] = field(default_factory=dict)
    board_unit: Unit | None = None
    """In which the leaderboard counts, as far as that was needed and is known."""

    @property
    def unit(self) -> Unit | None:
        """Of the claims: declared, else the leaderboard's, else open."""
        return self.declaration.unit or self.board_unit


@dataclass(frozen=True, slots=True)
class Rerun:
    """A job with its outcome and what the benchmark declares for its task, and what logs say about its claims."""

    job: Job
    outcome: Outcome
    declaration: TaskDeclaration
    logs: Mapping[Claim, LinkedLog] = field(default_factory=dict)
    board_unit: Unit | None = None

    @property
    def unfinished(self) -> Unfinished:
        """Without the outcome."""
        return Unfinished(self.job, self.declaration, self.logs, self.board_unit)


@dataclass(frozen=True, slots=True)
class Case:
    """One claim in one reading against one rerun; everything on the scale [0, 1]."""

    claim: Claim
    rerun: Unfinished
    measured: Measured
    reading: Reading
    noise: KnownNoise
    question: Question
    result: Result
    pairing: Pairing | None

    @property
    def margins(self) -> Margins:
        return self.question.margins

    @property
    def interval(self) -> Interval:
        return self.pairing.paired.interval(self.result.interval) if self.pairing else self.result.interval

    @property
    def difference(self) -> Interval:
        low, high = self.interval
        return low - self.reading.score, high - self.reading.score

    @property
    def mean(self) -> Fraction:
        """Of the samples that ran; one without a score counts as 0."""
        scores = [low for low, _ in known_scores(self.measured)]
        return sum(scores, Fraction(0)) / len(scores)

    @property
    def answer(self) -> Answer:
        """The verdict by numbers alone."""
        return Answer(self.result.answer)

    @property
    def p_value(self) -> float:
        """Of the score over all samples lying within the mismatch margin; 0 if all ran and it surely does not."""
        whole = len(self.measured.samples) == self.measured.total
        return 0.0 if whole and self.answer is Answer.MISMATCH else self.result.p_value

    @property
    def depends_on_unscored(self) -> bool:
        """Of a case in which all samples ran: whether only those without a score leave it open."""
        ends = (self.question.answer_to(end, end) for end in self.interval)
        return len(set(ends)) > 1


def case_of(claim: Claim, rerun: Unfinished, measured: Measured, reading: Reading) -> Case:
    """With a whole log of the claim the two are compared sample by sample, which takes fewer samples.

    Raises ValueError if a score is outside [0, 1].
    """
    linked = rerun.logs.get(claim)
    noise = noise_of(rerun.declaration, measured, linked.says if linked else None, binary=is_binary(measured))
    question = question_of(rerun, measured, reading, noise)
    known = known_scores(measured)
    pairing = pairing_of(linked.scores, measured.samples, measured.total) if linked else None
    engine = Sequential(pairing.paired.question(question) if pairing else question)
    for sample, score in enumerate(known):
        engine.add(pairing.paired.known(score, pairing.logged[sample]) if pairing else score)
    return Case(claim, rerun, measured, reading, noise, question, engine.result(), pairing)


def question_of(rerun: Unfinished, measured: Measured, reading: Reading, noise: KnownNoise) -> Question:
    declaration, job = rerun.declaration, rerun.job
    passes = passes_of(measured)
    same_epochs = job.settings_known and measured.reducer in MEAN_REDUCERS
    claimed = measured.epochs if same_epochs else 1
    runs = Runs(claimed, claimed * passes, looks=passes)
    tolerance = exact_tolerance(declaration)
    same, other = (
        margins(measured.total, reading.score, reading.rounding, variance, tolerance, runs)
        for variance in (noise.variance, noise.at_most)
    )
    return Question(
        total=measured.total,
        claim=reading.score,
        margins=replace(same, mismatch=max(same.verified, other.mismatch)),
        binary=is_binary(measured) and passes == 1,
        alpha=ALPHA,
    )


def exact_tolerance(declaration: TaskDeclaration) -> Fraction | None:
    """The declared tolerance as it is written: 0.05 is 1/20, which no float is."""
    return None if declaration.tolerance is None else Fraction(str(declaration.tolerance))


def is_binary(measured: Measured) -> bool:
    """Whether it is known beforehand that every generation scores 0 or 1."""
    return measured.epochs == 1 and measured.scorer in RIGHT_OR_WRONG


def passes_of(measured: Measured) -> int:
    """How often every sample of the benchmark has run: later passes count once they are whole."""
    whole = len(measured.samples) == measured.total
    return 1 + min(len(sample.again) for sample in measured.samples) if whole else 1


def known_scores(measured: Measured) -> list[Known]:
    """What is known of each sample's score, the mean of all whole passes, in the order of the plan."""
    passes = passes_of(measured)
    return [_known(sample, passes) for sample in measured.samples]


def _known(sample: SampleOutcome, passes: int) -> Known:
    each = [UNIT_SCALE.known(score) for score in (sample.score, *sample.again[: passes - 1])]
    return sum(low for low, _ in each) / Fraction(passes), sum(high for _, high in each) / Fraction(passes)


def unscored(measured: Measured) -> int:
    """Samples without a score, in any of the passes that count."""
    return sum(low != high for low, high in known_scores(measured))


def comparison_of(case: Case) -> Comparison:
    """The numbers in the claim's own unit."""
    reading, measured = case.reading, case.measured

    def in_unit(value: Fraction) -> float:
        return float(value * reading.scale)

    def ends_in_unit(interval: Interval) -> tuple[float, float]:
        return in_unit(interval[0]), in_unit(interval[1])

    return Comparison(
        unit=reading.unit,
        unit_from="declared" if case.rerun.declaration.unit else "board" if case.rerun.board_unit else "inferred",
        measured=in_unit(case.mean),
        difference=in_unit(case.mean - reading.score),
        interval=ends_in_unit(case.interval),
        difference_interval=ends_in_unit(case.difference),
        true_score_interval=_true_score(case, ends_in_unit),
        alpha=ALPHA,
        p_value=case.p_value,
        margin_verified=in_unit(case.margins.verified),
        margin_mismatch=in_unit(case.margins.mismatch),
        margin_from=_margin_from(case),
        samples_used=len(measured.samples),
        samples_total=measured.total,
        samples_unscored=unscored(measured),
        decided_after=case.result.decided_after,
    )


def _true_score(case: Case, ends_in_unit: Callable[[Interval], tuple[float, float]]) -> tuple[float, float] | None:
    if case.noise.variance is None:
        return None
    epochs = case.measured.epochs * passes_of(case.measured)
    return ends_in_unit(true_score_interval(case.interval, case.noise.variance, case.measured.total, epochs))


def _margin_from(case: Case) -> str:
    declaration = case.rerun.declaration
    declared = "declared tolerance, which is loose" if is_loose(declaration) else "declared tolerance"
    tolerance = "default tolerance of 0.02" if declaration.tolerance is None else declared
    return f"{tolerance}, {case.noise.words}, rounding of the claim"
