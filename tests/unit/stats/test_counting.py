from fractions import Fraction
from math import comb, exp, inf, lgamma, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.stats.betting import UNPAIRED, Bets, Evidence
from evalmark.stats.counting import Counting, Tally, same_counts
from tests.unit.stats.test_betting import mirrored
from tests.unit.stats.vectors import TOLERANCE, Vector, vectors


@pytest.mark.parametrize("vector", vectors("binary_region"), ids=str)
def test_same_counts__agree_with_the_reference(vector: Vector) -> None:
    given_ = vector.input

    counts = same_counts(given_["N"], Fraction(str(given_["C"])), Fraction(str(given_["delta"])))

    assert counts == (vector.expect["k_min"], vector.expect["k_max"])


def test_same_counts__are_exact_where_floats_are_not() -> None:
    """abs(.62 - .57) <= .05 is False in floats."""
    assert same_counts(100, Fraction("0.57"), Fraction("0.05")) == (52, 62)


def test_same_counts__none_is_near() -> None:
    assert same_counts(10, Fraction("0.55"), Fraction("0.01")) == (6, 5)


@pytest.mark.parametrize("vector", vectors("log_e_binary == EProcess"), ids=str)
def test_counting__agrees_with_the_reference(vector: Vector) -> None:
    given_ = vector.input
    _, bets, _ = mirrored(vector)
    counting = Counting(given_["N"], given_["N"] - given_["k0"], bets)

    log_e = counting.log_e(given_["t"], given_["t"] - given_["S"])

    assert log_e == pytest.approx(vector.expect["log_e"], abs=TOLERANCE)


@pytest.mark.parametrize("vector", vectors("ppr_interval"), ids=str)
def test_counting__a_uniform_mixture_gives_the_prior_posterior_ratio(vector: Vector) -> None:
    """Waudby-Smith and Ramdas 2020: a number of ones stands while prior/posterior is below 1/alpha. With every number
    bet on alike that ratio is our stake, whichever number the bound is."""
    total, drawn, ones = (vector.input[name] for name in ("N", "t", "S"))
    every = Bets(tuple(number / total for number in range(total + 1)), (1 / (total + 1),) * (total + 1))
    # One number's stake gives all: they differ by the likelihood of the bound alone.
    middle = round(total * ones / drawn)
    mixture = Counting(total, middle, every).log_e(drawn, ones)

    def stands(number: int) -> bool:
        against_middle = Counting(total, middle, Bets((number / total,), (1,))).log_e(drawn, ones)
        return mixture - against_middle < log(1 / vector.input["alpha"])

    standing = [number for number in range(ones, total - drawn + ones + 1) if stands(number)]

    assert [standing[0] / total, standing[-1] / total] == pytest.approx(vector.expect, abs=TOLERANCE)


def test_counting__a_bet_on_a_count_is_not_lost_to_rounding() -> None:
    """35 · (29/35) is more than 29 in floats."""
    counting = Counting(35, 0, Bets((29 / 35,), (1.0,)))

    assert counting.log_e(6, 0) == pytest.approx(lgamma(7) + lgamma(30) - lgamma(36))


@given(data=st.data(), total=st.integers(2, 60))
def test_counting__is_the_process_in_any_order(data: st.DataObject, total: int) -> None:
    bound = data.draw(st.integers(0, total - 1))
    wholes = data.draw(st.lists(st.integers(bound + 1, total), min_size=1, max_size=4))
    bets = Bets(tuple(whole / total for whole in wholes), (1 / len(wholes),) * len(wholes))
    scores = data.draw(st.lists(st.integers(0, 1), max_size=total))
    evidence = Evidence(total, Fraction(bound, total), bets)
    for score in scores:
        evidence.add(Fraction(score))

    log_e = Counting(total, bound, bets).log_e(len(scores), sum(scores))

    # A stake that is 0 but for rounding has no logarithm to speak of.
    assert log_e == pytest.approx(evidence.log_e, abs=1e-6) or (max(log_e, evidence.log_e) < -25)


@given(data=st.data(), total=st.integers(20, 400))
def test_counting__is_the_process_for_the_bets_we_make(data: st.DataObject, total: int) -> None:
    """After a quarter of a run no bet between two counts has become impossible."""
    claim = data.draw(st.floats(0.3, 0.4))
    bound = int(claim * total) - data.draw(st.integers(1, 3))
    bets = UNPAIRED.bets(bound / total, 0.02, claim)
    scores = data.draw(st.lists(st.integers(0, 1), min_size=1, max_size=total // 4))
    evidence = Evidence(total, Fraction(bound, total), bets)
    for score in scores:
        evidence.add(Fraction(score))

    assert Counting(total, bound, bets).log_e(len(scores), sum(scores)) == pytest.approx(evidence.log_e, abs=1e-6)


@pytest.mark.parametrize("total", [1, 2, 7, 12])
@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.9])
def test_counting__averages_to_at_most_one_at_every_number_of_draws(total: int, part: float) -> None:
    """Over all orders, from the hypergeometric chances; exactly 1 while every bet on a whole number is possible."""
    bound = int(part * total)
    counting = Counting(total, bound, Bets((min(bound + 1, total) / total, 1.0), (0.5, 0.5)))
    for ones_in_all in range(bound + 1):
        for drawn in range(total + 1):
            mean = sum(
                comb(ones_in_all, ones)
                * comb(total - ones_in_all, drawn - ones)
                / comb(total, drawn)
                * exp(counting.log_e(drawn, ones))
                for ones in range(max(0, drawn - (total - ones_in_all)), min(drawn, ones_in_all) + 1)
            )
            assert mean <= 1 + 1e-9


def test_counting__averages_to_one_on_the_bound() -> None:
    total, bound = 20, 8
    counting = Counting(total, bound, Bets((0.5, 0.6), (0.25, 0.75)))
    for drawn in range(8):
        chances = [
            comb(bound, ones) * comb(total - bound, drawn - ones) / comb(total, drawn) for ones in range(drawn + 1)
        ]
        mean = sum(chance * exp(counting.log_e(drawn, ones)) for ones, chance in enumerate(chances))
        assert mean == pytest.approx(1)


@pytest.mark.parametrize("bound", [-1, 0, 3, 20, 39, 40, 41])
@pytest.mark.parametrize("step", [1, 7])
def test_fewest_ones__are_the_first_whose_evidence_is_enough(bound: int, step: int) -> None:
    total, threshold = 40, log(10)
    bets = Bets((0.45, 0.7, 0.98), (0.3, 0.3, 0.4)) if bound <= 3 else Bets((0.99,), (1,))
    counting = Counting(total, bound, bets)
    draws = range(5, total + 1, step)

    expected = [
        next((ones for ones in range(drawn + 1) if counting.log_e(drawn, ones) >= threshold), drawn + 1)
        for drawn in draws
    ]
    assert list(counting.fewest_ones(threshold, draws)) == expected


def test_counting__a_bet_that_has_become_impossible_is_lost() -> None:
    counting = Counting(10, 4, Bets((0.9,), (1,)))

    assert [counting.log_e(drawn, 0) > -inf for drawn in (1, 2)] == [True, False]


def test_tally__counts_as_scores_come() -> None:
    counting = Counting(10, 4, Bets((0.6,), (1,)))
    tally = Tally(counting)
    seen = [tally.log_e]
    for score in (1, 0, 1):
        tally.add(Fraction(score))
        seen.append(tally.log_e)

    assert seen == [counting.log_e(0, 0), counting.log_e(1, 1), counting.log_e(2, 1), counting.log_e(3, 2)]
