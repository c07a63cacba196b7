from fractions import Fraction

import pytest

from evalmark.stats.expected import Expected, expected
from tests.unit.stats.questions import question


@pytest.mark.parametrize(
    ("total", "claim", "margin", "medians"),
    [
        # Medians of 2,000 walks each: benchmarks/verdict.py.
        pytest.param(12032, "0.783", "0.02", (3225, 1418, 245), id="mmlu-pro"),
        pytest.param(12032, "0.783", "0.03", (1706, 2852, 308), id="mmlu-pro-wider"),
        pytest.param(2500, "0.2", "0.02", (1541, 841, 162), id="hle"),
        pytest.param(1319, "0.95", "0.02", (623, 405, 100), id="gsm8k"),
        pytest.param(198, "0.412", "0.05", (164, 197, 157), id="gpqa"),
        pytest.param(30, "0.5", "0.05", (30, 30, 30), id="aime"),
        pytest.param(1, "1", "0.05", (1, 1, 1), id="one"),
    ],
)
def test_expected__is_near_the_simulated_medians(
    total: int, claim: str, margin: str, medians: tuple[int, int, int]
) -> None:
    found = expected(question(total, claim, margin))

    assert (found.honest, found.five_points_less, found.ten_points_less) == pytest.approx(medians, rel=0.12)


def test_expected__is_the_same_every_time() -> None:
    assert expected(question(1319, "0.95", "0.02")) == expected(question(1319, "0.95", "0.02"))


def test_expected__one_sided_needs_fewer() -> None:
    both, one = (expected(question(2000, "0.8", "0.02", one_sided=sided)).honest for sided in (False, True))

    assert both is not None
    assert one is not None
    assert one < both


def test_expected__no_score_is_that_low() -> None:
    found = expected(question(1000, "0.07", "0.02"))

    assert found.five_points_less is not None
    assert found.ten_points_less is None


def test_expected__no_score_is_as_claimed() -> None:
    assert expected(question(1000, "57", "0.02")) == Expected(None, None, None)


def test_expected__fractional_scores_are_taken_as_right_or_wrong() -> None:
    asked = question(1000, "0.5", "0.02")

    assert expected(question(1000, "0.5", "0.02", binary=False)) == expected(asked)


@pytest.mark.parametrize("claim", [Fraction(0), Fraction(1)])
def test_expected__claims_at_the_ends(claim: Fraction) -> None:
    honest = expected(question(1000, str(claim), "0.05")).honest

    assert honest is not None
    assert 50 <= honest <= 300


def test_expected__all_samples_if_they_do_not_decide_either() -> None:
    """5 points less is beyond what verifies, and within what two honest runs differ by."""
    assert expected(question(1000, "0.5", "0.02", "0.1")).five_points_less == 1000
