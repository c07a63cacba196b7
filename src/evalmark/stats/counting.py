"""The evidence of `betting` for scores of 0 and 1, from two counts instead of a walk through all samples.

With scores of 0 and 1 a bet's stake is the likelihood ratio of two hypergeometric distributions, whatever the order
of the scores (Wald 1945; prior-posterior ratio: Waudby-Smith and Ramdas 2020 §2).
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from math import ceil, exp, floor, inf, lgamma, log

from evalmark.stats.betting import Bets
from evalmark.stats.search import first

ROUNDING = 1e-12


def same_counts(total: int, claim: Fraction, margin: Fraction) -> tuple[int, int]:
    """The fewest and the most ones among `total` samples for which |ones/total − claim| ≤ margin, exactly.

    Not cut to 0..total; the first is the larger one if no count is that near.
    """
    return ceil(total * (claim - margin)), floor(total * (claim + margin))


class Counting:
    """Evidence against "at most `bound` of `total` samples are ones", staked on `bets`."""

    def __init__(self, total: int, bound: int, bets: Bets) -> None:
        self._total, self._bound = total, bound
        self._null = _Ways(total, bound)
        self._bets = [
            (log(share), _Ways(total, _whole(total * score)))
            for score, share in zip(bets.scores, bets.shares, strict=True)
        ]

    def log_e(self, drawn: int, ones: int) -> float:
        """Logarithm of the stake after `ones` ones in `drawn` draws; ±inf as in `Evidence`.

        A bet on a number of ones that has become impossible is lost.
        """
        zeros = drawn - ones
        if ones > self._bound:
            return inf
        if zeros >= self._total - self._bound:
            return -inf
        logs = [share + ways.log(ones, zeros) for share, ways in self._bets]
        most = max(logs)
        if most == -inf:
            return -inf
        return most + log(sum([exp(value - most) for value in logs])) - self._null.log(ones, zeros)

    def fewest_ones(self, threshold: float, draws: Iterable[int]) -> Iterator[int]:
        """For each number of draws, ascending, the fewest ones with `log_e` of at least `threshold`.

        One more than the draws if no number of ones reaches it. A zero lowers the evidence and a one raises it, so
        the answer never falls, and never grows by more than the draws.
        """
        found, before = int(self._bound >= 0), 0
        for drawn in draws:
            found = first(partial(self._reaches, threshold, drawn), found, found + drawn - before)
            before = drawn
            yield found

    def _reaches(self, threshold: float, drawn: int, ones: int) -> bool:
        return self.log_e(drawn, ones) >= threshold


def _whole(ones: float) -> float:
    """The count that is meant: 35 · (29/35) is a little more than 29 in floats, which six zeros would then exclude."""
    nearest = round(ones)
    return nearest if abs(ones - nearest) < ROUNDING * max(ones, 1) else ones


class _Ways:
    """How many ways there are to draw so many ones and zeros, in order, if `ones` of `total` are ones.

    `ones` need not be whole, since a bet may lie between two counts.
    """

    __slots__ = ("_constant", "_ones", "_zeros")

    def __init__(self, total: int, ones: float) -> None:
        self._ones, self._zeros = ones, total - ones
        possible = 0 <= ones <= total
        self._constant = lgamma(self._ones + 1) + lgamma(self._zeros + 1) if possible else -inf

    def log(self, ones: int, zeros: int) -> float:
        """The logarithm of the number; −inf if there is no way."""
        if ones > self._ones or zeros > self._zeros:
            return -inf
        return self._constant - lgamma(self._ones - ones + 1) - lgamma(self._zeros - zeros + 1)


class Tally:
    """The evidence of `Counting`, fed score by score as `Evidence` is."""

    __slots__ = ("_counting", "_drawn", "_ones", "log_e")

    def __init__(self, counting: Counting) -> None:
        self._counting, self._drawn, self._ones = counting, 0, 0
        self.log_e = counting.log_e(0, 0)

    def add(self, score: Fraction) -> None:
        """Count the next sample; its score is 0 or 1."""
        self._drawn += 1
        self._ones += int(score)
        self.log_e = self._counting.log_e(self._drawn, self._ones)
