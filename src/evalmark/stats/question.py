"""What a sequential verdict asks: is the score R over all N samples near the claim, or far from it?

Two one-sided tests for each answer (TOST: Schuirmann 1987; Berger and Hsu 1996). `verified` must reject "R is too low"
and "R is too high"; `mismatch` must reject one of "R is not too low" and "R is not too high". Everything is on a scale
from 0 to 1 on which more is better (`scale.Scale`).
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import log
from typing import Literal, Self, TypeAlias

from evalmark.stats.betting import UNPAIRED, Bets, Evidence, Ladder
from evalmark.stats.counting import Counting, Tally, same_counts
from evalmark.stats.margins import Margins

Answer: TypeAlias = Literal["verified", "mismatch", "inconclusive"]
# Of a mismatch: −1 the rerun scores lower than claimed, 1 higher. 0 of everything else.
Direction: TypeAlias = Literal[-1, 0, 1]
TestName: TypeAlias = Literal["not-low", "not-high", "too-low", "too-high"]
ALL_TESTS: tuple[TestName, ...] = ("not-low", "not-high", "too-low", "too-high")
TESTS_FOR_LOW: tuple[TestName, ...] = ("not-low", "too-low")


@dataclass(frozen=True, slots=True)
class Bound:
    """What one test must reject: R ≤ `value` if it shows that R is higher (`upward`), else R ≥ `value`.

    `implied` is the least R (if `upward`, else the greatest) that is left then: `value`, or the next count of ones.
    """

    upward: bool
    value: Fraction
    implied: Fraction
    margin: Fraction


@dataclass(frozen=True)
class Question:
    """A claim about `total` samples, the margins, and how sure a verdict must be.

    `binary`: every sample scores 0 or 1 and that is known beforehand, so R is a whole number of ones over `total`.
    `one_sided`: only a rerun that scores lower is a mismatch, and one that scores higher is verified too.
    `alpha`: chance of a wrong verdict, both sides together. `fewest`: no verdict before so many samples; that is no
    statistics, but a broken harness shows in them. Raises ValueError if the numbers make no question.
    """

    total: int
    claim: Fraction
    margins: Margins
    binary: bool
    one_sided: bool = False
    alpha: float = 0.05
    fewest: int = 50
    ladder: Ladder = UNPAIRED

    def __post_init__(self) -> None:
        if self.total < 1:
            raise ValueError(f"{self.total} samples: there must be one at least")
        if not 0 < self.alpha < 1:
            raise ValueError(f"alpha of {self.alpha} is not between 0 and 1")
        if not 0 < self.margins.verified <= self.margins.mismatch:
            raise ValueError("margins must be above 0, and `mismatch` no smaller than `verified`")

    @cached_property
    def threshold(self) -> float:
        """Logarithm of the evidence that a test needs: 2/alpha, for each side may err half of alpha (Ville 1939)."""
        return log(2 / self.alpha)

    @property
    def first_look(self) -> int:
        """The number of samples from which on a verdict may fall."""
        return min(self.fewest, self.total)

    @property
    def mirrored(self) -> Self:
        """The same question about 1 − score: what was low is high."""
        return replace(self, claim=1 - self.claim)

    @cached_property
    def bounds(self) -> dict[TestName, Bound]:
        """The tests that this question needs."""
        tests = TESTS_FOR_LOW if self.one_sided else ALL_TESTS
        return {name: self._counted(name) if self.binary else self._measured(name) for name in tests}

    def _measured(self, name: TestName) -> Bound:
        margin = self.margins.verified if name.startswith("not") else self.margins.mismatch
        value = self.claim - margin if name.endswith("low") else self.claim + margin
        return Bound(name in ("not-low", "too-high"), value, value, margin)

    def _counted(self, name: TestName) -> Bound:
        """`verified` holds on the outermost count inside the margin and not on the next, `mismatch` the other way."""
        bound = self._measured(name)
        fewest, most = same_counts(self.total, self.claim, bound.margin)
        inside, outside = (fewest, fewest - 1) if name.endswith("low") else (most, most + 1)
        rejected, implied = (outside, inside) if name.startswith("not") else (inside, outside)
        return replace(bound, value=Fraction(rejected, self.total), implied=Fraction(implied, self.total))

    def bets(self, value: Fraction, margin: Fraction) -> Bets:
        """Bets against R ≤ `value`, or R ≥ 1 − `value` if this is the mirrored question."""
        return self.ladder.bets(float(value), float(margin), float(self.claim))

    def evidence(self, bound: Bound) -> Evidence | Tally:
        """Of a test, to be fed with scores, or with 1 − score if it is not `upward`."""
        if self.binary:
            return Tally(self.counting(bound))
        asked, value = self._seen_from(bound)
        return Evidence(self.total, value, asked.bets(value, bound.margin))

    def counting(self, bound: Bound) -> Counting:
        """Of a test of a `binary` question, for the number of ones, or of zeros if it is not `upward`."""
        asked, value = self._seen_from(bound)
        return Counting(self.total, int(value * self.total), asked.bets(value, bound.margin))

    def _seen_from(self, bound: Bound) -> tuple[Self, Fraction]:
        return (self, bound.value) if bound.upward else (self.mirrored, 1 - bound.value)

    def answer_to(self, low: Fraction, high: Fraction) -> tuple[Answer, Direction]:
        """The answer if R is known to lie between `low` and `high` (the same, if every sample has a score)."""
        margins, least, most = self.margins, low - self.claim, high - self.claim
        if most < -margins.mismatch:
            return "mismatch", -1
        if least > margins.mismatch and not self.one_sided:
            return "mismatch", 1
        if -margins.verified <= least and (most <= margins.verified or self.one_sided):
            return "verified", 0
        return "inconclusive", 0

    def answer_of(self, rejected: Set[TestName]) -> tuple[Answer, Direction] | None:
        """The verdict that follows from the tests that rejected, if one does."""
        if "too-low" in rejected:
            return "mismatch", -1
        if "too-high" in rejected:
            return "mismatch", 1
        if rejected >= {"not-low"} | ({"not-high"} & self.bounds.keys()):
            return "verified", 0
        return None
