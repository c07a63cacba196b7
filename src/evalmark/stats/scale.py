"""Scores as the tests need them: exact, between 0 and 1, and more is better."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from evalmark.stats.interval import Interval

# The lowest and the highest score that a sample may have: the same if it was scored.
Known: TypeAlias = tuple[Fraction, Fraction]
NO_SCORE: Known = (Fraction(0), Fraction(1))


@lru_cache(maxsize=4096)
def exact_score(score: float) -> Fraction:
    """What a scorer meant by a float: 1/3 for 0.3333333333333333, 3/5 for 0.6, if a fraction of thousandths or coarser
    is the same float; else the float itself. ValueError or OverflowError if it is not finite.
    """
    value = Fraction(score)
    simple = value.limit_denominator(1000)
    return simple if float(simple) == score else value


@dataclass(frozen=True, slots=True)
class Scale:
    """The declared range of a score, never the observed one, and whether less is better. ValueError if it is empty.

    On the unit scale 0 is the worst score and 1 the best, so a rerun "lower" than claimed is always a worse one.
    """

    lowest: Fraction = Fraction(0)
    highest: Fraction = Fraction(1)
    lower_is_better: bool = False

    def __post_init__(self) -> None:
        if not self.lowest < self.highest:
            raise ValueError(f"no score lies between {float(self.lowest)} and {float(self.highest)}")

    def to_unit(self, score: Fraction) -> Fraction:
        """A score or a claim on the unit scale; outside 0 to 1 if it is outside the range."""
        part = (score - self.lowest) / (self.highest - self.lowest)
        return 1 - part if self.lower_is_better else part

    def from_unit(self, interval: Interval) -> Interval:
        """An interval back on the declared range."""
        ends = sorted(self._from_unit(end) for end in interval)
        return ends[0], ends[1]

    def _from_unit(self, part: Fraction) -> Fraction:
        better = 1 - part if self.lower_is_better else part
        return self.lowest + better * (self.highest - self.lowest)

    def width(self, difference: Fraction) -> Fraction:
        """A margin or a rounding error, on the unit scale."""
        return difference / (self.highest - self.lowest)

    def known(self, score: float | None) -> Known:
        """What is known of a sample: all of the range if it has no score. ValueError if it lies outside the range."""
        if score is None:
            return NO_SCORE
        value = self.to_unit(exact_score(score))
        if not 0 <= value <= 1:
            raise ValueError(f"{score} is outside {float(self.lowest)} to {float(self.highest)}")
        return value, value


UNIT_SCALE = Scale()
