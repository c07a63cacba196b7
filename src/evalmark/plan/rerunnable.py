"""Why a task cannot be rerun by evalmark, in a sentence, with what would change that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evalmark.formats.benchmark import Benchmark, InspectTask, Scorer, Solver, Task

INSPECT = "inspect-ai"
JUDGED_BY_A_MODEL = frozenset({"model_graded_qa", "model_graded_fact"})
# Inspect opens these as a file or URL when such a one exists, with the rights of the rerun.
LOOKS_LIKE_A_PLACE = ("/", "~", ".", "\\")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not, and what would make it possible."""

    reason: str
    advice: str


def obstacle(dataset_id: str, benchmark: Benchmark, task: Task) -> Obstacle | None:
    """The first thing that keeps `task` from being rerun, or None."""
    return next(_obstacles(dataset_id, benchmark, task), None)


def _obstacles(dataset_id: str, benchmark: Benchmark, task: Task) -> Iterator[Obstacle]:
    framework = benchmark.evaluation_framework
    if not isinstance(task, InspectTask):
        yield Obstacle(
            f"evalmark reruns Inspect tasks, and {dataset_id} is run with {framework or 'no named framework'}",
            f"the benchmark's owner can add an Inspect task to its eval.yaml (evaluation_framework: {INSPECT})",
        )
        return
    yield from _unaddressable(dataset_id, task)
    yield from _unsafe(task)
    yield from _judged(task)


def _unaddressable(dataset_id: str, task: InspectTask) -> Iterator[Obstacle]:
    if "hf/" in f"{dataset_id}/":
        yield Obstacle(
            f"Inspect cannot load a dataset whose name holds `hf/`, as {dataset_id} does",
            "rename the dataset's owner, or wait for a fix in Inspect",
        )
    if task.id is not None and "/" in task.id:
        yield Obstacle(
            f"Inspect cannot address the task `{task.id}`, because its id holds a slash",
            "the benchmark's owner can rename the task",
        )


def _unsafe(task: InspectTask) -> Iterator[Obstacle]:
    for component in _components(task):
        for name, text in _strings(component.args):
            if text.startswith(LOOKS_LIKE_A_PLACE) or "://" in text:
                yield Obstacle(
                    f"refused for safety: `{name}` of `{component.name}` looks like a file or an address, "
                    "which Inspect would open and put into the prompt",
                    "the benchmark's owner can write the text itself into eval.yaml",
                )
    if any(component.name == "use_tools" for component in task.solvers):
        yield Obstacle(
            "the task gives the model tools, which need a sandbox",
            "evalmark does not start sandboxes; run it with your own",
        )
    if task.field_spec.input_image is not None:
        yield Obstacle(
            "the task's samples bring images, which may name files and addresses of the machine that reruns them",
            "evalmark reruns text tasks only",
        )


def _judged(task: InspectTask) -> Iterator[Obstacle]:
    for component in _components(task):
        if "model" in component.args:
            yield Obstacle(
                f"`{component.name}` calls a model of the benchmark's choice on your account: "
                f"`{component.args['model']}`",
                "a rerun needs solvers and scorers that call no other model",
            )
        elif component.name in JUDGED_BY_A_MODEL:
            yield Obstacle(
                f"the scorer `{component.name}` names no judge, so the model would grade itself",
                "a rerun needs a scorer that computes, such as match or choice",
            )


def _components(task: InspectTask) -> tuple[Solver | Scorer, ...]:
    return (*task.solvers, *task.scorers)


def _strings(args: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in args.items():
        yield from ((name, text) for text in _flat(value))


def _flat(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _flat(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _flat(item)


def pins_sampling(task: InspectTask) -> bool:
    """Whether the task itself says how the model samples, so that a rerun runs the settings of any claim about it."""
    return bool(_temperatures(task))


def is_greedy(task: InspectTask) -> bool:
    """Whether the task pins temperature 0: the likeliest token is taken, nothing is drawn."""
    temperatures = _temperatures(task)
    return bool(temperatures) and all(temperature == 0 for temperature in temperatures)


def _temperatures(task: InspectTask) -> list[Any]:
    generates = [solver for solver in task.solvers if solver.name == "generate"]
    return [solver.args["temperature"] for solver in generates if "temperature" in solver.args]
