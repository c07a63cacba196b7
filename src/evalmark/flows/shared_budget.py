"""One budget for all reruns of a plan: what one leaves, the next may use."""

from collections.abc import Callable
from dataclasses import dataclass

from evalmark.outcome import Failed, Failure, Measured, Outcome
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job, Limits
from evalmark.plan.steps import Step
from evalmark.ports import NextStep, Runner


@dataclass
class SharedBudget:
    """A `Runner` whose limits of time and tokens hold for `jobs` reruns together.

    The time that is left is shared equally by the reruns that are left; tokens go to whoever comes first. `clock`
    gives seconds from any beginning.
    """

    runner: Runner
    jobs: int
    clock: Callable[[], float]

    def __post_init__(self) -> None:
        self._started = self.clock()
        self._tokens = 0

    def run(self, job: Job, model: ModelRun, limits: Limits, next_step: NextStep) -> Outcome:
        """Run a job within what is left. Without any left nothing runs, and the outcome says so."""
        minutes = self._share(limits)
        self.jobs -= 1
        if (spent := self._spent(minutes, limits)) is not None:
            return Outcome(job=job.id, result=Failed(failure=spent), seconds=0)
        own = limits.model_copy(update={"minutes": minutes})
        outcome = self.runner.run(job, model, own, self._within(limits, next_step))
        result = outcome.result
        if not isinstance(result, Measured):
            return outcome
        self._tokens += _used(result)
        if limits.all_tokens is None or self._tokens < limits.all_tokens or result.ended == "minutes":
            return outcome
        return outcome.model_copy(update={"result": result.model_copy(update={"ended": "tokens"})})

    def _share(self, limits: Limits) -> float | None:
        if limits.minutes is None:
            return None
        return (limits.minutes - (self.clock() - self._started) / 60) / max(self.jobs, 1)

    def _spent(self, minutes: float | None, limits: Limits) -> Failure | None:
        if minutes is not None and minutes <= 0:
            return "time-limit"
        return "token-limit" if limits.all_tokens is not None and self._tokens >= limits.all_tokens else None

    def _within(self, limits: Limits, next_step: NextStep) -> NextStep:
        def decide(total: int, measured: Measured | None) -> Step | None:
            used = self._tokens + (_used(measured) if measured else 0)
            over = limits.all_tokens is not None and used >= limits.all_tokens
            return None if over else next_step(total, measured)

        return decide


def _used(measured: Measured) -> int:
    return measured.input_tokens + measured.output_tokens
