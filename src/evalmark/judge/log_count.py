"""The samples of a log counted against those of the benchmark: whose score is known, and what follows for the mean."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from evalmark.logged import Logged, NoSampleSet, SampleSet, Wanted

# Scores are means of few small numbers, kept as floats: so near to them there is only one such fraction.
FINEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Counted:
    """`low` and `high`: the mean over all samples, whatever those without a score would have scored.

    They come from the rescored values where there are some. `logged` is the mean of the log's own scores, 0 for one
    without. `mine` are the positions of the log's samples that the benchmark has, `known` whether its samples are.
    """

    total: int
    known: bool
    mine: tuple[int, ...]
    foreign: int
    missing: int
    low: Fraction
    high: Fraction
    logged: Fraction
    in_range: bool

    @property
    def scored(self) -> int:
        return self.total - self.missing


def count(wanted: Wanted, logged: Logged, sample_set: SampleSet | NoSampleSet) -> Counted:
    """Count. Without the benchmark's own samples, the log's word is taken for how many there are."""
    known = isinstance(sample_set, SampleSet)
    mine = _mine(logged, sample_set) if isinstance(sample_set, SampleSet) else tuple(range(len(logged.samples)))
    total = len(sample_set.keys) if isinstance(sample_set, SampleSet) else max(logged.planned, logged.total or 0)
    rescore = logged.rescore(wanted)
    own = [logged.samples[position].score for position in mine]
    trusted = own if rescore is None else [rescore.scores[position] for position in mine]
    scores = [fraction(score) for score in trusted if score is not None]
    own_scores = [fraction(score) for score in own if score is not None]
    total = max(total, len(mine), 1)
    low = sum(scores, Fraction(0))
    return Counted(
        total=total,
        known=known,
        mine=mine,
        foreign=len(logged.samples) - len(mine),
        missing=total - len(own_scores),
        low=low / total,
        high=(low + total - len(scores)) / total,
        logged=sum(own_scores, Fraction(0)) / total,
        in_range=all(0 <= score <= 1 for score in (*scores, *own_scores)),
    )


def fraction(score: float) -> Fraction:
    """A score without its float's error: thirds are thirds."""
    return Fraction(score).limit_denominator(FINEST)


def _mine(logged: Logged, sample_set: SampleSet) -> tuple[int, ...]:
    left, mine = Counter(sample_set.keys), []
    for position, sample in enumerate(logged.samples):
        if left[sample.key] > 0:
            left[sample.key] -= 1
            mine.append(position)
    return tuple(mine)
