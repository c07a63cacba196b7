"""Evidence, sample by sample, that the score over all N samples lies above a bound.

A bettor starts with a stake of 1 and bets against "R ≤ bound" on samples drawn at random without replacement. If R ≤
bound the stake does not grow in expectation, whoever looks and whenever (Ville 1939), so a stake of 40 is as rare as
1 in 40. Evidence that R lies *below* a bound is the same bet on 1 − score. The method's name for it is a one-sided
mixture betting e-process: Stark 2023 (ALPHA), Waudby-Smith and Ramdas 2020 and 2024 (without replacement).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf, isinf, log, sqrt

RUNGS = 10


@dataclass(frozen=True, slots=True)
class Bets:
    """Scores that the bettor holds possible, each in (0, 1) and above the bound, and the share of the stake on each.

    The shares sum to 1. Betting on several at once is the method of mixtures (Robbins 1970).
    """

    scores: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """How to choose bets above a bound: rungs at bound + (margin/2)·ratioʲ, and half of the stake on the claim."""

    ratio: float
    favours_claim: bool

    def bets(self, bound: float, margin: float, claim: float) -> Bets:
        """At most ten rungs inside (0, 1), in equal shares; the claim gets half if it lies above the bound."""
        steps = [bound + margin / 2 * self.ratio**rung for rung in range(RUNGS)]
        rungs = tuple(step for step in steps if bound < step < 1) or ((bound + 1) / 2,)
        if self.favours_claim and bound < claim < 1:
            return Bets((*rungs, claim), (*_equal(len(rungs), 0.5), 0.5))
        return Bets(rungs, _equal(len(rungs), 1))


UNPAIRED = Ladder(ratio=sqrt(2), favours_claim=True)
# A difference of two logs is mostly 0, so its variance is small and far bets pay: the rungs reach wider.
PAIRED = Ladder(ratio=2, favours_claim=False)


def _equal(number: int, stake: float) -> tuple[float, ...]:
    return (stake / number,) * number


class Evidence:
    """The bettor's stake against "R ≤ bound", R the mean of `total` scores in [0, 1], fed in random order.

    `log_e` is the logarithm of the stake now: 0 at the start, +inf once the scores seen exclude R ≤ bound, −inf once
    they prove it or every bet is lost.
    """

    __slots__ = ("_left", "_need", "_seen", "_shares", "_sums", "_unit", "log_e")

    def __init__(self, total: int, bound: Fraction, bets: Bets) -> None:
        self.log_e = 0.0
        self._left = total
        self._seen = 0.0
        self._shares = bets.shares
        self._sums = tuple(total * score for score in bets.scores)
        # What the samples left must sum to for R = bound, in units of 1/_unit: exact, and faster than a Fraction.
        self._need = total * bound.numerator
        self._unit = bound.denominator
        self._settle()

    def add(self, score: Fraction) -> None:
        """Bet on the next sample. At most `total` scores, each in [0, 1]."""
        value = float(score)
        if not isinf(self.log_e):
            open_sums = (self._need / self._unit, self._left)
            growth, self._shares = bet(value, self._seen, open_sums, self._sums, self._shares)
            self.log_e = self.log_e + log(growth) if growth > 0 else -inf
        self._seen += value
        self._left -= 1
        self._take(score)
        self._settle()

    def _take(self, score: Fraction) -> None:
        finer = score.denominator // gcd(self._unit, score.denominator)
        self._unit *= finer
        self._need = self._need * finer - score.numerator * (self._unit // score.denominator)

    def _settle(self) -> None:
        if self._need < 0:
            self.log_e = inf
        elif self._need >= self._left * self._unit:
            self.log_e = -inf


def bet(
    score: float, seen: float, open_sums: tuple[float, int], sums: Sequence[float], shares: Sequence[float]
) -> tuple[float, tuple[float, ...]]:
    """By what the stake grows on one more sample, and the shares of the bets after it.

    `open_sums`: what the samples left, this one included, must sum to for R = bound, in [0, their number), and their
    number. `sums`: of all scores, as each bet holds. A share grows by x·μ/μ₀ + (1 − x)(1 − μ)/(1 − μ₀), where μ and μ₀
    are the means that the samples left must have for the bet or the bound to be R (ALPHA: Stark 2023 §2).
    """
    need, left = open_sums
    # A bound that needs nothing but zeros is not hurt by one, and excluded by anything else.
    ones = score / need if need else 0.0
    zeros = (1 - score) / (left - need)
    slope = ones - zeros
    base = zeros * left - seen * slope
    # A sum that has become impossible counts as the nearest that is possible.
    least, most = seen, seen + left
    grown = [
        share * ((least if total < least else most if total > most else total) * slope + base)
        for share, total in zip(shares, sums, strict=True)
    ]
    growth = sum(grown)
    return growth, tuple([share / growth for share in grown]) if growth > 0 else (0.0,) * len(grown)
