"""Small builders for what is proposed: a test names only what it is about."""

from typing import Any

from evalmark.checks.links import OtherClaim
from evalmark.facts import BenchmarkFound
from evalmark.formats.declaration import Declaration, TaskDeclaration
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.harness.result import DatasetUsed, Metric, Result
from tests.builders import DATASET_SHA

PATH = ".eval_results/bench.yaml"


def result(**changes: Any) -> Result:
    """lm-eval, 57 of 100 on `acme/bench`."""
    usual = {
        "harness": "lm-eval",
        "version": "0.4.13",
        "file": "results.json",
        "model": "acme/adder",
        "task": "bench",
        "dataset": DatasetUsed(id="acme/bench"),
        "metrics": (Metric(name="accuracy", value=0.57, unit="fraction"),),
        "samples": 100,
        "planned": 100,
    }
    return Result.model_validate(usual | changes)


def entry_text(value: str, task: str = "easy", more: str = "", dataset: str = "acme/bench") -> str:
    """One entry; `more` are lines inside it."""
    return f"- dataset:\n    id: {dataset}\n    task_id: {task}\n  value: {value}\n{more}"


def located(value: str, task: str = "easy", more: str = "", path: str = PATH) -> LocatedEntry:
    """The same, as it is parsed."""
    return parse_results(path, entry_text(value, task, more).encode()).entries[0]


def other(value: str, task: str = "easy", more: str = "", pull_request: int | None = None) -> OtherClaim:
    """The same, as somebody's claim."""
    return OtherClaim(PATH, located(value, task, more), pull_request)


def benchmark(*tasks: str, declared: dict[str, str] | None = None) -> BenchmarkFound:
    """A benchmark with tasks, each written as `id`, or `id config split`."""
    lines = []
    for task in tasks:
        name, config, split = (*task.split(), "", "")[:3]
        lines.append(f"  - id: {name}\n" if name != "-" else "  - description: none\n")
        lines += [f"    config: {config}\n"] * bool(config) + [f"    split: {split}\n"] * bool(split)
    text = f"name: Bench\ndescription: Sums.\nevaluation_framework: mteb\ntasks:\n{''.join(lines)}"
    declaration = Declaration(tasks={name: TaskDeclaration(unit=unit) for name, unit in (declared or {}).items()})  # type: ignore[arg-type]
    return BenchmarkFound(DATASET_SHA, parse_benchmark("eval.yaml", text.encode()).benchmark, declaration)
