"""Stand-ins for the ports: what they are given, they give back; what they were asked, they remember."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evalmark.errors import CouldNotFinish, EvalmarkError, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ModelFacts, ResultsFile
from evalmark.logged import LogsRead, Wanted
from evalmark.outcome import Measured, Outcome
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job, Limits
from evalmark.plan.steps import Step
from evalmark.ports import BenchmarkFiles, NextStep


@dataclass
class FakeHub:
    """Holds the benchmarks it is given; any other is missing."""

    benchmarks: Mapping[BenchmarkRef, BenchmarkFiles | BenchmarkMissing] = field(default_factory=dict)
    asked: list[BenchmarkRef] = field(default_factory=list)

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        self.asked.append(ref)
        return self.benchmarks.get(ref, BenchmarkMissing(f"no dataset {ref.dataset_id}", "check its name", surely=True))

    def model(self, name: str, revision: str) -> ModelFacts:
        return ModelFacts(name, revision)


@dataclass
class FakeClaims:
    """Holds boards by dataset and files by model; `trouble` makes every question fail."""

    boards: Mapping[str, tuple[BoardRow, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[ResultsFile, ...]] = field(default_factory=dict)
    trouble: str = ""
    asked: list[str] = field(default_factory=list)

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        self._ask(dataset_id)
        return self.boards.get(dataset_id, ())

    def results_files(self, model: str) -> tuple[ResultsFile, ...]:
        self._ask(model)
        return self.files.get(model, ())

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        if self.trouble:
            raise CouldNotFinish(self.trouble, "try again")


@dataclass
class FakeRunner:
    """Answers every job by a function: with what it gives if all samples run, from which each step takes its part."""

    answer: Callable[[Job], Outcome]
    ran: list[tuple[Job, ModelRun, Limits]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def run(self, job: Job, model: ModelRun, limits: Limits, next_step: NextStep) -> Outcome:
        self.ran.append((job, model, limits))
        outcome = self.answer(job)
        if not isinstance(outcome.result, Measured):
            return outcome
        whole, measured = outcome.result, None
        passes: list[int] = []
        while (step := next_step(whole.total, measured)) is not None:
            self.steps.append(step)
            passes[step.epoch - 1 :] = [step.upto]
            measured = _part(whole, passes)
        return outcome.model_copy(update={"result": measured or whole})


def _part(whole: Measured, passes: list[int]) -> Measured:
    samples = [
        sample.model_copy(update={"again": sample.again[: sum(upto > position for upto in passes[1:])]})
        for position, sample in enumerate(whole.samples[: passes[0]])
    ]
    return whole.model_copy(update={"samples": tuple(samples)})


@dataclass
class FakeLogs:
    """Holds what is read at each place; `trouble` is raised for any other."""

    places: Mapping[str, LogsRead] = field(default_factory=dict)
    trouble: EvalmarkError = field(default_factory=lambda: UsageProblem("there is no log there", "give another"))
    asked: list[tuple[str, tuple[Wanted, ...]]] = field(default_factory=list)

    def read(self, source: str, tasks: tuple[Wanted, ...]) -> LogsRead:
        self.asked.append((source, tasks))
        if source not in self.places:
            raise self.trouble
        return self.places[source]
