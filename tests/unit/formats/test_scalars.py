"""YAML 1.2, section 10.3.2: the table of the core schema, and what YAML 1.1 would read otherwise."""

import math

import pytest

from evalmark.formats.scalars import resolve


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_resolve__null(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False)],
)
def test_resolve__boolean(text: str, value: bool) -> None:
    assert resolve(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-19", -19),
        ("+7", 7),
        ("012", 12),
        ("0o14", 12),
        ("0x3A", 58),
        ("999999999999999999", 10**18 - 1),
    ],
)
def test_resolve__integer(text: str, value: int) -> None:
    resolved = resolve(text)

    assert (resolved, type(resolved)) == (value, int)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.", 0.0),
        ("-0.0", -0.0),
        (".5", 0.5),
        ("57.0", 57.0),
        ("1e3", 1000.0),
        ("12e03", 12000.0),
        ("-2E+05", -200000.0),
        ("1234567890123456789", 1234567890123456789.0),
        ("1e400", math.inf),
        (".inf", math.inf),
        ("+.Inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_resolve__float(text: str, value: float) -> None:
    resolved = resolve(text)

    assert (resolved, type(resolved)) == (value, float)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_resolve__not_a_number(text: str) -> None:
    resolved = resolve(text)

    assert isinstance(resolved, float)
    assert math.isnan(resolved)


@pytest.mark.parametrize(
    "text",
    [
        "yes", "no", "on", "off", "y", "nUll", "tRue", "2026-01-15", "190:20:30", "1_000", "0b11", "-0x3A", "0o8",
        "0xg", "1e", "e3", ".", "-", "+", "1.2.3", "20,9", "20.9%", "nan", "inf", ".INf", "-.nan", "<<", "=", "٣", "1 ",
        "0x" + "f" * 17,
    ],
)  # fmt: skip
def test_resolve__everything_else_is_text(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize("text", ["9" * 60_000, "-" + "9" * 60_000])
def test_resolve__very_long_integer_is_infinite(text: str) -> None:
    resolved = resolve(text)

    assert isinstance(resolved, float)
    assert math.isinf(resolved)
