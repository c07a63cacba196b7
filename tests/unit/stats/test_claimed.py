from fractions import Fraction

import pytest

from evalmark.formats.declaration import Unit
from evalmark.formats.digits import exact, half_width
from evalmark.stats.claimed import readings
from tests.unit.stats.vectors import TOLERANCE, Vector, vectors


@pytest.mark.parametrize("vector", vectors("parse_claim"), ids=str)
def test_readings__agree_with_the_reference(vector: Vector) -> None:
    text = vector.input["text"]
    unit: Unit = "percent" if text.endswith("%") or float(text) > 1 else "fraction"

    (reading,) = readings(text.removesuffix("%"), unit)

    assert float(reading.score) == pytest.approx(vector.expect["score"], abs=TOLERANCE)
    assert float(reading.rounding) == pytest.approx(vector.expect["half_width"], abs=TOLERANCE)


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        pytest.param("41.2", Fraction(1, 20), id="one-decimal"),
        pytest.param("41.20", Fraction(1, 200), id="a-last-zero-counts"),
        pytest.param("41", Fraction(1, 2), id="whole"),
        pytest.param("40", Fraction(1, 2), id="whole-that-ends-in-zero"),
        pytest.param("41.", Fraction(1, 2), id="point-without-decimals"),
        pytest.param(".5", Fraction(1, 20), id="no-digit-before-the-point"),
        pytest.param("-4.5", Fraction(1, 20), id="negative"),
        pytest.param("+4.5", Fraction(1, 20), id="plus-sign"),
        pytest.param("4e1", Fraction(5), id="exponent"),
        pytest.param("4.1e1", Fraction(1, 2), id="exponent-that-moves-the-point"),
        pytest.param("41e-2", Fraction(1, 200), id="negative-exponent"),
        pytest.param("0", Fraction(1, 2), id="zero"),
    ],
)
def test_half_width__is_half_a_unit_of_the_last_digit(digits: str, expected: Fraction) -> None:
    assert half_width(digits) == expected


@pytest.mark.parametrize("digits", ["nan", "inf", "-Infinity"])
def test_half_width__refuses_what_is_not_finite(digits: str) -> None:
    with pytest.raises(TypeError, match="not a finite number"):
        half_width(digits)


def test_exact__has_no_float_error() -> None:
    assert exact("57.1") == Fraction(571, 10)


@pytest.mark.parametrize(
    ("digits", "declared", "expected"),
    [
        pytest.param("57.0", None, [("percent", Fraction(57, 100))], id="above-one-is-percent"),
        pytest.param("1.01", None, [("percent", Fraction(101, 10000))], id="just-above-one"),
        pytest.param("1", None, [("fraction", Fraction(1)), ("percent", Fraction(1, 100))], id="one-is-either"),
        pytest.param("0.9", None, [("fraction", Fraction(9, 10)), ("percent", Fraction(9, 1000))], id="below-one"),
        pytest.param("0", None, [("fraction", Fraction(0)), ("percent", Fraction(0))], id="zero-is-either"),
        pytest.param("-3", None, [("fraction", Fraction(-3)), ("percent", Fraction(-3, 100))], id="negative"),
        pytest.param("0.9", "percent", [("percent", Fraction(9, 1000))], id="declared-percent"),
        pytest.param("0.9", "fraction", [("fraction", Fraction(9, 10))], id="declared-fraction"),
        pytest.param("57.0", "fraction", [("fraction", Fraction(57))], id="declared-against-the-look-of-it"),
    ],
)
def test_readings__units_and_scores(digits: str, declared: Unit | None, expected: list[tuple[Unit, Fraction]]) -> None:
    assert [(reading.unit, reading.score) for reading in readings(digits, declared)] == expected


@pytest.mark.parametrize(
    ("unit", "scale", "rounding"), [("fraction", 1, Fraction(1, 20)), ("percent", 100, Fraction(1, 2000))]
)
def test_readings__scale_and_rounding_follow_the_unit(unit: Unit, scale: int, rounding: Fraction) -> None:
    (reading,) = readings("0.9", unit)

    assert (reading.scale, reading.rounding) == (scale, rounding)


@pytest.mark.parametrize("digits", ["1e-99999", "0e99999", "0e-99999", "-0e99999", f"1e-{10**20}", f"0e{10**20}"])
def test_readings__an_exponent_beyond_floats_costs_nothing(digits: str) -> None:
    """`formats` lets these pass, since they are finite; an exponent of 9999999 must not take minutes."""
    numbers = [number for reading in readings(digits, None) for number in (reading.score, reading.rounding)]

    assert max(max(abs(number.numerator), number.denominator).bit_length() for number in numbers) < 4096
