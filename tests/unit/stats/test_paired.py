from fractions import Fraction
from itertools import product
from math import exp

import pytest

from evalmark.stats.paired import Flips, Paired, flips
from evalmark.stats.scale import NO_SCORE
from evalmark.stats.sequential import decide
from tests.unit.stats.questions import known, question, spread
from tests.unit.stats.vectors import TOLERANCE, Vector, vectors

ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)


@pytest.mark.parametrize("vector", vectors("mcnemar_log_e"), ids=str)
def test_flips__agree_with_the_reference(vector: Vector) -> None:
    found = Flips(vector.input["b"], vector.input["c"])

    assert found.log_e == pytest.approx(vector.expect["two_sided"], abs=TOLERANCE)
    assert found.log_e_lost == pytest.approx(vector.expect["one_sided"], abs=TOLERANCE)


@pytest.mark.parametrize("one_sided", [True, False])
def test_flips__of_fair_coins_average_to_one(*, one_sided: bool) -> None:
    logs = []
    for coins in product((0, 1), repeat=8):
        found = Flips(sum(coins), 8 - sum(coins))
        logs.append(found.log_e_lost if one_sided else found.log_e)

    assert sum(map(exp, logs)) / len(logs) == pytest.approx(1)


def test_flips__thousands_are_counted() -> None:
    assert Flips(6500, 5500).log_e_lost > 30


def test_flips__are_the_samples_that_score_differently() -> None:
    pairs = [
        ((ONE, ONE), ONE),
        ((ZERO, ZERO), ONE),
        ((HALF, HALF), ONE),
        ((ONE, ONE), ZERO),
        (NO_SCORE, ONE),
        (NO_SCORE, ZERO),
    ]

    assert flips(pairs) == Flips(lost=2, gained=1)


def test_paired__a_sample_without_a_score_leaves_half_the_range_open() -> None:
    assert Paired(HALF).known(NO_SCORE, ONE) == (ZERO, HALF)


@pytest.mark.parametrize(("lost", "answer"), [(3, "verified"), (60, "mismatch")])
def test_paired__gives_the_answer_of_the_plain_test_with_fewer_samples(lost: int, answer: str) -> None:
    total, logged = 1200, spread(1200, 900)
    rerun = list(logged)
    for place in range(7, total, total // lost):
        rerun[place - place % 4 + 3] = 0
    paired = Paired(Fraction(900, total))
    asked = question(total, "0.75", "0.02")

    plain = decide(asked, known(rerun))
    of_pairs = decide(
        paired.question(asked),
        [paired.known(score, Fraction(before)) for score, before in zip(known(rerun), logged, strict=True)],
    )

    assert of_pairs.answer == plain.answer == answer
    assert of_pairs.samples < plain.samples


def test_paired__a_claim_that_is_not_the_logs_score_is_kept() -> None:
    """The log has 0.75 and the entry says 0.80: a rerun like the log is 5 points off."""
    total, logged = 400, spread(400, 300)
    paired = Paired(Fraction(3, 4))
    scores = [paired.known(score, Fraction(before)) for score, before in zip(known(logged), logged, strict=True)]

    result = decide(paired.question(question(total, "0.8", "0.02")), scores)

    assert (result.answer, result.direction) == ("mismatch", -1)
    low, high = paired.interval(result.interval)
    assert low <= Fraction(3, 4) <= high
