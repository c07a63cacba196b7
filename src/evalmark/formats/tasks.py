"""What an `eval.yaml` needs beyond the type of each field: ids that tell tasks apart, and a framework."""

from collections.abc import Iterator

from evalmark.finding import Finding, Place, Severity
from evalmark.formats.nodes import Mapping, Scalar, Sequence, child_pointer, described, is_null, shown
from evalmark.formats.translate import one_of
from evalmark.formats.upstream import FRAMEWORKS, INSPECT_AI

_ONLY_INSPECT_HAS = ("field_spec", "solvers", "scorers")


def are_for_inspect(benchmark: Mapping) -> bool:
    """Whether Inspect reads the tasks: the framework says so, or it says nothing known and they look like it."""
    framework = benchmark.get("evaluation_framework")
    named = framework.text if isinstance(framework, Scalar) else ""
    if named in FRAMEWORKS:
        return named == INSPECT_AI
    return any(task.get(key) is not None for task in _tasks(benchmark) for key in _ONLY_INSPECT_HAS)


def id_findings(benchmark: Mapping, *, inspect: bool) -> Iterator[Finding]:
    """Tasks without an id, except a single one for Inspect, and ids that two tasks share."""
    tasks = tuple(_tasks(benchmark))
    first: dict[str, Scalar] = {}
    for task in tasks:
        task_id = task.get("id")
        if is_null(task_id) and not (inspect and len(tasks) == 1):
            yield _id_missing(task)
        if not isinstance(task_id, Scalar) or not isinstance(task_id.value, str):
            continue
        if task_id.value in first:
            yield _id_duplicate(task_id, first[task_id.value])
        first.setdefault(task_id.value, task_id)


def recommended_keys(benchmark: Mapping) -> Iterator[Finding]:
    """Keys that the Hub asks for, but that older files lack and a rerun does not need."""
    for key, what in (("name", "the name to show"), ("description", "what it measures")):
        if is_null(benchmark.get(key)):
            yield _warning(f"{key}-missing", benchmark.place, key, f"the benchmark has no `{key}`", f"add {what}")
    framework = benchmark.get("evaluation_framework")
    if is_null(framework):
        yield _warning(
            "framework-missing",
            benchmark.place,
            "evaluation_framework",
            "the benchmark has no `evaluation_framework`, which the Hub asks for",
            f"add the framework's id, such as `evaluation_framework: {INSPECT_AI}`",
        )
    elif isinstance(framework, Scalar) and isinstance(framework.value, str) and framework.value not in FRAMEWORKS:
        yield _warning(
            "framework-unknown",
            framework.place,
            "evaluation_framework",
            f"`evaluation_framework` must be on the Hub's list, but it is {described(framework)}",
            one_of(FRAMEWORKS)(framework),
        )


def _tasks(benchmark: Mapping) -> Iterator[Mapping]:
    tasks = benchmark.get("tasks")
    items = tasks.items if isinstance(tasks, Sequence) else ()
    return (item for item in items if isinstance(item, Mapping))


def _id_missing(task: Mapping) -> Finding:
    place = task.place
    return Finding(
        "task-id-missing",
        Severity.ERROR,
        Place(place.path, place.line, place.column, child_pointer(place.pointer, "id")),
        "the task has no `id`",
        "add the leaderboard's id, such as `id: diamond`",
    )


def _id_duplicate(task_id: Scalar, first: Scalar) -> Finding:
    return Finding(
        "task-id-duplicate",
        Severity.ERROR,
        task_id.place,
        f"the id `{shown(task_id.text)}` is also that of the task on line {first.place.line}",
        "give each task an id of its own",
    )


def _warning(rule: str, place: Place, pointer: str, message: str, advice: str) -> Finding:
    return Finding(rule, Severity.WARNING, Place(place.path, place.line, place.column, pointer), message, advice)
