"""What forbids a verdict that the numbers alone would allow, and what never came to numbers."""

from typing import get_args

import pytest
from pydantic import ValidationError

from evalmark.formats.declaration import TaskDeclaration
from evalmark.judge.case import Rerun
from evalmark.judge.verdicts import OUT_OF_BUDGET, judge
from evalmark.outcome import Failed, Failure, Measured
from evalmark.plan.claims import Claim
from evalmark.plan.making import Skip
from evalmark.verdict import Answer, Rung, Verdict
from tests.builders import claim, job, measured, model_run, ones, outcome, plan, rerun

NOISELESS = TaskDeclaration(unit="percent", tolerance=0.05, noise=0.0)
FAILURES = get_args(Failure)


def judged(
    result: Measured | Failed,
    about: Claim | None = None,
    *,
    declaration: TaskDeclaration = NOISELESS,
    settings_known: bool = True,
) -> Verdict:
    finished = rerun(result, declaration, settings_from="task" if settings_known else "unknown")
    (verdict,) = judge(plan(about or claim(), jobs=[finished.job]), (finished,))
    return verdict


# ── settings and notes ──────────────────────────────────────────────────────────────────────


def test_judge__unknown_settings_turn_a_mismatch_into_inconclusive() -> None:
    verdict = judged(measured(ones(47)), settings_known=False)

    assert verdict.verdict is Answer.INCONCLUSIVE
    assert verdict.reason.startswith("settings unknown: ")
    assert verdict.advice.startswith("the benchmark's owner can pin `temperature` in the task's `generate`, or declare")


def test_judge__unknown_settings_leave_verified_alone() -> None:
    assert judged(measured(ones(57)), settings_known=False).verdict is Answer.VERIFIED


def test_judge__notes_turn_a_mismatch_into_inconclusive() -> None:
    verdict = judged(measured(ones(47)), claim(notes="with tools"))

    assert verdict.verdict is Answer.INCONCLUSIVE
    assert verdict.reason.startswith("variant unknown: ")
    assert verdict.advice == "leave `notes` out if the score was measured as the task says"


@pytest.mark.parametrize("notes", [None, "", "no tools"])
def test_judge__no_notes_leave_a_mismatch_alone(notes: str | None) -> None:
    assert judged(measured(ones(47)), claim(notes=notes)).verdict is Answer.MISMATCH


def test_judge__notes_leave_verified_alone() -> None:
    verdict = judged(measured(ones(57)), claim(notes="with tools"))

    assert (verdict.verdict, verdict.reason) == (
        Answer.VERIFIED,
        "the rerun is within ±5.0 points of the claim",
    )


@pytest.mark.parametrize(("settings_known", "notes"), [(False, None), (True, "with tools")], ids=["settings", "notes"])
@pytest.mark.parametrize(("right", "side"), [(47, "lower"), (67, "higher")])
def test_judge__a_doubted_mismatch_still_says_how_far(
    settings_known: bool, notes: str | None, right: int, side: str
) -> None:
    verdict = judged(measured(ones(right)), claim(notes=notes), settings_known=settings_known)

    assert f"the rerun is 10.0 points {side} than claimed, but" in verdict.reason


@pytest.mark.parametrize("settings_known", [False, True])
@pytest.mark.parametrize("notes", [None, "with tools"])
def test_judge__a_doubt_keeps_the_numbers(settings_known: bool, notes: str | None) -> None:
    verdict = judged(measured(ones(47)), claim(notes=notes), settings_known=settings_known)

    assert (verdict.measured, verdict.difference) == (47.0, -10.0)


# ── few samples ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("right", [0, 28, 49])
def test_judge__fewer_than_fifty_of_more_are_too_few(right: int) -> None:
    verdict = judged(measured(ones(right, 49), total=100))

    assert (verdict.verdict, verdict.reason, verdict.advice) == (
        Answer.INCONCLUSIVE,
        "49 of 100 samples are too few for a verdict",
        "run at least 50 samples",
    )


def test_judge__fewer_than_fifty_need_all_of_a_small_benchmark() -> None:
    verdict = judged(measured(ones(10, 29), total=30))

    assert (verdict.reason, verdict.advice) == (
        "29 of 30 samples are too few for a verdict",
        "run at least 30 samples",
    )


@pytest.mark.parametrize(
    ("right", "of", "total", "expected"),
    [
        pytest.param(0, 50, 1000, Answer.MISMATCH, id="fifty-are-enough"),
        pytest.param(0, 30, 30, Answer.MISMATCH, id="all-of-thirty-differ"),
        pytest.param(17, 30, 30, Answer.VERIFIED, id="all-of-thirty-agree"),
        pytest.param(0, 1, 1, Answer.MISMATCH, id="all-of-one"),
    ],
)
def test_judge__fifty_or_all_are_enough(right: int, of: int, total: int, expected: Answer) -> None:
    assert judged(measured(ones(right, of), total)).verdict is expected


# ── samples without a score ─────────────────────────────────────────────────────────────────


def test_judge__up_to_two_percent_unscored_may_still_decide() -> None:
    assert judged(measured(ones(57, 100, lost=2))).verdict is Answer.VERIFIED


@pytest.mark.parametrize(
    ("right", "of", "lost", "total"),
    [
        pytest.param(57, 100, 3, 100, id="three-of-a-hundred"),
        pytest.param(0, 100, 3, 100, id="though-the-rest-is-far-off"),
        pytest.param(17, 30, 1, 30, id="one-of-thirty"),
        pytest.param(57, 99, 2, 1000, id="two-of-ninety-nine-drawn"),
        pytest.param(0, 60, 60, 60, id="all-of-them"),
    ],
)
def test_judge__more_than_two_percent_unscored_is_a_problem_of_the_harness(
    right: int, of: int, lost: int, total: int
) -> None:
    verdict = judged(measured(ones(right, of, lost), total))

    assert (verdict.verdict, verdict.advice) == (
        Answer.INCONCLUSIVE,
        "find the cause in the log; then run again",
    )
    assert verdict.reason == (f"harness problem: {lost} of {of} samples ended in an error or could not be scored")


@pytest.mark.parametrize(
    ("right", "lost", "expected"),
    [
        pytest.param(52, 2, Answer.VERIFIED, id="low-edge-with-both-wrong"),
        pytest.param(51, 2, Answer.INCONCLUSIVE, id="low-edge-needs-one"),
        pytest.param(60, 2, Answer.VERIFIED, id="high-edge-with-both-right"),
        pytest.param(61, 2, Answer.INCONCLUSIVE, id="high-edge-needs-one-wrong"),
        pytest.param(49, 2, Answer.MISMATCH, id="below-even-with-both-right"),
        pytest.param(50, 2, Answer.INCONCLUSIVE, id="not-below-with-both-right"),
        pytest.param(63, 2, Answer.MISMATCH, id="above-even-with-both-wrong"),
        pytest.param(62, 2, Answer.INCONCLUSIVE, id="not-above-with-both-wrong"),
    ],
)
def test_judge__unscored_samples_count_as_worst_case_on_both_sides(right: int, lost: int, expected: Answer) -> None:
    assert judged(measured(ones(right, 100, lost))).verdict is expected


def test_judge__interval_spans_what_unscored_samples_may_have_been() -> None:
    assert judged(measured(ones(57, 100, lost=2))).interval == (57.0, 59.0)


def test_judge__unscored_samples_that_decide_are_named_as_the_reason() -> None:
    verdict = judged(measured(ones(61, 100, lost=2)))

    assert verdict.verdict is Answer.INCONCLUSIVE
    assert "2 of 100 samples" in verdict.reason
    assert "could not be scored" in verdict.reason


OFF = "the scorer `match` gives values outside 0 to 1, for which no interval and no tolerance is known"


@pytest.mark.parametrize(
    ("scores", "digits", "answer", "reason"),
    [
        pytest.param(
            [7.0, 8.0], "7.5", Answer.VERIFIED, f"and their mean is the claimed number; {OFF}", id="the-number"
        ),
        pytest.param([7.0, 8.0], "8", Answer.VERIFIED, f"and their mean is the claimed number; {OFF}", id="rounded"),
        pytest.param([7.0, 8.0], "7.6", Answer.INCONCLUSIVE, f"and their mean is 7.5; {OFF}", id="another"),
        pytest.param([-0.1, 8.0], "57.0", Answer.INCONCLUSIVE, f"and their mean is 3.95; {OFF}", id="negative"),
        pytest.param([7.0, None], "7.0", Answer.INCONCLUSIVE, OFF, id="one-without-a-score"),
    ],
)
def test_judge__scores_outside_zero_to_one_have_no_interval(
    scores: list[float | None], digits: str, answer: Answer, reason: str
) -> None:
    verdict = judged(measured(scores), claim(digits))

    assert (verdict.verdict, verdict.rung, verdict.measured) == (answer, Rung.FULL, None)
    assert verdict.reason.endswith(reason)


@pytest.mark.parametrize("digits", ["0e400", "1e-400", "1e308", "-1e308"])
def test_judge__a_number_at_the_end_of_the_floats_is_judged(digits: str) -> None:
    assert judged(measured(ones(0)), claim(digits)).measured == 0


@pytest.mark.parametrize(
    ("scores", "total"), [pytest.param([], 100, id="none"), pytest.param(ones(57), 99, id="more-than-there-are")]
)
def test_measured__refuses_a_number_of_samples_that_cannot_be(scores: list[float | None], total: int) -> None:
    """An outcome crosses a border of trust, and the statistics need 1 to `total` samples."""
    with pytest.raises(ValidationError):
        measured(scores, total)


# ── no rerun ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("failure", FAILURES)
def test_judge__every_failure_has_a_reason_and_an_advice(failure: Failure) -> None:
    verdict = judged(Failed(failure=failure, detail="boom"))

    assert verdict.reason
    assert verdict.advice
    assert (verdict.detail, verdict.rung, verdict.measured) == ("boom", Rung.BENCHMARK, None)


@pytest.mark.parametrize("failure", [failure for failure in FAILURES if failure not in OUT_OF_BUDGET])
def test_judge__a_failed_rerun_is_an_error(failure: Failure) -> None:
    assert judged(Failed(failure=failure)).verdict is Answer.ERROR


@pytest.mark.parametrize("failure", OUT_OF_BUDGET)
def test_judge__a_rerun_that_the_budget_cut_off_is_inconclusive(failure: Failure) -> None:
    assert judged(Failed(failure=failure)).verdict is Answer.INCONCLUSIVE


@pytest.mark.parametrize("word", ["not-rerunnable", "error"])
def test_judge__a_skipped_claim_keeps_its_reason(word: str) -> None:
    skip = Skip.model_validate({"claim": 0, "verdict": word, "reason": "because", "advice": "do this"})

    (verdict,) = judge(plan(claim(), skips=[skip]), ())

    assert verdict == Verdict(claim=claim(), verdict=Answer(word), rung=Rung.SYNTAX, reason="because", advice="do this")


# ── which verdict belongs to which claim ────────────────────────────────────────────────────


def test_judge__answers_every_claim_in_the_plans_order() -> None:
    claims = [claim(digits, position=index) for index, digits in enumerate(["57.0", "57.0", "90.0", "58.0"])]
    skip = Skip(claim=1, verdict="error", reason="r", advice="a")
    first, second = job(id="job-1", claims=(2, 3)), job(id="job-2", claims=(0,))
    reruns = (
        Rerun(first, outcome(measured(ones(90))), NOISELESS),
        Rerun(second, outcome(measured(ones(57)), job="job-2"), NOISELESS),
    )

    verdicts = judge(plan(*claims, jobs=[first, second], skips=[skip]), reruns)

    assert [verdict.claim.position for verdict in verdicts] == [0, 1, 2, 3]
    assert [verdict.verdict.value for verdict in verdicts] == ["verified", "error", "verified", "mismatch"]


# ── the record of the run ───────────────────────────────────────────────────────────────────


def test_judge__records_what_was_run() -> None:
    model = model_run(args={"device": "cpu"}, base_url="http://127.0.0.1:9", generation={"max_tokens": 5})
    this_job = job(epochs=4)
    done = outcome(measured(ones(57)), logs=[{"path": "logs/a.eval", "sha256": "d" * 64}])

    (verdict,) = judge(plan(claim(), jobs=[this_job], model=model), (Rerun(this_job, done, NOISELESS),))

    assert verdict.run is not None
    assert verdict.run.model_dump() == {
        "model": model.spec,
        "model_revision": model.revision,
        "identity": model.identity.model_dump(),
        "model_args": {"device": "cpu"},
        "model_base_url": "http://127.0.0.1:9",
        "generation": {"max_tokens": 5},
        "settings_from": "task",
        "variant": None,
        "grader": None,
        "grader_is_model": False,
        "clusters": None,
        "task": this_job.task,
        "dataset_revision": this_job.dataset_revision,
        "epochs": 4,
        "passes": 1,
        "ended": "all",
        "shuffle_seed": 7,
        "scorer": "match",
        "reducer": "mean",
        "input_tokens": 10,
        "output_tokens": 5,
        "seconds": 12.0,
        "versions": {"inspect-ai": "0.3.285"},
        "platform": "Linux x86_64",
        "logs": ({"path": "logs/a.eval", "sha256": "d" * 64},),
    }


def test_judge__records_the_arguments_that_the_model_really_got() -> None:
    model = model_run(args={"device": "cpu", "dtype": "float32"})
    done = outcome(measured(ones(57)), model_args={"dtype": "bfloat16", "do_sample": False})

    (verdict,) = judge(plan(claim(), jobs=[job()], model=model), (Rerun(job(), done, NOISELESS),))

    assert verdict.run is not None
    assert verdict.run.model_args == {"device": "cpu", "dtype": "bfloat16", "do_sample": False}


def test_judge__a_failed_run_is_recorded_without_numbers() -> None:
    run = judged(Failed(failure="crashed")).run

    assert run is not None
    assert (run.seconds, run.scorer, run.reducer, run.input_tokens, run.output_tokens) == (12.0, *[None] * 4)


def test_judge__notes_that_are_declared_are_no_doubt() -> None:
    finished = rerun(measured(ones(47)), NOISELESS, variant="With tools")

    (verdict,) = judge(plan(claim(notes="With tools"), jobs=[finished.job]), (finished,))

    assert verdict.verdict is Answer.MISMATCH
