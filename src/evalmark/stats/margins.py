"""How far a rerun may lie from a claim, for each verdict. All values are fractions of a score scale [0, 1].

The rule: an honest claim and an honest rerun differ by rounding and by generation noise, so both stand in
the margins where a reader can see them, and the target of the verdict is the score of *this* rerun over all
N samples, which is known exactly once all of them have run.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

DEFAULT_TOLERANCE = Fraction(1, 50)
VERIFIED_AT_MOST = Fraction(1, 20)
NORMAL_95 = 1.959963984540054
ACCUSED_WRONGLY = 0.01


@dataclass(frozen=True, slots=True)
class Margins:
    """`verified`: the largest |rerun − claim| that we call the same. `mismatch`: beyond it two honest runs do not lie.

    `noise_known` is false when the generation variance was neither declared nor measured; then `mismatch`
    assumes the largest variance that the claimed score allows, so that ignorance never accuses.
    """

    verified: Fraction
    mismatch: Fraction
    noise_known: bool


@dataclass(frozen=True, slots=True)
class Runs:
    """How often each sample was generated: epochs of the claim and of the rerun, both at least 1.

    `looks`: how often all samples will have been looked at. After an inconclusive one the rerun may add epochs
    and be looked at again; each further look has half the chance to accuse wrongly.
    """

    claim: int = 1
    rerun: int = 1
    looks: int = 1

    @property
    def quantile(self) -> float:
        """Of the normal distribution, for `mismatch`: 99 % at the first look."""
        return NormalDist().inv_cdf(1 - ACCUSED_WRONGLY / 2**self.looks)


def margins(
    total: int,
    claim: Fraction,
    rounding: Fraction,
    noise: float | None,
    tolerance: Fraction | None = None,
    runs: Runs = Runs(),
) -> Margins:
    """Margins for a claim over `total` samples.

    `claim` and `rounding` (half a unit of the last digit) are fractions of the scale; `noise` is the variance of
    one generation of a sample, averaged over samples, in [0, 0.25], or None if unknown. Equivalence margins as in
    two one-sided tests (Schuirmann 1987); 95 % noise for `verified`, capped, and 99 % for `mismatch`, since it accuses.
    """
    tolerance = DEFAULT_TOLERANCE if tolerance is None else tolerance
    at_most = max(VERIFIED_AT_MOST, tolerance)
    if noise is None:
        score = min(max(claim, Fraction(0)), Fraction(1))
        spread = _spread(float(score * (1 - score)), total, runs)
        return Margins(
            verified=min(max(tolerance, rounding), at_most),
            mismatch=max(tolerance, rounding + _noise(runs.quantile, spread)),
            noise_known=False,
        )
    spread = _spread(noise, total, runs)
    return Margins(
        verified=min(max(tolerance, rounding + _noise(NORMAL_95, spread)), at_most),
        mismatch=max(tolerance, rounding + _noise(runs.quantile, spread)),
        noise_known=True,
    )


def _spread(variance: float, total: int, runs: Runs) -> float:
    """Standard deviation of (rerun − claim) when both are honest: both draw their own generations."""
    return sqrt(variance / total * (1 / runs.claim + 1 / runs.rerun))


def _noise(quantile: float, spread: float) -> Fraction:
    return Fraction(quantile * spread)
