"""How much one generation of a sample varies: what no number of samples averages out of a claim made once."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from statistics import variance

from evalmark.stats.interval import interval_of_mean

LARGEST = 0.25
UPPER_TAIL = 0.1


@dataclass(frozen=True, slots=True)
class Noise:
    """`variance` of one generation, the mean over the samples looked at (Miller 2024 §3), in [0, 0.5].

    `at_most`: the variance over all samples is no larger, with 90 % confidence; never above 0.25, the most there is.
    `disagreement`: how often two generations of a sample score differently; for scores of 0 and 1 twice the variance.
    """

    variance: float
    at_most: float
    disagreement: float


def generation_noise(epochs: Sequence[Sequence[Fraction]], total: int, *, binary: bool) -> Noise:
    """From the scores of each epoch of some samples, drawn at random from `total`.

    `epochs`: one sequence a sample, at least two scores each in [0, 1]; else ValueError. `binary`: it is known
    beforehand that all scores are 0 or 1.
    """
    if not epochs or min(map(len, epochs)) < 2:
        raise ValueError("noise shows only in samples that ran twice")
    variances = [variance(scores) for scores in epochs]
    # A variance of scores in [0, 1] is at most 1/2, and 0 or 1/2 if there are two, each 0 or 1.
    two_valued = binary and max(map(len, epochs)) == 2
    doubled = [2 * value for value in variances]
    _, most = interval_of_mean(doubled, total, 2 * UPPER_TAIL, binary=two_valued)
    return Noise(
        variance=float(sum(variances) / len(variances)),
        at_most=min(float(most) / 2, LARGEST),
        disagreement=sum(map(_disagreement, epochs)) / len(epochs),
    )


def _disagreement(scores: Sequence[Fraction]) -> float:
    differ = [one != other for one, other in combinations(scores, 2)]
    return sum(differ) / len(differ)
