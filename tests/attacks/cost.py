"""Row 19: a pull request or a benchmark that makes a rerun as dear as possible."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from evalmark.cli.ci.inputs import read_inputs
from evalmark.flows.shared_budget import SharedBudget
from evalmark.flows.verify import Prepared, verify
from evalmark.outcome import Failed, Outcome
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job, Limits
from evalmark.ports import NextStep
from tests.attacks import supply
from tests.attacks.attack import Attack, all_of, instead, nothing
from tests.attacks.flow import plan_of, prepared
from tests.attacks.supply import in_workflows
from tests.builders import entry_text, eval_yaml, measured, ones, outcome, task_text
from tests.fakes import FakeRunner

TASKS = tuple(f"task-{number}" for number in range(30))
MINUTES, TOKENS, SAMPLES = 60.0, 1000, 40


def of_many_tasks(limits: Limits, tasks: tuple[str, ...] = TASKS) -> Prepared:
    """A pull request with one claim for each of many tasks."""
    claims = "".join(entry_text("57.0", task=name) for name in tasks)
    return prepared(claims, benchmark=eval_yaml(*(task_text(name) for name in tasks)), limits=limits)


def runner(tokens: int = 0) -> FakeRunner:
    """Answers each job with a hundred samples."""
    result = measured(ones(57), input_tokens=tokens, output_tokens=0)
    return FakeRunner(lambda job: outcome(result, job=job.id))


def reruns_them_all(_folder: Path) -> bool:
    """Thirty claims at once, with the limits that a workflow has if it says nothing."""
    plan = plan_of(of_many_tasks(read_inputs({}, Path()).limits))
    return sum(len(job.claims) for job in plan.jobs) == len(TASKS)


@dataclass
class Slowly:
    """A `Runner` that takes all the time that it is given."""

    minutes: float = 0

    def run(self, job: Job, _model: ModelRun, limits: Limits, _next_step: NextStep) -> Outcome:
        self.minutes += limits.minutes or 0
        return outcome(Failed(failure="time-limit"), job=job.id)


def takes_the_time_of_all(_folder: Path) -> bool:
    """Each of ten reruns takes the minutes of all of them."""
    slowly = Slowly()
    verify(of_many_tasks(Limits(minutes=MINUTES), TASKS[:10]), SharedBudget(slowly, 10, lambda: slowly.minutes * 60))
    return slowly.minutes > MINUTES + 1


def takes_the_tokens_of_all(_folder: Path) -> bool:
    """Each of ten reruns takes the tokens of all of them."""
    made, fake = of_many_tasks(Limits(all_tokens=TOKENS), TASKS[:10]), runner(TOKENS)
    verify(made, SharedBudget(fake, 10, lambda: 0.0))
    return len(fake.steps) > 1


def runs_more_samples(_folder: Path) -> bool:
    """A benchmark of a hundred samples, and a budget of forty."""
    fake = runner()
    verify(of_many_tasks(Limits(samples=SAMPLES), TASKS[:1]), fake)
    return max(step.upto for step in fake.steps) > SAMPLES


def runs_side_by_side(_folder: Path) -> bool:
    """Push after push: the reruns of the earlier ones go on beside the newest."""
    return not all(_ends_the_older(text) for text in supply.workflows())


def _ends_the_older(text: str) -> bool:
    how = yaml.safe_load(text).get("concurrency", {})
    return how.get("cancel-in-progress") is True and re.search(r"pull[-_]request", how["group"]) is not None


def no_limit_of_samples(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("evalmark.judge.steps._last", lambda _limits, total: total)


NO_TOKENS_SPENT = instead("evalmark.flows.shared_budget.SharedBudget._spent", nothing)
NO_TOKENS_WITHIN = instead(
    "evalmark.flows.shared_budget.SharedBudget._within", lambda _self, _limits, next_step: next_step
)

ATTACKS = [
    Attack(19, "thirty claims", reruns_them_all, instead("evalmark.plan.making._within", lambda every, _most: every)),
    Attack(
        19,
        "minutes for each",
        takes_the_time_of_all,
        instead("evalmark.flows.shared_budget.SharedBudget._share", lambda _self, limits: limits.minutes),
    ),
    Attack(
        19,
        "tokens for each",
        takes_the_tokens_of_all,
        all_of(NO_TOKENS_SPENT, NO_TOKENS_WITHIN),
        layers=(NO_TOKENS_SPENT, NO_TOKENS_WITHIN),
    ),
    Attack(19, "samples over the budget", runs_more_samples, no_limit_of_samples),
    Attack(19, "push after push", runs_side_by_side, in_workflows("cancel-in-progress: true", "")),
]
