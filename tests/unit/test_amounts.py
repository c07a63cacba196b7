from fractions import Fraction

import pytest

from evalmark.amounts import duration, points, round_tokens, score, signed


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        pytest.param(57.0, 100, "57.0 %", id="percent"),
        pytest.param(57.06, 100, "57.1 %", id="percent-rounded"),
        pytest.param(100.0, 100, "100.0 %", id="all"),
        pytest.param(0.57, 1, "0.570", id="fraction"),
        pytest.param(0.0, 1, "0.000", id="none"),
        pytest.param(-0.5, 1, "-0.500", id="negative"),
    ],
)
def test_score__is_in_its_unit(value: float, scale: int, expected: str) -> None:
    assert score(value, scale) == expected


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        pytest.param(-10.0, 100, "−10.0", id="lower"),
        pytest.param(10.0, 100, "+10.0", id="higher"),
        pytest.param(0.0, 100, "+0.0", id="same"),
        pytest.param(-0.0, 100, "+0.0", id="minus-zero"),
        pytest.param(-0.04, 100, "+0.0", id="lower-by-less-than-is-shown"),
        pytest.param(-0.06, 100, "−0.1", id="lower-by-what-rounds-up"),
        pytest.param(-0.1, 1, "−0.100", id="fraction"),
    ],
)
def test_signed__has_a_sign_that_is_no_hyphen(value: float, scale: int, expected: str) -> None:
    assert signed(value, scale) == expected


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        pytest.param(Fraction(1, 20), 100, "5.0 points", id="percent"),
        pytest.param(Fraction(1, 20), 1, "0.050", id="fraction"),
        pytest.param(Fraction(0), 100, "0.0 points", id="none"),
    ],
)
def test_points__of_percent_are_called_points(value: Fraction, scale: int, expected: str) -> None:
    assert points(value, scale) == expected


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (7, "7"),
        (99, "99"),
        (821, "820"),
        (12_345, "12,000"),
        (999_999, "1,000,000"),
        (1_440_000, "1.4 million"),
        (25_300_000, "25 million"),
    ],
)
def test_round_tokens__is_no_more_exact_than_a_forecast(count: float, text: str) -> None:
    assert round_tokens(count) == text


@pytest.mark.parametrize(("seconds", "text"), [(4.4, "4 s"), (99, "99 s"), (720, "12 min"), (12_600, "3.5 h")])
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text
