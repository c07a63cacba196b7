"""`evalmark judge`: scores from any harness."""

from fractions import Fraction

import pytest

from evalmark.judge.scores import Asked, judge_scores
from evalmark.stats.margins import Runs
from evalmark.verdict import Answer
from tests.builders import ones

NOISELESS = 0.0
FIVE = Fraction(1, 20)


def asked(digits: str = "57.0", total: int = 100, **more: object) -> Asked:
    usual = {"unit": "percent", "tolerance": FIVE, "noise": NOISELESS}
    return Asked(digits=digits, total=total, **(usual | more))  # type: ignore[arg-type] # a table of options


@pytest.mark.parametrize(
    ("right", "verdict", "direction"),
    [
        (52, Answer.VERIFIED, 0),
        (62, Answer.VERIFIED, 0),
        (51, Answer.MISMATCH, -1),
        (63, Answer.MISMATCH, 1),
    ],
)
def test_judge__all_samples(right: int, verdict: Answer, direction: int) -> None:
    found = judge_scores(asked(), ones(right))

    assert (found.verdict, found.direction) == (verdict, direction)


def test_judge__stops_at_the_first_verdict() -> None:
    found = judge_scores(asked(total=1000), ones(0, 500))

    assert (found.verdict, found.decided_after) == (Answer.MISMATCH, found.samples_used)
    assert 50 <= found.samples_used < 500
    assert found.p_value < 0.05


def test_judge__numbers_are_in_the_claims_unit() -> None:
    found = judge_scores(asked(total=20, digits="50.0"), ones(10, 20))

    assert (found.claim, found.measured, found.difference, found.interval) == (50.0, 50.0, 0.0, (50.0, 50.0))
    assert (found.margin_verified, found.margin_mismatch) == (5.0, 5.0)
    assert found.margin_from == "given tolerance, given noise, rounding of the claim"


def test_judge__defaults_are_told() -> None:
    found = judge_scores(asked(tolerance=None, noise=None), ones(57))

    assert (
        found.margin_from == "default tolerance of 0.02, noise unknown, so the largest possible, rounding of the claim"
    )


@pytest.mark.parametrize(("right", "direction"), [(67, -1), (47, 1)])
def test_judge__an_error_rate_that_is_higher_is_worse(right: int, direction: int) -> None:
    found = judge_scores(asked(lower_is_better=True), ones(right))

    assert (found.verdict, found.direction) == (Answer.MISMATCH, -direction)
    assert ("worse" in found.reason) == (direction == -1)


def test_judge__one_sided_lets_a_better_rerun_pass() -> None:
    better, worse = ones(90), ones(20)

    assert judge_scores(asked(one_sided=True), better).verdict is Answer.VERIFIED
    assert judge_scores(asked(one_sided=True), worse).verdict is Answer.MISMATCH
    assert judge_scores(asked(), better).verdict is Answer.MISMATCH


def test_judge__two_units_that_disagree_are_inconclusive() -> None:
    found = judge_scores(asked("0.57", unit=None), ones(57))

    assert found.verdict is Answer.INCONCLUSIVE
    assert "give --unit" in found.reason


def test_judge__two_units_that_agree_are_no_matter() -> None:
    assert judge_scores(asked("0.57", unit=None), ones(90)).verdict is Answer.MISMATCH


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param(ones(28, 49), "49 of 100 samples do not decide it", id="too-few"),
        pytest.param([], "0 of 100 samples do not decide it", id="none"),
    ],
)
def test_judge__says_what_is_missing(given: list[float | None], reason: str) -> None:
    found = judge_scores(asked(), given)

    assert (found.verdict, found.reason) == (Answer.INCONCLUSIVE, reason)


def test_judge__between_the_margins() -> None:
    found = judge_scores(asked(noise=0.2, tolerance=None), ones(45))

    assert found.verdict is Answer.INCONCLUSIVE
    assert found.reason == "the rerun differs by more than the tolerance, but two honest runs can differ by as much"


def test_judge__samples_without_a_score_are_counted_and_decide_nothing() -> None:
    found = judge_scores(asked(), ones(51, lost=2))

    assert (found.verdict, found.samples_unscored) == (Answer.INCONCLUSIVE, 2)


def test_judge__more_epochs_narrow_the_margins() -> None:
    once = judge_scores(asked(noise=0.2), ones(57))
    often = judge_scores(asked(noise=0.2, runs=Runs(16, 16)), ones(57))

    assert often.margin_mismatch < once.margin_mismatch


@pytest.mark.parametrize("scores", [[1.5], [-0.1], [1.0] * 101])
def test_judge__refuses_what_cannot_be(scores: list[float | None]) -> None:
    with pytest.raises(ValueError, match=r"outside|scores of"):
        judge_scores(asked(), scores)
