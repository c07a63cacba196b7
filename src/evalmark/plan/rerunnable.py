"""Why a task cannot be rerun by evalmark, in a sentence, with what would change that."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from evalmark.formats.benchmark import Benchmark, InspectTask, Scorer, Solver, Task
from evalmark.formats.safety import opens_a_place, texts_in
from evalmark.formats.upstream import INSPECT_AI

# Whoever owns a benchmark chooses its epochs, and somebody else pays for them.
MOST_EPOCHS = 100


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not, and what would make it possible."""

    reason: str
    advice: str


def obstacle_before_grading(dataset_id: str, benchmark: Benchmark, task: Task) -> Obstacle | None:
    """The first thing that keeps `task` from being rerun whoever grades, or None: then it is an Inspect task."""
    if not isinstance(task, InspectTask):
        framework = benchmark.evaluation_framework or "no named framework"
        return Obstacle(
            f"evalmark reruns Inspect tasks, and {dataset_id} is run with {framework}",
            f"the benchmark's owner can add an Inspect task to its eval.yaml (evaluation_framework: {INSPECT_AI})",
        )
    return next(chain(_unaddressable(dataset_id, task), _costly(task), _unsafe(task), _other_models(task)), None)


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


def _costly(task: InspectTask) -> Iterator[Obstacle]:
    if task.epochs > MOST_EPOCHS:
        yield Obstacle(
            f"the task runs each sample {task.epochs} times, and evalmark reruns at most {MOST_EPOCHS} epochs",
            "the benchmark's owner can lower `epochs`: the mean of fewer is as true, only less sure",
        )


def _unsafe(task: InspectTask) -> Iterator[Obstacle]:
    components: tuple[Solver | Scorer, ...] = (*task.solvers, *task.scorers)
    for component in components:
        for name, value in component.args.items():
            if any(opens_a_place(text) for text in texts_in(value)):
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


def _other_models(task: InspectTask) -> Iterator[Obstacle]:
    for solver in task.solvers:
        if "model" in solver.args:
            yield _on_your_account(solver)


def _on_your_account(component: Solver | Scorer) -> Obstacle:
    return Obstacle(
        f"`{component.name}` calls a model of the benchmark's choice on your account: `{component.args['model']}`",
        "a rerun needs solvers and scorers that call no other model",
    )
