from fractions import Fraction

import pytest

from evalmark.stats.scale import NO_SCORE, UNIT_SCALE, Scale, exact_score

BLEU = Scale(Fraction(0), Fraction(100))
ERRORS = Scale(Fraction(0), Fraction(4), lower_is_better=True)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        pytest.param(1 / 3, Fraction(1, 3), id="third"),
        pytest.param(0.6, Fraction(3, 5), id="decimal"),
        pytest.param(5 / 7, Fraction(5, 7), id="mean-of-seven-epochs"),
        pytest.param(1, Fraction(1), id="whole"),
        pytest.param(0.123456789, Fraction(0.123456789), id="nothing-simpler"),
    ],
)
def test_exact_score__is_what_the_scorer_meant(score: float, expected: Fraction) -> None:
    assert exact_score(score) == expected


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_exact_score__refuses_what_is_not_finite(score: float) -> None:
    with pytest.raises((ValueError, OverflowError)):
        exact_score(score)


@pytest.mark.parametrize(
    ("scale", "score", "expected"),
    [
        pytest.param(UNIT_SCALE, 0.4, Fraction(2, 5), id="unit"),
        pytest.param(BLEU, 40.0, Fraction(2, 5), id="range"),
        pytest.param(ERRORS, 1.0, Fraction(3, 4), id="lower-is-better"),
        pytest.param(Scale(Fraction(-1)), 0.0, Fraction(1, 2), id="below-zero"),
    ],
)
def test_known__a_score_on_the_unit_scale(scale: Scale, score: float, expected: Fraction) -> None:
    assert scale.known(score) == (expected, expected)
    assert scale.from_unit((expected, expected)) == (exact_score(score), exact_score(score))


def test_known__no_score_may_be_any() -> None:
    assert BLEU.known(None) == NO_SCORE


@pytest.mark.parametrize("score", [-0.1, 100.1])
def test_known__refuses_a_score_outside_the_declared_range(score: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        BLEU.known(score)


def test_scale__refuses_an_empty_range() -> None:
    with pytest.raises(ValueError, match="no score"):
        Scale(Fraction(1), Fraction(1))


def test_from_unit__turns_an_interval_round_where_lower_is_better() -> None:
    assert ERRORS.from_unit((Fraction(1, 4), Fraction(1, 2))) == (Fraction(2), Fraction(3))


def test_width__is_a_share_of_the_range() -> None:
    assert BLEU.width(Fraction(2)) == Fraction(1, 50)
