"""For each claim: what is to be rerun, or why nothing is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from evalmark.facts import BenchmarkFound, BenchmarkMissing, Facts
from evalmark.finding import Finding, Severity
from evalmark.formats.benchmark import Benchmark, InspectTask, Task
from evalmark.formats.declaration import TaskDeclaration
from evalmark.formats.nodes import shown
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.settings import Variant
from evalmark.formats.variants import usual_notes
from evalmark.plan.claims import Claim
from evalmark.plan.graders import Asked, Grading, grading
from evalmark.plan.identity import Scalar
from evalmark.plan.rerunnable import Obstacle, obstacle_before_grading
from evalmark.plan.settings import Sampling, sampling

USUAL = Variant()
SkipVerdict = Literal["not-rerunnable", "error", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Rerun:
    """One claim that is rerun."""

    index: int
    claim: Claim
    revision: str
    task_id: str
    task: InspectTask
    variant: str | None
    sampling: Sampling
    grading: Grading
    declaration: TaskDeclaration


@dataclass(frozen=True, slots=True)
class Skipped:
    """One claim that is not rerun. `broken` are findings in the benchmark's own files.

    `rule` is the one that the claim's file breaks, if it is to blame, and `field` the field of the entry that does.
    """

    index: int
    reason: str
    advice: str
    verdict: SkipVerdict = "not-rerunnable"
    broken: tuple[Finding, ...] = ()
    rule: str | None = None
    field: str = ""

    def findings(self, entry: LocatedEntry) -> tuple[Finding, ...]:
        """What is to be told of the users' files."""
        if self.rule is None:
            return self.broken
        return (Finding(self.rule, Severity.ERROR, entry.places[self.field], self.reason, self.advice),)


def sort_out(index: int, claim: Claim, facts: Facts, asked: Asked) -> Rerun | Skipped:
    """Decide for one claim."""
    found = facts.benchmarks[claim.benchmark]
    if isinstance(found, BenchmarkMissing):
        return _missing(index, found)
    if found.benchmark is None:
        return _unusable(index, claim, found)
    if found.rows_outside is not None:
        return _outside(index, claim, found.rows_outside)
    task = _task(claim.task_id, found.benchmark)
    if task is None:
        return _unknown_task(index, claim, found.benchmark)
    name = usual_notes(claim.notes)
    variant = found.declaration.for_task(claim.task_id).variants.get(name) if name else USUAL
    if variant is None and isinstance(task, InspectTask):
        return _undeclared(index, name)
    log = facts.log_settings.get(index, {})
    return _of_variant(_Question(index, claim, name, log), variant or USUAL, found, found.benchmark, asked)


@dataclass(frozen=True, slots=True)
class _Question:
    index: int
    claim: Claim
    name: str
    log: Mapping[str, Scalar]


def _of_variant(
    question: _Question, variant: Variant, found: BenchmarkFound, benchmark: Benchmark, asked: Asked
) -> Rerun | Skipped:
    claim = question.claim
    task_id = variant.task or claim.task_id
    task = _task(task_id, benchmark)
    if task is None:
        return _unknown_variant_task(question, task_id, benchmark)
    declaration = found.declaration.for_task(task_id)
    why_not = obstacle_before_grading(claim.dataset_id, benchmark, task)
    if why_not is not None or not isinstance(task, InspectTask):
        return _skipped(question, variant, why_not or Obstacle("not an Inspect task", ""))
    graded = grading(task, declaration.judges, asked)
    if isinstance(graded, Obstacle):
        return _skipped(question, variant, graded)
    settings = declaration.settings.model_copy(update=variant.settings.model_dump(exclude_unset=True))
    return Rerun(
        question.index,
        claim,
        found.revision,
        task_id,
        task,
        question.name or None,
        sampling(task, question.log, settings),
        graded,
        declaration,
    )


def _task(task_id: str, benchmark: Benchmark) -> Task | None:
    return next((task for task in benchmark.tasks if task.id == task_id), None)


def _skipped(question: _Question, variant: Variant, why_not: Obstacle) -> Skipped:
    where = f"`{shown(question.name)}` is the task `{shown(variant.task)}`: " if variant.task else ""
    return Skipped(question.index, f"{where}{why_not.reason}", why_not.advice)


def _missing(index: int, missing: BenchmarkMissing) -> Skipped:
    if not missing.allowed:
        return Skipped(index, missing.reason, missing.advice)
    if missing.surely:
        return Skipped(index, missing.reason, missing.advice, rule="benchmark-exists", field="dataset.id")
    return Skipped(index, missing.reason, missing.advice, verdict="error")


def _unusable(index: int, claim: Claim, found: BenchmarkFound) -> Skipped:
    first = next(finding for finding in found.findings if finding.severity is Severity.ERROR)
    file = first.place.path.removeprefix(f"{claim.dataset_id}/")
    so = "Inspect cannot load it" if file == "eval.yaml" else "it is not known how its scores are to be judged"
    reason = f"the {file} of {claim.dataset_id} has errors, so {so}"
    return Skipped(index, reason, f"mend the findings in {file}", broken=found.findings)


def _outside(index: int, claim: Claim, place: str) -> Skipped:
    return Skipped(
        index,
        f"refused for safety: the README.md of {claim.dataset_id} takes rows from `{shown(place)}`, "
        "which the machine that reruns it would ask for",
        "the benchmark's owner can keep the rows in the repo itself",
    )


def _unknown_task(index: int, claim: Claim, benchmark: Benchmark) -> Skipped:
    reason = f"{claim.dataset_id} defines no task `{claim.task_id}`: {_hint(claim.task_id, benchmark)}"
    advice = "write the id of a task that stands in the benchmark's eval.yaml"
    return Skipped(index, reason, advice, rule="task-exists", field="dataset.task_id")


def _unknown_variant_task(question: _Question, task_id: str, benchmark: Benchmark) -> Skipped:
    reason = (
        f"the benchmark declares that `{shown(question.name)}` is the task `{shown(task_id)}`, "
        f"which its eval.yaml does not define: {_hint(task_id, benchmark)}"
    )
    return Skipped(question.index, reason, "the benchmark's owner can correct `task` of the variant in .evalmark.toml")


def _hint(task_id: str, benchmark: Benchmark) -> str:
    defined = [task.id for task in benchmark.tasks if task.id is not None]
    close = get_close_matches(task_id, defined, n=1)
    known = f"it defines {', '.join(f'`{name}`' for name in defined)}" if defined else "its only task has no id"
    return f"did you mean `{close[0]}`?" if close else known


def _undeclared(index: int, name: str) -> Skipped:
    reason = f"the entry's notes (`{shown(name)}`) describe a variant that the benchmark does not declare"
    key = json.dumps(name, ensure_ascii=False) if shown(name) == name else '"the notes"'
    advice = (
        f"the benchmark's owner can say in .evalmark.toml what it is: below a line `[variants.{key}]`, "
        '`task = "id-of-its-task"` or `settings = {temperature = 0.6}`, or neither if it is as usual; '
        "leave `notes` out if the score was measured as the task says"
    )
    return Skipped(index, reason, advice)
