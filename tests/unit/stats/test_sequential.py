import re
from collections.abc import Sequence
from fractions import Fraction
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalmark.stats.margins import Margins
from evalmark.stats.question import Answer, Question
from evalmark.stats.scale import Known
from evalmark.stats.sequential import Sequential, decide
from tests.unit.stats.questions import known, question, spread
from tests.unit.stats.vectors import TOLERANCE, Vector, vectors

THIRTEENTHS = [Fraction(7 * place % 13, 12) for place in range(1, 101)]


def scores_of(vector: Vector) -> list[Known]:
    """The scores that a vector describes in words."""
    text, total = vector.input["x"], vector.input["N"]
    if text.startswith("((7 i) mod 13)"):
        return known(THIRTEENTHS)
    if text.startswith("spread(198,82)"):
        ones = spread(198, 82)
        return known([None if place % 20 == 0 else score for place, score in enumerate(ones, 1)])
    found = re.search(r"floor\(t\*(\d+)/", text)
    assert found
    return known(spread(total, int(found[1])))


def question_of(vector: Vector, *, binary: bool) -> Question:
    given_ = vector.input
    return question(
        given_["N"],
        str(given_["claim"]),
        str(given_["delta_verify"]),
        str(given_["delta_mismatch"]),
        binary=binary,
        fewest=given_.get("n_min", 50),
    )


@pytest.mark.parametrize("vector", vectors("Verifier") + vectors("Verifier(binary=False)"), ids=str)
def test_decide__agrees_with_the_reference(vector: Vector) -> None:
    asked = question_of(vector, binary="binary" not in vector.function)
    scores = scores_of(vector)

    result = decide(asked, scores)

    expected = vector.expect
    assert result.answer == expected["verdict"].lower()
    assert (result.direction, result.samples) == (expected["direction"], expected["items"])
    assert float(sum(low for low, _ in scores[: result.samples])) == pytest.approx(expected["S"], abs=TOLERANCE)


@pytest.mark.parametrize(
    ("claim", "ones", "answer", "direction"),
    [
        pytest.param("0.57", 57, "verified", 0, id="equal"),
        pytest.param("0.57", 62, "verified", 0, id="on-the-upper-margin"),
        pytest.param("0.57", 52, "verified", 0, id="on-the-lower-margin"),
        pytest.param("0.57", 63, "inconclusive", 0, id="between-the-margins-above"),
        pytest.param("0.57", 51, "inconclusive", 0, id="between-the-margins-below"),
        pytest.param("0.57", 64, "inconclusive", 0, id="on-the-outer-margin-above"),
        pytest.param("0.57", 50, "inconclusive", 0, id="on-the-outer-margin-below"),
        pytest.param("0.57", 65, "mismatch", 1, id="beyond-above"),
        pytest.param("0.57", 49, "mismatch", -1, id="beyond-below"),
        pytest.param("1", 95, "verified", 0, id="claim-at-the-end"),
        pytest.param("57", 57, "mismatch", -1, id="claim-off-the-scale"),
    ],
)
@pytest.mark.parametrize("binary", [True, False], ids=["binary", "fractional"])
def test_sequential__all_samples_give_the_exact_answer(
    claim: str, ones: int, answer: Answer, direction: int, *, binary: bool
) -> None:
    sequential = Sequential(question(100, claim, "0.05", "0.07", binary=binary, fewest=100))
    for score in known(spread(100, ones)):
        sequential.add(score)

    result = sequential.result()

    assert (result.answer, result.direction, result.decided_after) == (answer, direction, 100)
    assert result.interval == (Fraction(ones, 100), Fraction(ones, 100))


def test_sequential__one_sample_is_a_benchmark() -> None:
    assert decide(question(1, "1", "0.02"), known([1])).answer == "verified"
    assert decide(question(1, "1", "0.02"), known([0])).answer == "mismatch"


@pytest.mark.parametrize("score", [Fraction(6, 10), Fraction(62, 100)])
def test_sequential__a_fractional_score_on_the_margin_is_inside(score: Fraction) -> None:
    claim = str(float(score) + 0.02)[:4]

    assert decide(question(60, claim, "0.02", binary=False), known([score] * 60)).answer == "verified"


@pytest.mark.parametrize(
    ("ones", "answer"),
    [
        pytest.param(190, "verified", id="higher-than-claimed"),
        pytest.param(100, "verified", id="as-claimed"),
        pytest.param(90, "verified", id="on-the-margin"),
        pytest.param(89, "mismatch", id="lower"),
    ],
)
def test_sequential__one_sided_only_a_lower_score_is_a_mismatch(ones: int, answer: Answer) -> None:
    asked = question(200, "0.5", "0.05", one_sided=True)

    assert decide(asked, known(spread(200, ones))).answer == answer
    assert Sequential(asked).question.answer_to(Fraction(ones, 200), Fraction(ones, 200))[0] == answer


def test_sequential__one_sided_needs_fewer_samples() -> None:
    scores = known(spread(2000, 1610))

    both, one = (decide(question(2000, "0.8", "0.02", one_sided=sided), scores) for sided in (False, True))

    assert one.samples < both.samples


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "fractional"])
def test_sequential__swapping_right_and_wrong_mirrors_everything(*, binary: bool) -> None:
    one = decide(question(198, "0.25", "0.05", binary=binary), known(spread(198, 99)))
    other = decide(question(198, "0.75", "0.05", binary=binary), known([1 - score for score in spread(198, 99)]))

    assert (other.answer, other.direction, other.samples) == (one.answer, -one.direction, one.samples)
    assert other.p_value == pytest.approx(one.p_value)
    assert [float(end) for end in other.interval] == pytest.approx([1 - float(end) for end in reversed(one.interval)])


def test_sequential__no_verdict_before_the_fewest_samples() -> None:
    asked = question(12032, "0.9", "0.02", fewest=50)

    assert decide(asked, known([0] * 49)).answer == "inconclusive"
    assert decide(asked, known([0] * 50)).answer == "mismatch"


def test_sequential__logic_decides_what_statistics_would_not() -> None:
    """60 of 100 right: the other 40 cannot bring the score to what was claimed."""
    result = decide(question(100, "0.2", "0.05"), known([1] * 60))

    assert (result.answer, result.direction) == ("mismatch", 1)


def test_sequential__samples_without_a_score_count_for_neither_answer() -> None:
    nothing = known([None] * 198)

    assert decide(question(198, "0.5", "0.05"), nothing).answer == "inconclusive"
    assert decide(question(198, "0.5", "0.05"), nothing).interval == (Fraction(0), Fraction(1))


@pytest.mark.parametrize("scored", [0, 1])
def test_sequential__what_is_verified_with_samples_missing_holds_whatever_they_score(scored: int) -> None:
    scores = [None if place % 20 == 0 else score for place, score in enumerate(spread(198, 82), 1)]
    asked = question(198, "0.412", "0.05", "0.07")
    result = decide(asked, known(scores))
    completed = Sequential(asked)
    for score in known([scored if score is None else score for score in scores]):
        completed.add(score)

    assert completed.answer == result.answer == "verified"


def test_sequential__the_first_verdict_stands_until_all_samples_ran() -> None:
    """200 wrong answers decide; then only right ones come, and the completed rerun scores what was claimed."""
    asked = question(2000, "0.9", "0.02")
    sequential = Sequential(asked)
    for score in known([0] * 200 + [1] * 1799):
        sequential.add(score)
    before = sequential.result()
    sequential.add(known([1])[0])
    after = sequential.result()

    assert (before.answer, before.decided_after) == ("mismatch", 50)
    assert (after.answer, after.decided_after) == ("verified", 2000)


def test_sequential__a_verdict_that_the_last_sample_confirms_fell_when_it_fell() -> None:
    sequential = Sequential(question(198, "0.9", "0.05"))
    for score in known(spread(198, 90)):
        sequential.add(score)

    assert sequential.answer == "mismatch"
    assert sequential.decided_after is not None
    assert sequential.decided_after < 198


def test_sequential__contradictory_evidence_shows_nothing_but_what_is_possible() -> None:
    sequential = Sequential(question(2000, "0.5", "0.02"))
    for score in known([0] * 200 + [1] * 1100):
        sequential.add(score)

    low, high = sequential.interval()

    assert (low, high) == (Fraction(1100, 2000), Fraction(1800, 2000))


@pytest.mark.parametrize(
    ("asked", "scores", "match"),
    [
        pytest.param(question(1, "1", "0.1"), [(1, 1), (1, 1)], "more than 1 samples", id="too-many"),
        pytest.param(question(9, "1", "0.1"), [(0.5, 0.5)], "neither 0 nor 1", id="fractional-in-binary"),
        pytest.param(question(9, "1", "0.1"), [(2, 2)], "not between 0 and 1", id="above-one"),
        pytest.param(question(9, "1", "0.1"), [(-1, 0)], "not between 0 and 1", id="below-zero"),
        pytest.param(question(9, "1", "0.1"), [(1, 0)], "not between 0 and 1", id="wrong-way-round"),
    ],
)
def test_sequential__refuses_what_is_no_score(
    asked: Question, scores: Sequence[tuple[float, float]], match: str
) -> None:
    sequential = Sequential(asked)

    *before, last = [(Fraction(low), Fraction(high)) for low, high in scores]
    for score in before:
        sequential.add(score)

    with pytest.raises(ValueError, match=match):
        sequential.add(last)


@pytest.mark.parametrize(
    ("total", "margins", "alpha", "match"),
    [
        pytest.param(0, ("0.1", "0.1"), 0.05, "0 samples", id="no-samples"),
        pytest.param(9, ("0.1", "0.1"), 0.0, "alpha", id="alpha-of-zero"),
        pytest.param(9, ("0.1", "0.1"), 1.0, "alpha", id="alpha-of-one"),
        pytest.param(9, ("0", "0.1"), 0.05, "margins", id="no-margin"),
        pytest.param(9, ("0.2", "0.1"), 0.05, "margins", id="margins-swapped"),
    ],
)
def test_question__refuses_what_is_no_question(total: int, margins: tuple[str, str], alpha: float, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        question(total, "0.5", *margins, alpha=alpha)


def test_p_value__is_one_over_the_most_evidence_so_far() -> None:
    sequential = Sequential(question(500, "0.9", "0.02"))
    most = 0.0
    for score in known([1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]):
        sequential.add(score)
        most = max(most, sequential.log_e)

    assert sequential.log_e < most
    assert sequential.p_value == pytest.approx(exp(-most))


def test_p_value__starts_at_one() -> None:
    assert Sequential(question(500, "0.9", "0.02")).p_value == 1


@pytest.mark.parametrize(("ones", "expected"), [(10, 0.0), (90, 1.0)], ids=["beyond", "within"])
def test_p_value__of_all_samples(ones: int, expected: float) -> None:
    sequential = Sequential(question(100, "0.9", "0.05"))
    for score in known(spread(100, ones)):
        sequential.add(score)

    assert sequential.p_value == pytest.approx(expected, abs=0.5)


def test_p_value__one_test_alone_when_one_sided() -> None:
    both, one = (Sequential(question(500, "0.9", "0.02", one_sided=sided)) for sided in (False, True))
    for sequential in (both, one):
        for score in known([0] * 20):
            sequential.add(score)

    # The other side's half of the stake is lost.
    assert one.log_e - both.log_e == pytest.approx(log(2), abs=0.01)


UNIT = st.fractions(0, 1, max_denominator=4)
BITS = st.integers(0, 1).map(Fraction)


@settings(deadline=None)
@given(data=st.data(), total=st.integers(1, 60), one_sided=st.booleans(), binary=st.booleans())
def test_interval__agrees_with_the_answer(data: st.DataObject, total: int, one_sided: bool, binary: bool) -> None:
    claim = Fraction(data.draw(st.integers(0, 100)), 100)
    verified = Fraction(data.draw(st.integers(1, 20)), 100)
    mismatch = verified + Fraction(data.draw(st.integers(0, 10)), 100)
    fewest = data.draw(st.integers(1, total))
    margins = Margins(verified, mismatch, noise_known=True)
    asked = Question(total, claim, margins, binary=binary, one_sided=one_sided, fewest=fewest)
    scores = known(data.draw(st.lists(st.none() | (BITS if binary else UNIT), min_size=fewest, max_size=total)))
    sequential = Sequential(asked)
    for score in scores:
        sequential.add(score)

    low, high = sequential.interval()

    possible = (
        sum(score[0] for score in scores) / total,
        (sum(score[1] for score in scores) + total - len(scores)) / total,
    )
    assert possible[0] <= low <= high <= possible[1]
    # Evidence that contradicts itself shows nothing.
    if (low, high) != possible:
        assert agrees(sequential, low, high)


def agrees(sequential: Sequential, low: Fraction, high: Fraction) -> bool:
    """Whether the interval alone would give the answer; a mismatch may touch the margin."""
    asked = sequential.question
    if sequential.answer == "mismatch":
        outer = asked.claim + sequential.direction * asked.margins.mismatch
        return high <= outer if sequential.direction < 0 else low >= outer
    return asked.answer_to(low, high)[0] == sequential.answer


@pytest.mark.slow
@given(scores=st.lists(st.booleans(), min_size=80, max_size=80), claim=st.integers(1, 79))
def test_soonest__no_verdict_falls_before_it(scores: list[bool], claim: int) -> None:
    engine = Sequential(question(80, str(claim / 80), "0.05", fewest=10))
    told: list[tuple[int, int]] = []
    for score in scores:
        told.append((engine.samples, engine.soonest()))
        engine.add((Fraction(score), Fraction(score)))
        if engine.decided:
            break

    assert engine.decided_after is not None
    assert all(seen + soonest <= engine.decided_after for seen, soonest in told)
    assert engine.soonest() == 0
