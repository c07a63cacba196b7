"""The evidence of logs for claims: read the logs at a place once, and give each claim the one that is about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from evalmark.errors import CouldNotFinish, Interrupted, Refused, UsageProblem
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef
from evalmark.formats.benchmark import Benchmark, InspectTask
from evalmark.formats.safety import JUDGED_BY_A_MODEL
from evalmark.judge.logs import Question, judge_log, scores_by_key, unreadable
from evalmark.logged import Key, LogEvidence, Logged, LogsRead, NoSampleSet, Unreadable, Wanted
from evalmark.plan.claims import Claim
from evalmark.plan.rerunnable import obstacle_before_grading
from evalmark.ports import Logs
from evalmark.stats.claimed import readings

# In the place of an address: each claim's own `source.url`. It is followed only if somebody says so.
OWN_SOURCE = "source"
STATES = ("consistent", "contradicts", "unusable")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a log says about a claim; and, unless it is unusable, the log itself and its scores for a paired rerun."""

    says: LogEvidence
    logged: Logged | None = None
    scores: Mapping[Key, tuple[Fraction | None, ...]] = field(default_factory=dict)


def gather(
    claims: tuple[Claim, ...],
    benchmarks: Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing],
    logs: Logs,
    source: str,
) -> tuple[Evidence | None, ...]:
    """The evidence for each claim; None where a log says nothing: no Inspect task, or no `source.url` to follow.

    `source` is a path, an address, or `OWN_SOURCE`. Raises what `Logs.read` raises for a path or an address that was
    given; a claim's own address that leads nowhere is told.
    """
    questions = [_question(claim, benchmarks[claim.benchmark]) for claim in claims]
    found: dict[int, Evidence] = {}
    for place, positions in _places(questions, source).items():
        asked = {position: question for position in positions if (question := questions[position]) is not None}
        tasks = {question.wanted.task: question.wanted for question in asked.values()}
        read = _read(logs, place, tuple(tasks.values()), follow=source == OWN_SOURCE)
        found |= {position: _best(question, read) for position, question in asked.items()}
    return tuple(found.get(position) for position in range(len(claims)))


def _question(claim: Claim, found: BenchmarkFound | BenchmarkMissing) -> Question | None:
    wanted = wanted_by(claim, found)
    if wanted is None or isinstance(found, BenchmarkMissing):
        return None
    unit = found.declaration.for_task(claim.task_id).unit
    return Question(claim, readings(claim.digits, unit), wanted, NoSampleSet(reason="they were not asked for"))


def wanted_by(claim: Claim, found: BenchmarkFound | BenchmarkMissing) -> Wanted | None:
    """What a log of the claim must be of; None if the claim is of no Inspect task that is there."""
    if isinstance(found, BenchmarkMissing) or found.benchmark is None:
        return None
    task = next((task for task in found.benchmark.tasks if task.id == claim.task_id), None)
    if not isinstance(task, InspectTask):
        return None
    choosers = [solver for solver in task.solvers if solver.name == "multiple_choice"]
    not_loaded, not_rescored = _not_to_be_run(claim.dataset_id, found.benchmark, task)
    return Wanted(
        dataset_id=claim.dataset_id,
        revision=found.revision,
        task_id=claim.task_id,
        epochs=task.epochs,
        reducer=task.epoch_reducer or "mean",
        scorer=task.scorers[0].name,
        scorer_args=task.scorers[0].args,
        multiple_correct=bool(choosers[-1].args.get("multiple_correct", False)) if choosers else None,
        not_loaded=not_loaded,
        not_rescored=not_rescored,
    )


def _not_to_be_run(dataset_id: str, benchmark: Benchmark, task: InspectTask) -> tuple[str, str]:
    """Why the samples must not be loaded, and why the scorer cannot be run again; empty if they may and can."""
    before = obstacle_before_grading(dataset_id, benchmark, task)
    not_loaded = before.reason if before is not None else ""
    judged = task.scorers[0].name in JUDGED_BY_A_MODEL
    return not_loaded, "its scorer is a model" if judged else not_loaded


def _places(questions: Sequence[Question | None], source: str) -> dict[str, list[int]]:
    """Where to look for which claims."""
    places: dict[str, list[int]] = {}
    for position, question in enumerate(questions):
        place = source if source != OWN_SOURCE else question and question.claim.source_url
        if place and question is not None:
            places.setdefault(place, []).append(position)
    return places


def _read(logs: Logs, place: str, tasks: tuple[Wanted, ...], *, follow: bool) -> LogsRead:
    try:
        return logs.read(place, tasks)
    except (UsageProblem, Refused, CouldNotFinish) as problem:
        if not follow or isinstance(problem, Interrupted):
            raise
        said = Unreadable(file=place, reason=problem.message, advice=problem.advice)
        return LogsRead(logs=(said,), sample_sets={})


def _best(question: Question, read: LogsRead) -> Evidence:
    """The log that speaks most for the claim; that others speak otherwise is told."""
    unknown = NoSampleSet(reason="they could not be loaded")
    question = replace(question, sample_set=read.sample_sets.get(question.wanted.task, unknown))
    found = sorted((_evidence(question, log) for log in read.logs), key=_rank)
    best, usable = found[0], [each.says for each in found if each.says.state != "unusable"]
    if best.says.state == "unusable" and len(found) > 1:
        reason = f"none of the {len(found)} logs can be used for the claim; the nearest is {best.says.file}, but "
        return replace(best, says=best.says.model_copy(update={"reason": reason + best.says.reason}))
    against = sum(says.state == "contradicts" for says in usable[1:])
    told = (
        f"; {against} other logs of the same task contradict it" if against and usable[0].state != "contradicts" else ""
    )
    changes = {"others": max(len(usable) - 1, 0), "reason": best.says.reason + told}
    return replace(best, says=best.says.model_copy(update=changes))


def _evidence(question: Question, log: Logged | Unreadable) -> Evidence:
    if isinstance(log, Unreadable):
        return Evidence(unreadable(log))
    says = judge_log(question, log)
    return Evidence(says) if says.state == "unusable" else Evidence(says, log, scores_by_key(question.wanted, log))


def _rank(evidence: Evidence) -> tuple[int, bool, int, int, str]:
    says = evidence.says
    wrong = sum(check.state == "wrong" for check in says.checks)
    return STATES.index(says.state), not says.checks, wrong, says.missing, says.file
