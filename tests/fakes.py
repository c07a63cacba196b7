"""Stand-ins for the ports: what they are given, they give back; what they were asked, they remember."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evalmark.facts import BenchmarkMissing, BenchmarkRef, ModelFacts
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
class FakeRunner:
    """Answers every job by a function."""

    answer: Callable[[Job], Outcome]
    ran: list[tuple[Job, ModelRun, Limits]] = field(default_factory=list)

    def run(self, job: Job, model: ModelRun, limits: Limits) -> Outcome:
        self.ran.append((job, model, limits))
        return self.answer(job)
