"""A rerun against a log that has the claimant's score of every sample.

The difference of two runs of one sample varies less than a score, so fewer samples decide. It is what election audits
call a ballot-comparison audit (Stark 2023).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lgamma, log

from evalmark.stats.betting import PAIRED
from evalmark.stats.interval import Interval
from evalmark.stats.question import Question
from evalmark.stats.scale import Known


@dataclass(frozen=True, slots=True)
class Paired:
    """The test of R by Z = (rerun − log + 1)/2, whose mean over all samples is (R − `logged` + 1)/2.

    `logged` is the log's own score: the mean over all N samples, each of which must have one.
    """

    logged: Fraction

    def question(self, question: Question) -> Question:
        """The same question about the mean of Z."""
        margins = replace(
            question.margins, verified=question.margins.verified / 2, mismatch=question.margins.mismatch / 2
        )
        return replace(question, claim=self._mean(question.claim), margins=margins, binary=False, ladder=PAIRED)

    def known(self, rerun: Known, logged: Fraction) -> Known:
        """Z of one sample, from its score in the rerun and its score in the log."""
        return (rerun[0] - logged + 1) / 2, (rerun[1] - logged + 1) / 2

    def interval(self, interval: Interval) -> Interval:
        """An interval for R, from one for the mean of Z."""
        return 2 * interval[0] - 1 + self.logged, 2 * interval[1] - 1 + self.logged

    def _mean(self, score: Fraction) -> Fraction:
        return (score - self.logged + 1) / 2


@dataclass(frozen=True, slots=True)
class Flips:
    """How many samples score lower in the rerun than in the log (`lost`), and higher (`gained`).

    A flag, not a verdict: it also rejects real differences that are smaller than any margin.
    """

    lost: int
    gained: int

    @property
    def log_e(self) -> float:
        """Logarithm of the evidence, at any look, that log and rerun are not exchangeable: then each flip is a fair
        coin, whatever the samples' difficulty (McNemar 1947; a uniform mixture over the coin's bias: Robbins 1970).
        """
        flips = self.lost + self.gained
        return flips * log(2) + lgamma(1 + self.lost) + lgamma(1 + self.gained) - lgamma(2 + flips)

    @property
    def log_e_lost(self) -> float:
        """The same, that more are lost than gained: the mixture over a coin that favours `lost`."""
        flips, way, ways = self.lost + self.gained, 1, 0
        for count in range(self.lost + 1):
            ways += way
            way = way * (flips + 1 - count) // (count + 1)
        return self.log_e + log(ways) - flips * log(2)


def flips(pairs: Iterable[tuple[Known, Fraction]]) -> Flips:
    """Count the samples whose score differs, from rerun and log. One that the rerun may or may not have changed is
    left out.
    """
    lost = gained = 0
    for (low, high), logged in pairs:
        lost += high < logged
        gained += low > logged
    return Flips(lost, gained)
