"""Is a benchmark ready to be rerun by anybody: its tasks, its rows, what it declares, what its card says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from evalmark.authoring.card import read_card
from evalmark.authoring.readiness import Line
from evalmark.flows.doctor import cost_line
from evalmark.formats.benchmark import Benchmark, InspectTask, Task
from evalmark.formats.card import rows_outside
from evalmark.formats.declaration import Declaration, TaskDeclaration
from evalmark.plan.graders import Asked, grading
from evalmark.plan.rerunnable import Obstacle, obstacle_before_grading
from evalmark.plan.settings import WHAT_SAYS_IT, pins_sampling
from evalmark.report.escape import plain

Rows: TypeAlias = Callable[[str, str], "Columns | str"]
"""(config, split) → what is there, or why it cannot be loaded."""
SHORTLIST: Final = "evalmark init benchmark fills in the request for it"
OFFICIAL: Final = "benchmark:official"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a split, and how many rows it has, or why that is not known."""

    names: tuple[str, ...]
    total: int | str


@dataclass(frozen=True, slots=True)
class Repo:
    """A benchmark's files as they were read; `tags` are the Hub's, None if it was not asked."""

    dataset_id: str
    benchmark: Benchmark | None
    declaration: Declaration
    card: bytes | None
    tags: frozenset[str] | None = None

    @property
    def rows_outside(self) -> str | None:
        """A place outside the repo from which its rows would come."""
        return rows_outside(self.card) if self.card is not None else None


def benchmark_lines(repo: Repo, rows: Rows | None) -> Iterator[Line]:
    """Card, tasks, shortlist. Without `rows` nothing is loaded."""
    yield from _card(repo)
    benchmark = repo.benchmark
    if benchmark is not None:
        for task in benchmark.tasks:
            yield from _task(repo, benchmark, task, rows)
    if repo.tags is None:
        yield Line("unknown", "shortlist", "the Hub was not asked", "evalmark doctor --online")
    elif OFFICIAL in repo.tags:
        yield Line("ok", "shortlist", "the Hub counts it among its benchmarks")
    else:
        yield Line("note", "shortlist", "the Hub does not show its leaderboard: it is not on the shortlist", SHORTLIST)


def _card(repo: Repo) -> Iterator[Line]:
    if repo.rows_outside is not None:
        what = f"takes rows from `{plain(repo.rows_outside)}`, so evalmark refuses to rerun it"
        yield Line("fix", "README.md", what, "keep the rows in the repo itself")
        return
    said = read_card(repo.card or b"")
    if not said.names_files:
        what = "does not say which file is which split, so eval.yaml may be taken for rows of the split test"
        yield Line("note", "README.md", what, "add `configs:` to its front matter, as evalmark init benchmark does")
    if said.licence is None:
        yield Line("note", "README.md", "names no licence", "add `license:` to its front matter")
    if said.names_files and said.licence is not None:
        yield Line("ok", "README.md", f"names the files of each split, and the licence {plain(said.licence)}")


def _task(repo: Repo, benchmark: Benchmark, task: Task, rows: Rows | None) -> Iterator[Line]:
    about = f"task {plain(task.id or '(without id)')}"
    declared = repo.declaration.for_task(task.id)
    why_not = obstacle_before_grading(repo.dataset_id, benchmark, task)
    if why_not is not None or not isinstance(task, InspectTask):
        yield _not_rerunnable(
            about, why_not or Obstacle("no Inspect task", ""), is_inspect=isinstance(task, InspectTask)
        )
        return
    graded = grading(task, declared.judges, Asked(None, "", repo.dataset_id))
    if isinstance(graded, Obstacle):
        yield Line("note", about, f"whoever reruns it must name the judge: {plain(graded.reason, 300)}", graded.advice)
    else:
        yield Line("ok", about, "anybody can rerun it")
    yield from _declared(about, task, declared)
    yield from _rows(about, task, declared, rows)


def _not_rerunnable(about: str, why_not: Obstacle, *, is_inspect: bool) -> Line:
    """A benchmark of another framework is as its owner wants it."""
    return Line(
        "fix" if is_inspect else "note", about, f"cannot be rerun: {plain(why_not.reason, 300)}", why_not.advice
    )


def _declared(about: str, task: InspectTask, declared: TaskDeclaration) -> Iterator[Line]:
    if declared.unit is None:
        what = "whether scores are written 0.5 or 50 is not said"
        yield Line("note", about, what, 'unit = "percent", or "fraction", in .evalmark.toml')
    if not pins_sampling(task) and getattr(declared.settings, WHAT_SAYS_IT) is None:
        what = "how a model samples is not said, so differences are inconclusive"
        yield Line(
            "note", about, what, "temperature among the arguments of generate, or below [settings] in .evalmark.toml"
        )


def _rows(about: str, task: InspectTask, declared: TaskDeclaration, rows: Rows | None) -> Iterator[Line]:
    found = rows(task.config, task.split) if rows is not None else None
    if found is None:
        yield Line("unknown", about, "its rows were not loaded", "pip install 'evalmark[verify]', and run it again")
    elif isinstance(found, str):
        what = f"{plain(task.config)} / {plain(task.split)} does not load: {plain(found, 300)}"
        yield Line("fix", about, what, "correct config and split, or which file is which split in README.md")
    else:
        lost = [name for name in _named(task) if name not in found.names]
        for name in lost:
            there = ", ".join(map(plain, found.names[:20]))
            yield Line("fix", about, f"there is no column `{plain(name)}`", f"there are: {there}")
        if not lost:
            yield cost_line(about, found.total, task.epochs, declared.tokens_per_sample)


def _named(task: InspectTask) -> Iterator[str]:
    """The columns that Inspect reads."""
    spec = task.field_spec
    yield spec.input
    if not spec.target.startswith("literal:"):
        yield spec.target
    yield from [spec.choices] if isinstance(spec.choices, str) else spec.choices or ()
    yield from spec.metadata or ()
    yield from [spec.input_image] if spec.input_image is not None else ()
