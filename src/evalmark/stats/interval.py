"""Where the score over all N samples may lie when n of them, drawn at random without replacement, are known.

Both intervals are for one look at a size fixed beforehand. They are about *these* N samples, so they shrink to a
point at n = N; an interval that does not know N (Wilson, Clopper–Pearson) would stay wide there.
"""

from fractions import Fraction
from math import exp, lgamma, log, sqrt

from evalmark.stats.search import first

Interval = tuple[Fraction, Fraction]


def interval_of_mean(scores: list[Fraction], total: int, alpha: float, *, binary: bool) -> Interval:
    """A (1 − alpha) interval for the mean of all `total` scores, each in [0, 1], from a random part of them.

    Exact (hypergeometric) if it is known beforehand that every score is 0 or 1 (`binary`), else Serfling's inequality:
    to choose by the scores that were seen would be a second look. `scores` must not be empty.
    """
    if binary:
        return hypergeometric(int(sum(scores)), len(scores), total, alpha)
    return serfling(scores, total, alpha)


def hypergeometric(ones: int, drawn: int, total: int, alpha: float) -> Interval:
    """Invert both one-sided hypergeometric tests at alpha/2: from the first to the last number of ones that neither
    rejects. It is Clopper and Pearson's interval (1934) for draws without replacement (Buonaccorsi 1987).
    """
    smallest, largest = ones, total - (drawn - ones)

    def too_many_seen(k: int) -> bool:
        return upper_tail(ones, drawn, k, total) <= alpha / 2

    def too_few_seen(k: int) -> bool:
        return upper_tail(drawn - ones, drawn, total - k, total) <= alpha / 2

    low = first(lambda k: not too_many_seen(k), smallest, largest)
    high = first(too_few_seen, low, largest + 1) - 1
    return Fraction(low, total), Fraction(high, total)


def serfling(scores: list[Fraction], total: int, alpha: float) -> Interval:
    """Serfling (1974), Corollary 1.1: P(mean − μ ≥ ε) ≤ exp(−2nε² / (1 − (n−1)/N)) for scores in [0, 1],
    cut to what the seen scores leave possible.
    """
    drawn = len(scores)
    seen = sum(scores, Fraction(0))
    reach = Fraction(sqrt(log(2 / alpha) * (1 - (drawn - 1) / total) / (2 * drawn)))
    low = max(seen / drawn - reach, seen / total)
    high = min(seen / drawn + reach, (seen + total - drawn) / total)
    return low, high


def upper_tail(ones: int, drawn: int, ones_in_all: int, total: int) -> float:
    """P(X ≥ ones) for X hypergeometric: `drawn` of `total` taken, of which `ones_in_all` are ones."""
    most = min(drawn, ones_in_all)
    at_all = _log_choose(total, drawn)
    return sum(
        exp(_log_choose(ones_in_all, x) + _log_choose(total - ones_in_all, drawn - x) - at_all)
        for x in range(max(ones, drawn - (total - ones_in_all)), most + 1)
    )


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
