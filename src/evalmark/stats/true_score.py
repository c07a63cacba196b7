"""The score that a system would have on these samples on average over all its possible runs."""

from fractions import Fraction
from math import sqrt

from evalmark.stats.interval import Interval
from evalmark.stats.margins import NORMAL_95


def true_score_interval(interval: Interval, noise: float, total: int, epochs: int) -> Interval:
    """The interval for R, widened by the generation noise of this rerun; cut to [0, 1].

    `noise`: variance of one generation (`noise.Noise.variance`). It does not become a point when all samples ran:
    only more epochs narrow it. To show beside the interval for R; a verdict has the noise in its margins instead.
    """
    reach = Fraction(NORMAL_95 * sqrt(noise / (total * epochs)))
    return max(interval[0] - reach, Fraction(0)), min(interval[1] + reach, Fraction(1))
