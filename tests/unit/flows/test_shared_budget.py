"""One budget for all reruns of a plan."""

from dataclasses import dataclass, field

import pytest

from evalmark.flows.shared_budget import SharedBudget
from evalmark.outcome import Failed, Measured, Outcome
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job, Limits
from evalmark.plan.steps import Step
from evalmark.ports import NextStep
from tests.builders import job, measured, model_run, ones, outcome


@dataclass
class Timed:
    """A runner on which each job takes so many minutes and tokens; `given` has the limits it was given."""

    minutes: float = 10
    tokens: int = 100
    now: float = 0
    given: list[Limits] = field(default_factory=list)
    stopped: list[bool] = field(default_factory=list)

    def run(self, job: Job, model: ModelRun, limits: Limits, next_step: NextStep) -> Outcome:
        self.given.append(limits)
        result = measured(ones(5, 10), input_tokens=self.tokens, output_tokens=0)
        self.stopped.append(next_step(10, result) is None)
        self.now += self.minutes * 60
        return outcome(result, job=job.id)


def run(runner: Timed, jobs: int, limits: Limits) -> list[Measured | Failed]:
    shared = SharedBudget(runner, jobs, lambda: runner.now)

    def on(_total: int, _measured: Measured | None) -> Step:
        return Step(10)

    return [shared.run(job(id=f"job-{number}"), model_run(), limits, on).result for number in range(jobs)]


def test_minutes__are_shared_by_the_reruns_that_are_left() -> None:
    runner = Timed(minutes=10)
    run(runner, 3, Limits(minutes=60))

    assert [limits.minutes for limits in runner.given] == [20, 25, 40]


def test_minutes__all_spent_nothing_runs_any_more() -> None:
    runner = Timed(minutes=60)

    assert run(runner, 2, Limits(minutes=60))[1] == Failed(failure="time-limit")
    assert len(runner.given) == 1


def test_minutes__without_a_limit_there_is_none() -> None:
    runner = Timed()
    run(runner, 2, Limits())

    assert [limits.minutes for limits in runner.given] == [None, None]


def test_tokens__of_all_reruns_together_end_the_one_that_uses_them_up() -> None:
    runner = Timed(tokens=100)
    first, second, third = run(runner, 3, Limits(all_tokens=150))

    assert runner.stopped == [False, True]
    assert isinstance(first, Measured)
    assert first.ended == "all"
    assert isinstance(second, Measured)
    assert second.ended == "tokens"
    assert third == Failed(failure="token-limit")


@pytest.mark.parametrize("limits", [Limits(minutes=1), Limits(all_tokens=1)])
def test_budget__a_rerun_that_fails_is_passed_on(limits: Limits) -> None:
    failed = outcome(Failed(failure="crashed"))

    class Failing:
        def run(self, job: Job, model: ModelRun, limits: Limits, next_step: NextStep) -> Outcome:
            return failed

    assert SharedBudget(Failing(), 1, lambda: 0.0).run(job(), model_run(), limits, lambda _t, _m: None) == failed
