from fractions import Fraction
from itertools import permutations
from math import exp, inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.stats.betting import PAIRED, UNPAIRED, Bets, Evidence, Ladder
from tests.unit.stats.vectors import TOLERANCE, Vector, vectors

TENTHS = [Fraction(number, 10) for number in range(11)]
POPULATIONS = [
    pytest.param((0, 1, 3, 7, 10), id="spread"),
    pytest.param((5, 5, 5, 5, 6), id="nearly-alike"),
    pytest.param((0, 0, 10, 10, 10), id="zeros-and-ones"),
    pytest.param((1, 2, 3, 4, 5, 9), id="six"),
]


def stakes(population: tuple[int, ...], bound: Fraction, bets: Bets) -> list[list[float]]:
    """The stake after each sample, for every order of a population of tenths."""
    paths = []
    for order in permutations(population):
        evidence = Evidence(len(order), bound, bets)
        path = []
        for tenth in order:
            evidence.add(TENTHS[tenth])
            path.append(exp(evidence.log_e))
        paths.append(path)
    return paths


def mirrored(vector: Vector) -> tuple[Fraction, Bets, list[Fraction]]:
    """A vector about "R ≥ m0", as what we test: that 1 − R is at most 1 − m0."""
    given_ = vector.input
    alternatives = given_.get("alts") or [ones / given_["N"] for ones in given_["alts_k"]]
    bound = 1 - (Fraction(str(given_["m0"])) if "m0" in given_ else Fraction(given_["k0"], given_["N"]))
    scores = given_["x"] if "x" in given_ else [1] * given_["S"] + [0] * (given_["t"] - given_["S"])
    return (
        bound,
        Bets(tuple(1 - score for score in alternatives), tuple(given_["weights"])),
        [1 - Fraction(score) for score in scores],
    )


@pytest.mark.parametrize("vector", vectors("EProcess.update"), ids=str)
def test_evidence__agrees_with_the_reference_at_every_step(vector: Vector) -> None:
    bound, bets, scores = mirrored(vector)
    evidence = Evidence(vector.input["N"], bound, bets)
    path = []
    for score in scores:
        evidence.add(score)
        path.append(evidence.log_e)

    assert path == pytest.approx([float(value) for value in vector.expect["log_e"]], abs=TOLERANCE)


@pytest.mark.parametrize("vector", vectors("log_e_binary == EProcess"), ids=str)
def test_evidence__agrees_with_the_hypergeometric_reference(vector: Vector) -> None:
    bound, bets, scores = mirrored(vector)
    evidence = Evidence(vector.input["N"], bound, bets)
    for score in scores:
        evidence.add(score)

    assert evidence.log_e == pytest.approx(vector.expect["log_e_process"], abs=TOLERANCE)


@pytest.mark.parametrize("vector", vectors("alternatives"), ids=str)
def test_ladder__agrees_with_the_reference(vector: Vector) -> None:
    given_, upward = vector.input, vector.input["side"] == 1
    bound, claim = (given_["m0"], given_["design"]) if upward else (1 - given_["m0"], 1 - given_["design"])

    bets = UNPAIRED.bets(bound, given_["delta"], claim)

    scores = bets.scores if upward else [1 - score for score in bets.scores]
    assert list(scores) == pytest.approx(vector.expect["alts"], abs=TOLERANCE)
    assert list(bets.shares) == pytest.approx(vector.expect["weights"], abs=TOLERANCE)


@given(
    ladder=st.sampled_from([UNPAIRED, PAIRED]),
    bound=st.floats(0, 0.999),
    margin=st.floats(1e-6, 1),
    claim=st.floats(-1, 2),
)
def test_ladder__is_a_stake_of_one_on_scores_above_the_bound(
    ladder: Ladder, bound: float, margin: float, claim: float
) -> None:
    bets = ladder.bets(bound, margin, claim)

    assert sum(bets.shares) == pytest.approx(1)
    assert all(bound < score < 1 for score in bets.scores)


def test_ladder__where_no_rung_fits_bets_half_way_to_the_end() -> None:
    assert PAIRED.bets(0.9, 0.5, 0.5) == Bets((0.95,), (1,))


@pytest.mark.parametrize("population", POPULATIONS)
def test_evidence__averages_to_one_over_all_orders_if_the_bound_is_the_score(population: tuple[int, ...]) -> None:
    bound = Fraction(sum(population), 10 * len(population))
    paths = stakes(population, bound, UNPAIRED.bets(float(bound), 0.1, 0.9))

    # Once the scores seen prove the bound the stake is forfeit, at the latest with the last.
    undecided = [at_once for at_once in zip(*paths, strict=True) if min(at_once) > 0]
    assert undecided
    for at_once in undecided:
        assert sum(at_once) / len(paths) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("below", [1, 2, 5])
@pytest.mark.parametrize("population", POPULATIONS)
def test_evidence__averages_to_at_most_one_over_all_orders_if_the_score_is_below_the_bound(
    population: tuple[int, ...], below: int
) -> None:
    bound = Fraction(sum(population) + below, 10 * len(population))
    paths = stakes(population, bound, UNPAIRED.bets(float(bound), 0.1, 0.9))

    assert all(sum(at_once) / len(paths) <= 1 + 1e-9 for at_once in zip(*paths, strict=True))


@pytest.mark.parametrize("population", POPULATIONS)
def test_evidence__reaches_a_stake_as_rarely_as_ville_says(population: tuple[int, ...]) -> None:
    bound = Fraction(sum(population), 10 * len(population))
    paths = stakes(population, bound, UNPAIRED.bets(float(bound), 0.1, 0.9))

    for stake in (1.2, 1.5, 2, 3):
        assert sum(max(path) >= stake for path in paths) / len(paths) <= 1 / stake


@pytest.mark.parametrize(
    ("bound", "scores", "expected"),
    [
        pytest.param(Fraction(1, 2), [1, 1, 1], inf, id="excluded"),
        pytest.param(Fraction(1, 2), [0, 0], -inf, id="proved-though-two-ones-are-left"),
        pytest.param(Fraction(-1, 2), [], inf, id="no-score-is-below-0"),
        pytest.param(Fraction(1), [], -inf, id="no-score-is-above-1"),
        pytest.param(Fraction(0), [1], inf, id="one-is-above-0"),
    ],
)
def test_evidence__is_certain_when_logic_is(bound: Fraction, scores: list[int], expected: float) -> None:
    evidence = Evidence(4, bound, Bets((0.75,), (1,)))
    for score in scores:
        evidence.add(Fraction(score))

    assert evidence.log_e == expected


def test_evidence__against_zero_a_zero_loses_what_was_bet_on_ones() -> None:
    evidence = Evidence(4, Fraction(0), Bets((0.75,), (1,)))
    evidence.add(Fraction(0))

    assert evidence.log_e == pytest.approx(log(0.25))


def test_evidence__lost_bets_do_not_hide_that_the_bound_is_excluded() -> None:
    """The only bet comes to be on ones to the end, and loses all on a zero; then the bound is passed all the same."""
    evidence = Evidence(8, Fraction(1, 2), Bets((0.9,), (1,)))
    path = []
    for score in (0, 0, 1, 1, 1, 1, 1):
        evidence.add(Fraction(score))
        path.append(evidence.log_e)

    assert path[1] == -inf
    assert path[-1] == inf


def test_evidence__sums_are_exact() -> None:
    """Ten times 0.1 in floats is less than 1, and would leave "R ≤ 1/10" standing that 10 of 10 tenths prove."""
    evidence = Evidence(10, Fraction(1, 10), Bets((0.5,), (1,)))
    for _ in range(10):
        evidence.add(Fraction(1, 10))

    assert evidence.log_e == -inf
