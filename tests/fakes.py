"""Stand-ins for the ports: what they are given, they give back; what they were asked, they remember."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evalmark.errors import CouldNotFinish
from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ModelFacts, ResultsFile
from evalmark.outcome import Outcome
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job, Limits
from evalmark.ports import BenchmarkFiles


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
    """Answers every job by a function."""

    answer: Callable[[Job], Outcome]
    ran: list[tuple[Job, ModelRun, Limits]] = field(default_factory=list)

    def run(self, job: Job, model: ModelRun, limits: Limits) -> Outcome:
        self.ran.append((job, model, limits))
        return self.answer(job)
