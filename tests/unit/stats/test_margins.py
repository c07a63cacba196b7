from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.stats.margins import Margins, Runs, margins
from tests.unit.stats.vectors import TOLERANCE, Vector, vectors

UNIT = st.fractions(min_value=0, max_value=1, max_denominator=1000)


def margins_of(vector: Vector) -> Margins:
    given_ = vector.input
    runs = Runs(given_.get("epochs_claim", 1), given_.get("epochs_rerun", 1))
    return margins(given_["N"], Fraction(str(given_["p"])), Fraction(str(given_["h"])), given_["sigma2_gen"], runs=runs)


@pytest.mark.parametrize("vector", vectors("margins"), ids=str)
def test_margins__agree_with_the_reference(vector: Vector) -> None:
    result = margins_of(vector)

    assert float(result.verified) == pytest.approx(vector.expect["delta_verify"], abs=TOLERANCE)
    assert float(result.mismatch) == pytest.approx(vector.expect["delta_mismatch"], abs=TOLERANCE)


@pytest.mark.parametrize(("noise", "known"), [(None, False), (0.0, True), (0.1, True)])
def test_margins__say_whether_the_noise_is_known(noise: float | None, known: bool) -> None:
    assert margins(100, Fraction(1, 2), Fraction(0), noise).noise_known is known


@pytest.mark.parametrize("noise", [None, 0.0])
def test_margins__without_noise_or_rounding_are_the_default_tolerance(noise: float | None) -> None:
    result = margins(10**9, Fraction(1, 2), Fraction(0), noise)

    assert (result.verified, result.mismatch) == (Fraction(1, 50), Fraction(1, 50))


def test_margins__declared_tolerance_goes_over_the_default() -> None:
    result = margins(100, Fraction(1, 2), Fraction(0), 0.0, Fraction(1, 1000))

    assert (result.verified, result.mismatch) == (Fraction(1, 1000), Fraction(1, 1000))


@pytest.mark.parametrize(
    ("tolerance", "cap"),
    [
        pytest.param(None, Fraction(1, 20), id="five-points"),
        pytest.param(Fraction(1, 10), Fraction(1, 10), id="the-tolerance-if-larger"),
    ],
)
@pytest.mark.parametrize("noise", [None, 0.25])
def test_margins__verified_is_capped(noise: float | None, tolerance: Fraction | None, cap: Fraction) -> None:
    rounding = Fraction(1, 2)

    assert margins(10, Fraction(1, 2), rounding, noise, tolerance).verified == cap


def test_margins__mismatch_is_never_capped() -> None:
    assert margins(10, Fraction(1, 2), Fraction(1, 2), 0.25).mismatch > Fraction(1, 2)


@pytest.mark.parametrize(
    "claim", [Fraction(0), Fraction(1), Fraction(-3), Fraction(57)], ids=["none", "all", "below", "above"]
)
def test_margins__unknown_noise_of_a_claim_at_or_beyond_the_ends_is_none(claim: Fraction) -> None:
    assert margins(100, claim, Fraction(0), None).mismatch == Fraction(1, 50)


@pytest.mark.parametrize("runs", [Runs(4, 1), Runs(1, 4)], ids=["of-the-claim", "of-the-rerun"])
def test_margins__more_epochs_on_either_side_narrow_them(runs: Runs) -> None:
    once = margins(198, Fraction(1, 2), Fraction(0), 0.1)
    several = margins(198, Fraction(1, 2), Fraction(0), 0.1, runs=runs)

    assert several.mismatch < once.mismatch


def test_margins__each_further_look_at_all_samples_has_half_the_chance_to_accuse() -> None:
    once, again = (margins(198, Fraction(1, 2), Fraction(0), 0.1, runs=Runs(4, 4, looks=looks)) for looks in (1, 2))

    assert Runs(looks=2).quantile == pytest.approx(2.807, abs=1e-3)
    assert again.mismatch > once.mismatch
    assert again.verified == once.verified


def test_margins__unknown_noise_is_at_least_any_noise_the_score_allows() -> None:
    unknown = margins(198, Fraction(1, 2), Fraction(0), None)

    assert unknown.mismatch >= margins(198, Fraction(1, 2), Fraction(0), 0.25).mismatch


@given(
    total=st.integers(1, 20000),
    claim=UNIT,
    rounding=UNIT,
    noise=st.none() | st.floats(0, 0.25),
    tolerance=st.none() | UNIT.filter(bool),
)
def test_margins__mismatch_is_never_inside_verified(
    total: int, claim: Fraction, rounding: Fraction, noise: float | None, tolerance: Fraction | None
) -> None:
    result = margins(total, claim, rounding, noise, tolerance)

    assert result.mismatch >= result.verified > 0
