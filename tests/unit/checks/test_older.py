"""The number that is offered for one that YAML 1.1 and 1.2 read differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.checks.older import read_by_both
from evalmark.formats.older_yaml import older_reading
from evalmark.formats.scalars import resolve


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1000.0, "1000"),
        (12, "12"),
        (-0.5, "-0.5"),
        (1e-7, "1.0e-07"),
        (2.5e-9, "2.5e-09"),
        (1e22, "1.0e+22"),
        (float("inf"), ".inf"),
        (float("-inf"), "-.inf"),
    ],
)
def test_read_by_both__is_short(value: float, written: str) -> None:
    assert read_by_both(value) == written


@given(st.floats(allow_nan=False))
def test_read_by_both__is_the_same_number_in_both(value: float) -> None:
    written = read_by_both(value)

    assert older_reading(written) is None
    assert resolve(written) == value
