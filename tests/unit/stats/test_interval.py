from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.verdict import wilson
from evalmark.stats.interval import Interval, hypergeometric, interval_of_mean, serfling, upper_tail
from tests.unit.stats.vectors import Vector, vectors

HALF = Fraction(1, 2)
LEVEL = Fraction(95, 100)
SIZES = [(1, 1), (2, 1), (5, 3), (10, 4), (20, 7), (30, 15), (40, 1), (60, 20), (100, 50)]
POPULATIONS = [
    pytest.param([Fraction(number, 7) for number in range(8)], id="evenly-spread"),
    pytest.param([HALF] * 8, id="all-alike"),
    pytest.param([Fraction(0)] * 4 + [Fraction(1)] * 4, id="ends-only"),
    pytest.param([Fraction(0)] * 4 + [HALF] + [Fraction(1)] * 3, id="one-between"),
    pytest.param([Fraction(0)] * 7 + [Fraction(999, 1000)], id="one-nearly-right"),
    pytest.param([Fraction(1)] * 7 + [Fraction(1, 1000)], id="one-nearly-wrong"),
]


def exact_upper_tail(ones: int, drawn: int, ones_in_all: int, total: int) -> Fraction:
    ways = sum(comb(ones_in_all, x) * comb(total - ones_in_all, drawn - x) for x in range(ones, drawn + 1))
    return Fraction(ways, comb(total, drawn))


@pytest.mark.parametrize(
    ("ones", "drawn", "ones_in_all", "total"),
    [
        pytest.param(0, 5, 3, 10, id="always"),
        pytest.param(2, 5, 3, 10, id="some"),
        pytest.param(3, 5, 3, 10, id="all-there-are"),
        pytest.param(4, 5, 3, 10, id="more-than-there-are"),
        pytest.param(1, 8, 5, 10, id="fewer-than-must-be"),
        pytest.param(60, 100, 1000, 2000, id="thousands"),
        pytest.param(600, 1000, 7000, 12032, id="mmlu-pro"),
        pytest.param(120, 200, 9999, 12032, id="far-in-the-tail"),
    ],
)
def test_upper_tail__is_the_sum_of_its_ways(ones: int, drawn: int, ones_in_all: int, total: int) -> None:
    expected = float(exact_upper_tail(ones, drawn, ones_in_all, total))

    assert upper_tail(ones, drawn, ones_in_all, total) == pytest.approx(expected, rel=1e-7, abs=1e-300)


@pytest.mark.parametrize(("total", "drawn"), SIZES)
def test_hypergeometric__covers_every_population_at_least_95_of_100_times(total: int, drawn: int) -> None:
    intervals = {ones: hypergeometric(ones, drawn, total, 0.05) for ones in range(drawn + 1)}
    for ones_in_all in range(total + 1):
        truth = Fraction(ones_in_all, total)
        ways = sum(
            comb(ones_in_all, ones) * comb(total - ones_in_all, drawn - ones)
            for ones, (low, high) in intervals.items()
            if low <= truth <= high
        )
        assert Fraction(ways, comb(total, drawn)) >= LEVEL, ones_in_all


@pytest.mark.parametrize("total", range(1, 15))
def test_hypergeometric__is_what_both_tests_leave(total: int) -> None:
    alpha = 0.0499  # no tail of such small numbers is exactly half of it
    for drawn in range(1, total + 1):
        for ones in range(drawn + 1):
            left = [
                k
                for k in range(ones, total - drawn + ones + 1)
                if exact_upper_tail(ones, drawn, k, total) > alpha / 2
                and exact_upper_tail(drawn - ones, drawn, total - k, total) > alpha / 2
            ]
            expected = (Fraction(left[0], total), Fraction(left[-1], total))
            assert hypergeometric(ones, drawn, total, alpha) == expected, (ones, drawn)


@given(data=st.data(), total=st.integers(1, 400))
def test_hypergeometric__swapping_right_and_wrong_mirrors_it(data: st.DataObject, total: int) -> None:
    drawn = data.draw(st.integers(1, total))
    ones = data.draw(st.integers(0, drawn))

    low, high = hypergeometric(ones, drawn, total, 0.05)

    assert hypergeometric(drawn - ones, drawn, total, 0.05) == (1 - high, 1 - low)


@pytest.mark.parametrize("ones", [0, 1, 57, 99, 100])
def test_hypergeometric__of_all_samples_is_a_point(ones: int) -> None:
    assert hypergeometric(ones, 100, 100, 0.05) == (Fraction(ones, 100), Fraction(ones, 100))


@pytest.mark.parametrize("vector", vectors("wilson / clopper_pearson"), ids=str)
def test_hypergeometric__of_a_population_without_end_is_clopper_and_pearsons(vector: Vector) -> None:
    """100 million are near enough to it."""
    interval = hypergeometric(vector.input["S"], vector.input["n"], 10**8, vector.input["alpha"])

    assert [float(end) for end in interval] == pytest.approx(vector.expect["clopper_pearson"], abs=1e-6)


@pytest.mark.parametrize("vector", vectors("wilson / clopper_pearson"), ids=str)
def test_wilson__that_the_benchmark_compares_with_agrees_with_the_reference(vector: Vector) -> None:
    assert wilson(vector.input["S"], vector.input["n"]) == pytest.approx(vector.expect["wilson"], abs=1e-6)


def test_hypergeometric__more_samples_narrow_it() -> None:
    widths = [high - low for low, high in (hypergeometric(n // 2, n, 1000, 0.05) for n in (50, 100, 500, 900, 1000))]

    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("interval", [serfling], ids=["serfling"])
@pytest.mark.parametrize("population", POPULATIONS)
@pytest.mark.parametrize("drawn", range(1, 9))
def test_intervals__cover_the_mean_in_at_least_95_of_100_draws(
    interval: Callable[[list[Fraction], int, float], Interval], population: list[Fraction], drawn: int
) -> None:
    truth = sum(population, Fraction(0)) / len(population)
    results = [interval(list(part), len(population), 0.05) for part in combinations(population, drawn)]

    assert Fraction(sum(low <= truth <= high for low, high in results), len(results)) >= LEVEL


@given(data=st.data(), total=st.integers(1, 300))
def test_serfling__stays_inside_what_the_seen_scores_leave_possible(data: st.DataObject, total: int) -> None:
    scores = data.draw(st.lists(st.fractions(0, 1, max_denominator=9), min_size=1, max_size=min(total, 40)))

    low, high = serfling(scores, total, 0.05)

    seen = sum(scores, Fraction(0))
    assert seen / total <= low <= seen / len(scores) <= high <= (seen + total - len(scores)) / total


def test_serfling__of_all_samples_is_a_point() -> None:
    scores = [Fraction(1, 3), Fraction(1, 2), Fraction(1)]

    assert serfling(scores, 3, 0.05) == (Fraction(11, 18), Fraction(11, 18))


def test_serfling__is_its_formula() -> None:
    """n = 100 of N = 400, mean 1/2: ε = √(ln 40 · (1 − 99/400) / 200) = 0.11781."""
    low, high = serfling([HALF] * 100, 400, 0.05)

    assert (float(low), float(high)) == pytest.approx((0.5 - 0.117814, 0.5 + 0.117814), abs=1e-5)


def test_interval_of_mean__known_to_be_right_or_wrong_is_exact() -> None:
    scores = [Fraction(1)] * 30 + [Fraction(0)] * 20

    assert interval_of_mean(scores, 200, 0.05, binary=True) == hypergeometric(30, 50, 200, 0.05)


@pytest.mark.parametrize("last", [Fraction(0), HALF])
def test_interval_of_mean__is_serfling_if_scores_may_lie_between(last: Fraction) -> None:
    """Also when the scores that were seen happen to be right or wrong: choosing by them would be a second look."""
    scores = [Fraction(1)] * 30 + [Fraction(0)] * 19 + [last]

    assert interval_of_mean(scores, 200, 0.05, binary=False) == serfling(scores, 200, 0.05)
