"""The verdict by numbers: margins, lattice boundaries, units, directions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalmark.formats.declaration import TaskDeclaration
from evalmark.judge.case import case_of
from evalmark.judge.verdicts import judge
from evalmark.outcome import Measured
from evalmark.stats.claimed import readings
from evalmark.verdict import Answer, Rung, Verdict
from tests.builders import claim, measured, ones, plan, rerun
from tests.unit.stats.vectors import Vector, vectors

NOISELESS = TaskDeclaration(unit="percent", tolerance=0.05, noise=0.0)
UNDECLARED = TaskDeclaration()


def judged(digits: str, result: Measured, declaration: TaskDeclaration = NOISELESS) -> Verdict:
    finished = rerun(result, declaration)
    (verdict,) = judge(plan(claim(digits), jobs=[finished.job]), (finished,))
    return verdict


def answer_of(digits: str, right: int, of: int = 100, declaration: TaskDeclaration = NOISELESS) -> Answer:
    return judged(digits, measured(ones(right, of)), declaration).verdict


@pytest.mark.parametrize("right", range(52, 63))
def test_judge__within_the_margin_is_verified(right: int) -> None:
    """The margin is closed, and no float error moves it: abs(.62 - .57) <= .05 is False in floats."""
    assert answer_of("57.0", right) is Answer.VERIFIED


@pytest.mark.parametrize("right", [0, 47, 51, 63, 67, 100])
def test_judge__outside_the_margin_is_a_mismatch(right: int) -> None:
    assert answer_of("57.0", right) is Answer.MISMATCH


@pytest.mark.parametrize(("right", "side"), [(47, "lower"), (67, "higher")])
def test_judge__mismatch_says_how_far_and_on_which_side(right: int, side: str) -> None:
    verdict = judged("57.0", measured(ones(right)))

    assert verdict.reason == f"the rerun is 10.0 points {side} than claimed, outside ±5.0 points"


@pytest.mark.parametrize(("right", "side"), [(47, "lower"), (67, "higher")])
def test_judge__mismatch_of_fractions_has_no_points(right: int, side: str) -> None:
    declaration = TaskDeclaration(unit="fraction", tolerance=0.05, noise=0.0)

    verdict = judged("0.570", measured(ones(right)), declaration)

    assert verdict.reason == f"the rerun is 0.100 {side} than claimed, outside ±0.050"


def test_judge__verified_says_the_margin() -> None:
    verdict = judged("57.0", measured(ones(57)))

    assert (verdict.reason, verdict.advice) == ("the rerun is within ±5.0 points of the claim", "")


@pytest.mark.parametrize("vector", vectors("binary_region"), ids=str)
def test_judge__verifies_exactly_the_lattice_of_the_reference(vector: Vector) -> None:
    total, delta = vector.input["N"], vector.input["delta"]
    low, high = vector.expect["k_min"], vector.expect["k_max"]
    declaration = TaskDeclaration(unit="fraction", tolerance=delta, noise=0.0)

    verified = [
        right
        for right in (low - 1, low, high, high + 1)
        if answer_of(f"{vector.input['C']:.3f}", right, total, declaration) is Answer.VERIFIED
    ]

    assert verified == [low, high]


def test_judge__ten_points_off_without_known_noise_is_inconclusive_on_100_samples() -> None:
    verdict = judged("57.0", measured(ones(47)), TaskDeclaration(unit="percent", tolerance=0.05))

    assert verdict.verdict is Answer.INCONCLUSIVE
    assert verdict.reason == (
        "the rerun differs by more than the tolerance of ±5.0 points, but two honest runs can differ by 18.1 points"
    )
    assert verdict.advice == "the benchmark's owner can declare the measured `noise` in .evalmark.toml"


def test_judge__between_the_margins_with_known_noise_asks_for_epochs() -> None:
    verdict = judged("57.0", measured(ones(47)), TaskDeclaration(unit="percent", tolerance=0.05, noise=0.2))

    assert (verdict.verdict, verdict.advice) == (
        Answer.INCONCLUSIVE,
        "run more passes with --epochs, and ask the claimant for theirs",
    )


def test_judge__default_tolerance_is_two_points() -> None:
    declaration = TaskDeclaration(unit="percent", noise=0.0)

    assert [answer_of("57.0", right, 100, declaration) for right in (54, 55, 59, 60)] == [
        Answer.MISMATCH,
        Answer.VERIFIED,
        Answer.VERIFIED,
        Answer.MISMATCH,
    ]


@pytest.mark.parametrize(("digits", "expected"), [("57.0", Answer.MISMATCH), ("57", Answer.VERIFIED)])
def test_judge__rounding_of_the_claim_widens_the_margins(digits: str, expected: Answer) -> None:
    declaration = TaskDeclaration(unit="percent", tolerance=0.001, noise=0.0)

    assert answer_of(digits, 1148, 2000, declaration) is expected


# ── units ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("digits", "unit", "unit_from"),
    [
        pytest.param("57.0", "percent", "inferred", id="above-one"),
        pytest.param("57.0", "percent", "declared", id="declared"),
        pytest.param("0.570", "fraction", "declared", id="declared-fraction"),
    ],
)
def test_judge__says_the_unit_and_where_it_comes_from(digits: str, unit: str, unit_from: str) -> None:
    declared = unit if unit_from == "declared" else None
    declaration = TaskDeclaration.model_validate({"unit": declared, "tolerance": 0.05, "noise": 0.0})

    verdict = judged(digits, measured(ones(57)), declaration)

    assert (verdict.verdict, verdict.unit, verdict.unit_from) == (Answer.VERIFIED, unit, unit_from)


def test_judge__a_unit_that_decides_the_verdict_must_be_known() -> None:
    verdict = judged("0.9", measured(ones(90)), TaskDeclaration(noise=0.0))

    assert verdict.verdict is Answer.INCONCLUSIVE
    assert verdict.reason == (
        "0.9 can be a fraction or a percentage, the benchmark does not say which, "
        "and the two readings lead to different verdicts"
    )
    assert verdict.advice == 'the benchmark\'s owner can declare `unit = "percent"` or `"fraction"` in .evalmark.toml'


@pytest.mark.parametrize(
    ("digits", "right", "expected"),
    [
        pytest.param("0.9", 50, Answer.MISMATCH, id="wrong-either-way"),
        pytest.param("0", 0, Answer.VERIFIED, id="right-either-way"),
    ],
)
def test_judge__a_unit_that_decides_nothing_may_be_unknown(digits: str, right: int, expected: Answer) -> None:
    assert answer_of(digits, right, 100, TaskDeclaration(noise=0.0)) is expected


def test_judge__mismatch_that_agrees_in_the_other_unit_says_so() -> None:
    verdict = judged("0.57", measured(ones(57)))

    assert verdict.verdict is Answer.MISMATCH
    assert verdict.advice.startswith("read as a fraction the claim would agree")


def test_judge__mismatch_that_agrees_in_no_unit_gives_no_such_hint() -> None:
    assert judged("0.57", measured(ones(90))).advice == ""


@pytest.mark.parametrize("digits", ["57.0", "57", "5.7e1"])
def test_judge__percent_under_a_declared_fraction_is_told_so(digits: str) -> None:
    verdict = judged(digits, measured(ones(57)), TaskDeclaration(unit="fraction", noise=0.0))

    assert verdict.verdict is Answer.MISMATCH
    assert verdict.advice.startswith("read as a percentage the claim would agree")


# ── the numbers shown ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("digits", "unit", "expected"),
    [
        pytest.param("57.0", "percent", (47.0, -10.0, (47.0, 47.0), (-10.0, -10.0), 5.0, 5.0), id="percent"),
        pytest.param("0.570", "fraction", (0.47, -0.1, (0.47, 0.47), (-0.1, -0.1), 0.05, 0.05), id="fraction"),
    ],
)
def test_judge__numbers_are_in_the_claims_unit(digits: str, unit: str, expected: tuple[object, ...]) -> None:
    declaration = TaskDeclaration.model_validate({"unit": unit, "tolerance": 0.05, "noise": 0.0})

    verdict = judged(digits, measured(ones(47)), declaration)

    assert expected == (
        verdict.measured,
        verdict.difference,
        verdict.interval,
        verdict.difference_interval,
        verdict.margin_verified,
        verdict.margin_mismatch,
    )


def test_judge__counts_the_samples() -> None:
    verdict = judged("57.0", measured(ones(57, 99, lost=1), total=200))

    assert (verdict.samples_used, verdict.samples_total, verdict.samples_unscored) == (99, 200, 1)


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        pytest.param(
            TaskDeclaration(unit="percent"),
            "default tolerance of 0.02, noise unknown, so the largest possible, rounding of the claim",
            id="nothing-declared",
        ),
        pytest.param(NOISELESS, "declared tolerance, declared noise, rounding of the claim", id="all-declared"),
    ],
)
def test_judge__says_where_the_margins_come_from(declaration: TaskDeclaration, expected: str) -> None:
    assert judged("57.0", measured(ones(57)), declaration).margin_from == expected


def test_judge__fractional_scores_are_averaged() -> None:
    verdict = judged("50.0", measured([0.25, 0.75] * 50, scorer="f1"))

    assert (verdict.verdict, verdict.measured) == (Answer.VERIFIED, 50.0)


# ── a part of the samples ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("drawn", "total", "rung"), [(100, 100, Rung.FULL), (99, 100, Rung.SAMPLED), (60, 1000, Rung.SAMPLED)]
)
def test_judge__the_rung_says_whether_all_samples_ran(drawn: int, total: int, rung: Rung) -> None:
    assert judged("57.0", measured(ones(30, drawn), total)).rung is rung


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        pytest.param(570, Answer.VERIFIED, id="same"),
        pytest.param(300, Answer.MISMATCH, id="far-lower"),
        pytest.param(900, Answer.MISMATCH, id="far-higher"),
        pytest.param(515, Answer.INCONCLUSIVE, id="across-the-margin"),
    ],
)
def test_judge__a_part_decides_only_if_its_whole_interval_does(right: int, expected: Answer) -> None:
    verdict = judged("57.0", measured(ones(right, 1000), total=2000))

    assert verdict.verdict is expected


def test_judge__a_part_that_does_not_decide_asks_for_more() -> None:
    verdict = judged("57.0", measured(ones(57), total=2000))

    assert (verdict.verdict, verdict.reason) == (
        Answer.INCONCLUSIVE,
        "100 of 2000 samples do not decide it",
    )
    assert verdict.advice.startswith("about ")
    assert verdict.advice.endswith("the same command with a larger budget goes on where this one stopped")


def test_judge__the_interval_of_a_part_is_not_a_point() -> None:
    verdict = judged("57.0", measured(ones(57), total=2000))

    assert verdict.interval is not None
    assert verdict.interval[0] < 57 < verdict.interval[1]


@pytest.mark.parametrize("right", [20, 90])
def test_judge__reason_and_table_give_the_same_difference(right: int) -> None:
    verdict = judged("57.0", measured(ones(right), total=2000))

    assert verdict.verdict is Answer.MISMATCH
    assert verdict.difference is not None
    assert f" {abs(verdict.difference):.1f} points " in verdict.reason


# ── epochs ──────────────────────────────────────────────────────────────────────────────────


def margin(reducer: str, epochs: int, settings_known: bool = True) -> Fraction:
    result = measured(ones(50), epochs=epochs, reducer=reducer)
    finished = rerun(
        result, TaskDeclaration(unit="percent", noise=0.2), settings_from="task" if settings_known else "unknown"
    )
    (reading,) = readings("50.0", "percent")
    return case_of(claim("50.0"), finished.unfinished, result, reading).margins.mismatch


@pytest.mark.parametrize("reducer", ["mean", "pass_at_1"])
def test_margins__epochs_of_a_mean_narrow_them(reducer: str) -> None:
    assert margin(reducer, 4) < margin(reducer, 1)


@pytest.mark.parametrize("reducer", ["max", "mode", "median", "pass_at_2", "at_least_1"])
def test_margins__epochs_of_another_reducer_do_not(reducer: str) -> None:
    assert margin(reducer, 4) == margin(reducer, 1)


def test_margins__epochs_do_not_if_the_claim_may_have_been_run_otherwise() -> None:
    assert margin("mean", 4, settings_known=False) == margin("mean", 1, settings_known=False)


# ── what always holds ───────────────────────────────────────────────────────────────────────

RIGHT = st.integers(0, 100)
CLAIMED = st.integers(11, 1000).map(lambda tenths: f"{tenths / 10:.1f}")
NOISE = st.none() | st.floats(0, 0.25)


@settings(max_examples=40, deadline=None)
@given(digits=CLAIMED, right=RIGHT, noise=NOISE, tolerance=st.floats(0.001, 0.5), wider=st.floats(1, 2))
def test_judge__wider_margins_never_turn_verified_into_mismatch(
    digits: str, right: int, noise: float | None, tolerance: float, wider: float
) -> None:
    narrow = TaskDeclaration(unit="percent", tolerance=tolerance, noise=noise)
    wide = TaskDeclaration(unit="percent", tolerance=min(1.0, tolerance * wider), noise=noise)

    answers = (answer_of(digits, right, 100, narrow), answer_of(digits, right, 100, wide))

    assert answers[1] is not Answer.MISMATCH or answers[0] is Answer.MISMATCH
    assert answers[0] is not Answer.VERIFIED or answers[1] is Answer.VERIFIED


@settings(max_examples=40, deadline=None)
@given(tenths=st.integers(11, 1000), noise=NOISE)
def test_judge__a_claim_that_equals_the_rerun_is_verified(tenths: int, noise: float | None) -> None:
    result = measured(ones(tenths, 1000))

    assert judged(f"{tenths / 10:.1f}", result, TaskDeclaration(unit="percent", noise=noise)).verdict is Answer.VERIFIED


@settings(max_examples=40, deadline=None)
@given(digits=CLAIMED, right=RIGHT, total=st.integers(100, 400))
def test_judge__difference_is_measured_minus_claimed(digits: str, right: int, total: int) -> None:
    verdict = judged(digits, measured(ones(right), total))

    assert verdict.measured == right
    assert verdict.difference == pytest.approx(right - float(digits), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(digits=CLAIMED, right=RIGHT, total=st.integers(100, 400), lost=st.integers(0, 2))
def test_judge__the_interval_is_one_that_is_possible(digits: str, right: int, total: int, lost: int) -> None:
    verdict = judged(digits, measured(ones(min(right, 100 - lost), 100, lost), total))

    assert verdict.interval is not None
    assert verdict.measured is not None
    low, high = verdict.interval
    assert 100 * min(right, 100 - lost) / total - 1e-9 <= low <= high <= 100
