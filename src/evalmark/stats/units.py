"""Samples that count unequally, or are drawn in clusters: what is drawn at random becomes one unit of the test."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from evalmark.stats.interval import Interval
from evalmark.stats.question import Question
from evalmark.stats.scale import Known


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn. A unit's value is the sum of its samples' scores times its weight, and lies in [0, 1].

    `weights`: one a unit. `factor`: the mean of all units' values is `factor` times the benchmark's score.
    """

    weights: tuple[Fraction, ...]
    factor: Fraction

    def known(self, unit: int, scores: Sequence[Known]) -> Known:
        """The value of a unit, from the scores of its samples."""
        lows, highs = zip(*scores, strict=True)
        return self.weights[unit] * sum(lows), self.weights[unit] * sum(highs)

    def question(self, question: Question) -> Question:
        """The same question about the mean value of the units."""
        margins = replace(
            question.margins,
            verified=question.margins.verified * self.factor,
            mismatch=question.margins.mismatch * self.factor,
        )
        return replace(
            question, total=len(self.weights), claim=question.claim * self.factor, margins=margins, binary=False
        )

    def interval(self, interval: Interval) -> Interval:
        """An interval for the benchmark's score, from one for the mean value of the units."""
        return interval[0] / self.factor, interval[1] / self.factor


def macro_average(groups: Sequence[Hashable]) -> Units:
    """A mean of group means, where `groups` names the group of each sample: samples of small groups weigh more."""
    sizes = Counter(groups)
    smallest = min(sizes.values())
    weights = tuple(Fraction(smallest, sizes[group]) for group in groups)
    return Units(weights, Fraction(smallest * len(sizes), len(groups)))


def clusters(sizes: Sequence[int]) -> Units:
    """Whole clusters drawn at random, of `sizes` samples each. Where samples are drawn, clusters do not matter."""
    largest = max(sizes)
    return Units((Fraction(1, largest),) * len(sizes), Fraction(sum(sizes), len(sizes) * largest))
