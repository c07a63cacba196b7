"""Make the plan: group claims that share one rerun, and say of every other claim why it is not rerun."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from pydantic import Field

from evalmark.artifact import Frozen
from evalmark.facts import BenchmarkFound, BenchmarkMissing, Facts
from evalmark.finding import Finding, Severity
from evalmark.formats.benchmark import Benchmark, InspectTask, Task
from evalmark.formats.declaration import TaskDeclaration
from evalmark.formats.parse_results import LocatedEntry
from evalmark.plan.claims import Claim, claims_in
from evalmark.plan.identity import ModelChoice, ModelRun, identify
from evalmark.plan.order import shuffle_seed
from evalmark.plan.rerunnable import is_greedy, obstacle, pins_sampling

KIND = "plan/1"


class Limits(Frozen):
    """What a rerun may use. None means no limit of ours."""

    samples: int | None = Field(default=None, ge=1, description="Samples of each benchmark, drawn at random.")
    minutes: float | None = Field(default=None, gt=0, description="Wall time of one rerun.")
    tokens: int | None = Field(default=None, ge=1, description="Tokens of one sample, in and out.")
    connections: int = Field(default=1, ge=1, description="Requests to the model at a time.")
    request_seconds: int = Field(default=600, ge=1, description="Wall time of one request to the model.")


class Job(Frozen):
    """One rerun: everything that Inspect is told, and which claims it answers."""

    id: str
    dataset_id: str
    dataset_revision: str = Field(description="Commit of the benchmark, 40 hex digits.")
    task_id: str
    task: str = Field(description="What Inspect evaluates: `hf/owner/name/task@<40 hex>`.")
    epochs: int = Field(ge=1)
    settings_known: bool = Field(description="The task itself says how the model samples.")
    greedy: bool = Field(default=False, description="The task pins temperature 0.")
    shuffle_seed: int = Field(ge=1)
    claims: tuple[int, ...] = Field(description="Positions in the plan's `claims`.")


class Skip(Frozen):
    """A claim that is not rerun."""

    claim: int
    verdict: Literal["not-rerunnable", "error"]
    reason: str
    advice: str


class Plan(Frozen):
    """Which claims are rerun and how; which are not and why."""

    claims: tuple[Claim, ...]
    model: ModelRun
    jobs: tuple[Job, ...]
    skips: tuple[Skip, ...]
    nonce: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what it found in the users' files, and what each benchmark declares for its jobs (by job id)."""

    plan: Plan
    findings: tuple[Finding, ...]
    declarations: dict[str, TaskDeclaration]


def make_plan(
    entries: tuple[LocatedEntry, ...],
    facts: Facts,
    choice: ModelChoice,
    draw_nonce: Callable[[tuple[Claim, ...]], str],
    limits: Limits,
) -> Planned:
    """Decide for every claim. Raises what `identify` raises."""
    run = identify(choice, facts.model)
    claims = claims_in(entries, facts.model)
    nonce = draw_nonce(claims)
    sorted_out = [_sort_out(index, claim, facts) for index, claim in enumerate(claims)]
    jobs = _jobs([item for item in sorted_out if isinstance(item, _Rerun)], nonce)
    skipped = [item for item in sorted_out if isinstance(item, _Skipped)]
    skips = tuple(item.skip for item in skipped)
    findings = [finding for item in skipped for finding in item.findings(entries[item.skip.claim])]
    plan = Plan(claims=claims, model=run, jobs=tuple(job for job, _ in jobs), skips=skips, nonce=nonce, limits=limits)
    return Planned(plan, tuple(dict.fromkeys(findings)), {job.id: declaration for job, declaration in jobs})


@dataclass(frozen=True, slots=True)
class _Rerun:
    index: int
    claim: Claim
    revision: str
    task: InspectTask
    declaration: TaskDeclaration


@dataclass(frozen=True, slots=True)
class _Skipped:
    skip: Skip
    broken: tuple[Finding, ...] = ()
    """Findings in the benchmark's own file."""
    rule: str | None = None
    field: str = ""
    """The rule that the claim's file breaks, and the field of the entry that breaks it."""

    def findings(self, entry: LocatedEntry) -> tuple[Finding, ...]:
        if self.rule is None:
            return self.broken
        place = entry.places[self.field]
        return (Finding(self.rule, Severity.ERROR, place, self.skip.reason, self.skip.advice),)


def _sort_out(index: int, claim: Claim, facts: Facts) -> _Rerun | _Skipped:
    found = facts.benchmarks[claim.benchmark]
    if isinstance(found, BenchmarkMissing):
        return _missing(index, found)
    if found.benchmark is None:
        return _unusable(index, claim, found)
    task = _task(claim, found.benchmark)
    if task is None:
        return _unknown_task(index, claim, found.benchmark)
    why_not = obstacle(claim.dataset_id, found.benchmark, task)
    if why_not is not None or not isinstance(task, InspectTask):
        reason, advice = (why_not.reason, why_not.advice) if why_not else ("not an Inspect task", "")
        return _Skipped(Skip(claim=index, verdict="not-rerunnable", reason=reason, advice=advice))
    return _Rerun(index, claim, found.revision, task, found.declaration.for_task(claim.task_id))


def _unusable(index: int, claim: Claim, found: BenchmarkFound) -> _Skipped:
    first = next(finding for finding in found.findings if finding.severity is Severity.ERROR)
    file = first.place.path.removeprefix(f"{claim.dataset_id}/")
    so = "Inspect cannot load it" if file == "eval.yaml" else "it is not known how its scores are to be judged"
    reason = f"the {file} of {claim.dataset_id} has errors, so {so}"
    skip = Skip(claim=index, verdict="not-rerunnable", reason=reason, advice=f"mend the findings in {file}")
    return _Skipped(skip, broken=found.findings)


def _task(claim: Claim, benchmark: Benchmark) -> Task | None:
    return next((task for task in benchmark.tasks if task.id == claim.task_id), None)


def _missing(index: int, missing: BenchmarkMissing) -> _Skipped:
    if missing.surely:
        skip = Skip(claim=index, verdict="not-rerunnable", reason=missing.reason, advice=missing.advice)
        return _Skipped(skip, rule="benchmark-exists", field="dataset.id")
    return _Skipped(Skip(claim=index, verdict="error", reason=missing.reason, advice=missing.advice))


def _unknown_task(index: int, claim: Claim, benchmark: Benchmark) -> _Skipped:
    defined = [task.id for task in benchmark.tasks if task.id is not None]
    close = get_close_matches(claim.task_id, defined, n=1)
    known = f"it defines {', '.join(f'`{name}`' for name in defined)}" if defined else "its only task has no id"
    hint = f"did you mean `{close[0]}`?" if close else known
    reason = f"{claim.dataset_id} defines no task `{claim.task_id}`: {hint}"
    advice = "write the id of a task that stands in the benchmark's eval.yaml"
    skip = Skip(claim=index, verdict="not-rerunnable", reason=reason, advice=advice)
    return _Skipped(skip, rule="task-exists", field="dataset.task_id")


def _jobs(reruns: Iterable[_Rerun], nonce: str) -> list[tuple[Job, TaskDeclaration]]:
    """One job for each (benchmark, revision, task): the model is the same for all claims of a plan."""
    groups: dict[tuple[str, str, str], list[_Rerun]] = {}
    for rerun in reruns:
        groups.setdefault((rerun.claim.dataset_id, rerun.revision, rerun.claim.task_id), []).append(rerun)
    return [(_job(number, group, nonce), group[0].declaration) for number, group in enumerate(groups.values(), start=1)]


def _job(number: int, group: list[_Rerun], nonce: str) -> Job:
    first = group[0]
    dataset_id, task_id = first.claim.dataset_id, first.claim.task_id
    return Job(
        id=f"job-{number}",
        dataset_id=dataset_id,
        dataset_revision=first.revision,
        task_id=task_id,
        task=f"hf/{dataset_id}/{task_id}@{first.revision}",
        epochs=first.task.epochs,
        settings_known=pins_sampling(first.task),
        greedy=is_greedy(first.task),
        shuffle_seed=shuffle_seed(nonce, first.revision, task_id, first.claim.model_revision),
        claims=tuple(item.index for item in group),
    )
