"""The interval for the score R over all N samples that holds at every look: all bounds that betting does not reject.

A confidence sequence by test inversion (Waudby-Smith and Ramdas 2020, 2024), cut to what the seen scores leave
possible. A lower end is sought from below and stops at the first bound that stands, so that it errs only if the true R
itself is rejected: the evidence falls as the bound rises, but not where a bet leaves the scale or the claim is passed.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, inf, log, nextafter

from evalmark.stats.betting import Bets, bet
from evalmark.stats.counting import Counting
from evalmark.stats.question import Question
from evalmark.stats.search import first, last_above_zero

PRECISION = 1e-6


def lowest_count(question: Question, drawn: int, ones: int) -> int:
    """The fewest ones in all N samples that stand after `ones` ones in `drawn` draws."""
    total, margin = question.total, question.margins.verified

    def stands(count: int) -> bool:
        bets = question.bets(Fraction(count, total), margin)
        return Counting(total, count, bets).log_e(drawn, ones) < question.threshold

    most = total - (drawn - ones)
    claimed = min(max(ceil(total * question.claim), ones), most)
    found = first(stands, ones, claimed)
    return found if found < claimed else first(stands, claimed, most)


def lowest_score(question: Question, path: Sequence[float]) -> float:
    """The lowest R that stands after the scores of `path`, to one millionth, rounded down. `path` must not be empty."""
    total, margin = question.total, question.margins.verified

    def excess(bound: float) -> float:
        bets = question.bets(Fraction(bound), margin)
        return _log_e(total, bound, bets, path) - question.threshold

    least, mean, claim = sum(path) / total, sum(path) / len(path), float(question.claim)
    if least < claim < mean:
        below = nextafter(claim, 0)
        if excess(below) < 0:
            return last_above_zero(excess, least, below, PRECISION)
        least = claim
    return last_above_zero(excess, least, mean, PRECISION)


def _log_e(total: int, bound: float, bets: Bets, path: Sequence[float]) -> float:
    """`Evidence.log_e` at the end of a path, in floats, for a bound between the path's sum over `total` and its mean:
    no such bound was ever excluded or proved.
    """
    sums, shares = [total * score for score in bets.scores], bets.shares
    log_e, seen, need = 0.0, 0.0, total * bound
    for left, score in zip(range(total, 0, -1), path, strict=False):
        growth, shares = bet(score, seen, (need, left), sums, shares)
        log_e = log_e + log(growth) if growth > 0 else -inf
        seen += score
        need -= score
    return log_e
