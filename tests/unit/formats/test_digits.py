"""When two printed scores are one number."""

import pytest

from evalmark.formats.digits import same_score


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("57.0", "57", True),
        ("57.0", "57.04", True),
        ("57.0", "57.06", False),
        ("57", "57.4", True),
        ("56.9", "57.0", False),
        ("0.57", "57.0", True),
        ("57.0", "0.57", True),
        ("0.5698", "56.98", True),
        ("0.5698", "57.1", False),
        ("0.9", "0.9", True),
        ("0.9", "90", True),
        ("1.0", "100", True),
        ("0", "0.0", True),
        ("-3.2", "-3.21", True),
        ("-3.2", "3.2", False),
    ],
)
def test_the_same_score_up_to_rounding_and_unit(one: str, other: str, same: bool) -> None:
    assert same_score(one, other) is same
    assert same_score(other, one) is same
