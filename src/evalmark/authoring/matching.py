"""Which benchmark, task, metric and unit a result is about: what is sure, and what is likely."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from evalmark.facts import BenchmarkFound, BoardRow, unit_of_board
from evalmark.formats.declaration import Unit
from evalmark.harness.result import DatasetUsed, Metric, Result

_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
LIKELY = 0.6
NAMES_THE_MAIN_ONE = frozenset({"inspect-ai", "mteb"})


class Choice(NamedTuple):
    """What can be meant: `sure` if there is one answer, and otherwise the likeliest first."""

    options: tuple[str, ...]
    sure: str | None = None

    @property
    def likely(self) -> str | None:
        """What to propose."""
        return self.sure or (self.options[0] if self.options else None)


def benchmarks_like(result: Result, known: Iterable[str]) -> tuple[str, ...]:
    """Benchmarks whose names are like the result's dataset or task, the likest first."""
    names = [name for name in (result.dataset.id, result.task) if name]
    scored = [(max(_likeness(name, dataset_id) for name in names), dataset_id) for dataset_id in known]
    return tuple(dataset_id for score, dataset_id in sorted(scored, key=_best_first) if score >= LIKELY)


def task_choice(result: Result, found: BenchmarkFound) -> Choice:
    """The benchmark's task: by its own id, else by config and split where only one has them."""
    tasks = found.benchmark.tasks if found.benchmark is not None else ()
    ids = [task.id for task in tasks if task.id is not None]
    if result.task in ids and result.dataset.config is None:
        return Choice((result.task,), result.task)
    fitting = [task.id for task in tasks if task.id is not None and _fits(task.config, task.split, result.dataset)]
    if len(fitting) == 1:
        return Choice((fitting[0],), fitting[0])
    ordered = sorted(((_likeness(result.task, each), each) for each in fitting or ids), key=_best_first)
    return Choice(tuple(each for _, each in ordered))


def metric_choice(result: Result) -> Choice:
    """The metric that is the score: sure where there is one, or where the harness names its main one."""
    names = tuple(metric.name for metric in result.metrics)
    return Choice(names, names[0] if len(names) == 1 or result.harness in NAMES_THE_MAIN_ONE else None)


def metric_named(result: Result, name: str) -> Metric | None:
    """A metric by its name, also without the filter: `exact_match` for `exact_match,none` if only one is called so."""
    exact = [metric for metric in result.metrics if metric.name == name]
    short = [metric for metric in result.metrics if metric.name.partition(",")[0] == name]
    return next(iter(exact), short[0] if len(short) == 1 else None)


def board_unit(found: BenchmarkFound, task_id: str, rows: Sequence[BoardRow]) -> Unit | None:
    """The unit that a benchmark's scores are written in, as it declares or as its board shows."""
    return found.declaration.for_task(task_id).unit or unit_of_board(rows)


def same_model(logged: str, repo: str) -> bool:
    """Whether a model's name in a log is that of a repo, apart from the provider before it."""
    said, owner_and_name = logged.casefold(), repo.casefold()
    return said == owner_and_name or said.endswith(f"/{owner_and_name}") or said == owner_and_name.partition("/")[2]


def _fits(config: str | None, split: str | None, used: DatasetUsed) -> bool:
    """Whether a task's questions can be those that were used."""
    return (used.config is None or used.config == (config or "default")) and (
        used.split is None or used.split == (split or "test")
    )


def _likeness(one: str, other: str) -> float:
    """From 0 to 1, by the words of the last parts of both names."""
    first, second = (_BETWEEN_WORDS.sub(" ", name.casefold().rpartition("/")[2]).strip() for name in (one, other))
    if first == second or (first and second and (first in second or second in first)):
        return 1.0
    return SequenceMatcher(None, first, second).ratio()


def _best_first(scored: tuple[float, str]) -> tuple[float, str]:
    return -scored[0], scored[1]
