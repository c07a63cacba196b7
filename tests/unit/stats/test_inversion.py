from fractions import Fraction
from math import inf

import pytest

from evalmark.stats.inversion import lowest_count, lowest_score
from evalmark.stats.paired import Paired
from evalmark.stats.question import Question
from evalmark.stats.search import first, last_above_zero
from evalmark.stats.sequential import Sequential
from tests.unit.stats.questions import known, question, spread
from tests.unit.stats.vectors import Vector, vectors


def question_of(vector: Vector, *, binary: bool) -> Question:
    given_ = vector.input
    return question(given_["N"], str(given_["design"]), str(given_["delta"]), binary=binary, fewest=10**6)


def path_of(vector: Vector) -> list[float]:
    if "x_bits" in vector.input:
        return [float(bit) for bit in vector.input["x_bits"]]
    return [7 * place % 13 / 12 for place in range(1, 61)]


@pytest.mark.parametrize("vector", vectors("cs_wor"), ids=str)
def test_lowest_score__and_its_mirror_agree_with_the_reference(vector: Vector) -> None:
    asked, path = question_of(vector, binary=False), path_of(vector)

    low = lowest_score(asked, path)
    high = 1 - lowest_score(asked.mirrored, [1 - score for score in path])

    assert [low, high] == pytest.approx(vector.expect["lower_upper"], abs=vector.expect["compare_tolerance"])


@pytest.mark.parametrize("vector", vectors("snap(cs_wor)"), ids=str)
def test_lowest_count__and_its_mirror_agree_with_the_reference(vector: Vector) -> None:
    asked, bits = question_of(vector, binary=True), vector.input["x_bits"]
    ones, total = bits.count("1"), vector.input["N"]

    low = lowest_count(asked, len(bits), ones) / total
    high = 1 - lowest_count(asked.mirrored, len(bits), len(bits) - ones) / total

    assert [low, high] == pytest.approx(vector.expect["lower_upper"], abs=1e-6)


@pytest.mark.parametrize("vector", vectors("paired_interval"), ids=str)
def test_interval__of_a_paired_rerun_agrees_with_the_reference(vector: Vector) -> None:
    total, delta = vector.input["N"], str(vector.input["delta"])
    logged = [int(index < 150) for index in range(total)]
    rerun = [0 if index in (3, 30, 77, 101, 140) else 1 if index == 170 else logged[index] for index in range(total)]
    paired = Paired(Fraction(sum(logged), total))
    # The claim is the log's own score, and no verdict may fall so that no bound cuts the interval.
    asked = paired.question(question(total, "0.75", delta, fewest=total))
    sequential = Sequential(asked)
    for index in (37 * place % total for place in range(120)):
        sequential.add(paired.known(known([rerun[index]])[0], Fraction(logged[index])))

    low, high = paired.interval(sequential.interval())

    ends = [float(low - paired.logged), float(high - paired.logged)]
    assert ends == pytest.approx(vector.expect["lower_upper"], abs=vector.expect["compare_tolerance"])


@pytest.mark.parametrize(("claim", "margin"), [("0.5", "0.1"), ("0.9", "0.05"), ("0.3", "0.02")])
def test_lowest_count__errs_at_any_look_in_at_most_half_of_alpha(claim: str, margin: str) -> None:
    """Exactly, for every possible score, by following all walks until their lower end passes the truth."""
    total = 40
    asked = question(total, claim, margin)
    lowest = {(drawn, ones): lowest_count(asked, drawn, ones) for drawn in range(1, total) for ones in range(drawn + 1)}
    for truth in range(total + 1):
        chances, missed = {0: 1.0}, 0.0
        for drawn in range(1, total):
            after: dict[int, float] = {}
            for ones, chance in chances.items():
                right = (truth - ones) / (total - drawn + 1)
                for more, part in ((1, right), (0, 1 - right)):
                    if part > 0:
                        after[ones + more] = after.get(ones + more, 0) + chance * part
            missed += sum(chance for ones, chance in after.items() if lowest[drawn, ones] > truth)
            chances = {ones: chance for ones, chance in after.items() if lowest[drawn, ones] <= truth}
        assert missed <= 0.025


@pytest.mark.parametrize("ones", [15, 60, 105])
@pytest.mark.parametrize("claim", ["0.1", "0.5", "0.9"])
def test_lowest_score__is_between_two_counts_of_the_lattice(ones: int, claim: str) -> None:
    asked, total, drawn = question(200, claim, "0.05"), 200, 120

    count = lowest_count(asked, drawn, ones)
    score = lowest_score(asked, [float(score) for score in spread(drawn, ones)])

    assert count - 1 <= score * total <= count


def test_first__is_the_smallest_for_which_it_holds() -> None:
    assert [first(lambda k, turn=turn: k >= turn, 2, 9) for turn in (0, 2, 5, 8, 9, 20)] == [2, 2, 5, 8, 9, 9]  # type: ignore[misc]


@pytest.mark.parametrize("root", [0.001, 0.3, 0.5, 0.999])
@pytest.mark.parametrize("steep", [1, 1000, inf])
def test_last_above_zero__is_at_most_the_precision_too_low(root: float, steep: float) -> None:
    def falling(x: float) -> float:
        return (root - x) * steep if x != root else 0.0

    assert root - 1e-6 <= last_above_zero(falling, 0, 1, 1e-6) <= root
