"""What a declaration says about tasks, beside the `eval.yaml` of its folder."""

from collections.abc import Iterator

from evalmark.checks.fields import items_in, text_in
from evalmark.checks.registry import found
from evalmark.finding import Finding, Place
from evalmark.formats.nodes import Mapping, shown
from evalmark.formats.translate import did_you_mean


class DeclaredTasks:
    """Holds the two files of each folder together, in whatever order they come."""

    def __init__(self) -> None:
        self._defined: dict[str, tuple[str, ...]] = {}
        self._declared: dict[str, tuple[tuple[str, Place], ...]] = {}

    def benchmark(self, folder: str, root: Mapping | None) -> Iterator[Finding]:
        """An `eval.yaml` comes: what the folder's declaration says about tasks that are not in it."""
        self._defined[folder] = _task_ids(root) if root is not None else ()
        return self._findings(folder)

    def declaration(self, folder: str, named: Iterator[tuple[str, Place]]) -> Iterator[Finding]:
        """An `.evalmark.toml` comes, that names these tasks: those that are not in the folder's `eval.yaml`."""
        self._declared[folder] = tuple(named)
        return self._findings(folder)

    def _findings(self, folder: str) -> Iterator[Finding]:
        """None before both are there, nor if no task has an id: the only one of a file may lack it."""
        defined = self._defined.get(folder, ())
        unknown = [(task_id, place) for task_id, place in self._declared.get(folder, ()) if task_id not in defined]
        for task_id, place in unknown if defined else ():
            meant = did_you_mean(task_id, defined)
            yield found(
                "declared-task-unknown",
                place,
                f"eval.yaml defines no task `{shown(task_id)}`",
                f"did you mean `{shown(meant)}`?" if meant else f"its tasks are: {', '.join(map(shown, defined[:20]))}",
            )


def _task_ids(benchmark: Mapping) -> tuple[str, ...]:
    ids = (text_in(task, "id") for task in items_in(benchmark, "tasks"))
    return tuple(task_id.text for task_id in ids if task_id is not None)
