"""What the core asks of the world. Each has a real adapter and a fake, and one contract suite runs on both."""

from dataclasses import dataclass
from typing import Protocol

from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ModelFacts, ResultsFile
from evalmark.outcome import Outcome
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job, Limits


@dataclass(frozen=True, slots=True)
class BenchmarkFiles:
    """The two files of a benchmark repo at one commit, as bytes: nothing in them is believed yet."""

    revision: str
    eval_yaml: bytes
    declaration: bytes | None


class Benchmarks(Protocol):
    """A place that holds benchmarks."""

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Read a benchmark at its revision (main if None), resolved to a commit once. What is missing is an answer."""


class Hub(Benchmarks, Protocol):
    """A place that holds model and dataset repos: the Hub, or the embedded one."""

    def model(self, name: str, revision: str) -> ModelFacts:
        """Look a model repo up. Raises `CouldNotFinish` if the Hub cannot tell."""


class Claims(Protocol):
    """What is already claimed, as the Hub tells it. Both raise `CouldNotFinish` if it cannot tell."""

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        """All rows of a benchmark's leaderboard, of all its tasks; none if it has no leaderboard."""

    def results_files(self, model: str) -> tuple[ResultsFile, ...]:
        """A model repo's results files on main, and those that its open pull requests change; none if no repo is."""


class Runner(Protocol):
    """Runs a benchmark's task on a model."""

    def run(self, job: Job, model: ModelRun, limits: Limits) -> Outcome:
        """Run one job to its end. What goes wrong inside is a `Failed` outcome; raises `Interrupted` on Ctrl-C."""
