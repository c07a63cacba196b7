"""How far a rerun goes."""

import pytest

from evalmark.formats.declaration import TaskDeclaration
from evalmark.judge.case import Unfinished, passes_of
from evalmark.judge.noise import noise_of
from evalmark.judge.steps import Look, first_step, next_step, why_ended
from evalmark.outcome import Measured
from evalmark.plan.claims import Claim
from evalmark.plan.making import Limits
from evalmark.plan.steps import Step, next_stop
from tests.builders import claim, job, measured, ones

NOISELESS = TaskDeclaration(unit="percent", tolerance=0.05, noise=0.0)
UNKNOWN_NOISE = TaskDeclaration(unit="percent", tolerance=0.02)
UNLIMITED = Limits()


def rerun(declaration: TaskDeclaration = NOISELESS) -> Unfinished:
    return Unfinished(job(), declaration)


def step(
    result: Measured,
    *,
    about: tuple[Claim, ...] = (claim(),),
    limits: Limits = UNLIMITED,
    declaration: TaskDeclaration = NOISELESS,
) -> Step | None:
    return next_step(Look(about, rerun(declaration), limits, result))


def reason(
    result: Measured,
    *,
    about: tuple[Claim, ...] = (claim(),),
    limits: Limits = UNLIMITED,
    declaration: TaskDeclaration = NOISELESS,
) -> str | None:
    return why_ended(Look(about, rerun(declaration), limits, result))


def mixed(right: int, of: int, total: int) -> Measured:
    """So many right samples, evenly among the others."""
    scores = [1.0 if (number * right) % of < right else 0.0 for number in range(of)]
    return measured(scores, total)


@pytest.mark.parametrize(
    ("done", "connections", "soonest", "expected"),
    [
        pytest.param(0, 1, 1, 50, id="first"),
        pytest.param(0, 100, 1, 100, id="first-with-many-connections"),
        pytest.param(60, 1, 1, 61, id="one-sample-may-decide"),
        pytest.param(60, 1, 7, 67, id="seven-may"),
        pytest.param(60, 16, 7, 76, id="the-model-is-kept-busy"),
        pytest.param(60, 1, 500, 85, id="somebody-waits"),
        pytest.param(1000, 1, 5000, 1250, id="somebody-waits-longer"),
    ],
)
def test_next_stop__is_where_a_verdict_may_stand(done: int, connections: int, soonest: int, expected: int) -> None:
    assert next_stop(done, connections, soonest) == expected


@pytest.mark.parametrize(("total", "samples", "first"), [(1000, None, 50), (8, None, 8), (1000, 20, 20)])
def test_first_step(total: int, samples: int | None, first: int) -> None:
    assert first_step(Limits(samples=samples), total) == Step(first)


def test_undecided__goes_on() -> None:
    assert step(mixed(29, 50, 1000)) == Step(75)


@pytest.mark.parametrize("digits", ["57.0", "97.0"])
def test_decided__ends(digits: str) -> None:
    result = mixed(570, 1000, 1000)

    assert step(result, about=(claim(digits),)) is None
    assert reason(result, about=(claim(digits),)) == "all"


def test_decided_before_all_have_run__ends() -> None:
    result = measured(ones(0, 60), 1000)

    assert step(result) is None
    assert reason(result) == "decided"


def test_one_of_two_claims_undecided__goes_on() -> None:
    result = mixed(35, 60, 1000)

    assert step(result, about=(claim("99.0"),)) is None
    assert step(result, about=(claim("99.0"), claim("57.0"))) == Step(85)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(samples=60), "samples"),
        (Limits(all_tokens=15), "tokens"),
    ],
)
def test_budget__ends(limits: Limits, expected: str) -> None:
    result = mixed(35, 60, 1000)

    assert step(result, limits=limits) is None
    assert reason(result, limits=limits) == expected


def test_why_ended__not_yet() -> None:
    assert reason(mixed(35, 60, 1000), limits=Limits(samples=100)) is None


def test_scores_outside_the_scale__take_all_samples() -> None:
    assert step(measured([7.0] * 50, 1000, scorer="own")) == Step(75)
    assert step(measured([7.0] * 100, scorer="own")) is None


# ── passes ──────────────────────────────────────────────────────────────────────────────────

OPEN = mixed(190, 400, 400)  # 47.5 against 54.0: outside the tolerance, inside what noise may do
OPEN_CLAIM = (claim("54.0"),)


def again(result: Measured, times: int, upto: int) -> Measured:
    samples = tuple(
        sample.model_copy(update={"again": (sample.score,) * (times if place < upto else 0)})
        for place, sample in enumerate(result.samples)
    )
    return result.model_copy(update={"samples": samples})


def test_unknown_noise__is_measured_by_a_second_pass_over_a_hundred_samples() -> None:
    assert step(OPEN, about=OPEN_CLAIM, declaration=UNKNOWN_NOISE) == Step(100, 2)
    assert reason(OPEN, about=OPEN_CLAIM, declaration=UNKNOWN_NOISE) is None


def test_unknown_noise__once_measured_can_decide() -> None:
    result = again(OPEN, 1, 100)

    assert step(result, about=OPEN_CLAIM, declaration=UNKNOWN_NOISE) is None
    assert passes_of(result) == 1


def test_known_noise__needs_no_second_pass() -> None:
    declaration = TaskDeclaration(unit="percent", tolerance=0.02, noise=0.25)

    assert step(OPEN, about=OPEN_CLAIM, declaration=declaration) is None
    assert reason(OPEN, about=OPEN_CLAIM, declaration=declaration) == "all"


def test_epochs__are_whole_passes_if_one_leaves_it_open() -> None:
    declaration = TaskDeclaration(unit="percent", tolerance=0.02, noise=0.25)
    limits = Limits(epochs=3)

    assert step(OPEN, about=OPEN_CLAIM, declaration=declaration, limits=limits) == Step(400, 2)
    second = again(OPEN, 1, 400)
    assert passes_of(second) == 2
    assert step(second, about=OPEN_CLAIM, declaration=declaration, limits=limits) == Step(400, 3)
    assert step(again(OPEN, 2, 400), about=OPEN_CLAIM, declaration=declaration, limits=limits) is None


def test_task_with_epochs_of_its_own__has_no_further_pass() -> None:
    result, about = OPEN.model_copy(update={"epochs": 4}), (claim("51.0"),)

    assert step(result, about=about, declaration=UNKNOWN_NOISE, limits=Limits(epochs=3)) is None
    assert reason(result, about=about, declaration=UNKNOWN_NOISE) == "all"


# ── a judge ─────────────────────────────────────────────────────────────────────────────────

GRADED = Unfinished(job(grader="openai/judge"), NOISELESS)


def step_of_graded(result: Measured) -> Step | None:
    return next_step(Look((claim(),), GRADED, UNLIMITED, result))


def test_judge__grades_twice_once_there_are_a_hundred_transcripts() -> None:
    assert step_of_graded(mixed(35, 60, 1000)) == Step(85)
    assert step_of_graded(mixed(57, 100, 1000)) == Step(100, regrade=True)


def test_judge__grades_twice_before_an_early_verdict() -> None:
    assert step_of_graded(measured(ones(0, 60), 1000)) == Step(60, regrade=True)


def test_judge__that_has_graded_twice_is_measured() -> None:
    result = measured(ones(0, 60), 1000, regraded=[(1.0, 1.0)] * 60)

    assert step_of_graded(result) is None


@pytest.mark.parametrize(
    ("pairs", "wider"),
    [pytest.param([(1.0, 1.0)] * 100, False, id="agrees"), pytest.param([(1.0, 0.0)] * 30, True, id="does-not")],
)
def test_judge__whose_grades_differ_widens_the_margins(pairs: list[tuple[float, float]], wider: bool) -> None:
    result = measured(ones(57), 100, regraded=pairs)

    noise = noise_of(NOISELESS, result, binary=True)

    assert noise.variance is not None
    assert (noise.variance > 0.2) == wider
    assert "that of the judge, who graded" in noise.words
