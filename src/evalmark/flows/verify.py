"""Verify the scores of a model repo: plan, so that it can be seen before anything is spent; then rerun and judge."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from evalmark.errors import CouldNotFinish
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, Facts, ModelFacts, unit_of_board
from evalmark.finding import Finding, by_place
from evalmark.flows.evidence import Evidence, gather
from evalmark.formats.card import rows_outside
from evalmark.formats.declaration import Declaration, Unit
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.judge.case import LinkedLog, Rerun, Unfinished
from evalmark.judge.log_alone import is_settled_by_log
from evalmark.judge.steps import Look, first_step, next_step, why_ended
from evalmark.judge.verdicts import judge
from evalmark.logged import Key
from evalmark.outcome import Measured, Outcome
from evalmark.plan.claims import Claim, claims_in
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Job, Limits, Planned, make_plan, no_nonce
from evalmark.plan.order import Question
from evalmark.plan.steps import Step
from evalmark.ports import BenchmarkFiles, Benchmarks, Boards, Hub, Logs, Runner
from evalmark.stats.claimed import readings
from evalmark.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller decides: the model, the limits, and how the nonce for the order of samples is drawn.

    It is drawn for given claims, never before them, so that no claim can be made to fit an order; `kept_nonce` is the
    one of an earlier plan for the same question. `rerun` is False if the logs alone shall speak.
    """

    choice: ModelChoice
    limits: Limits
    draw_nonce: Callable[[tuple[Claim, ...]], str]
    kept_nonce: Callable[[Question], str | None] = no_nonce
    rerun: bool = True


@dataclass(frozen=True, slots=True)
class Linked:
    """Where logs of the claims are: a path, an address, or `evidence.OWN_SOURCE`; and who reads them."""

    logs: Logs
    source: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be done, what was found in the files, and what logs say of the claims."""

    planned: Planned
    findings: tuple[Finding, ...]
    logs: Mapping[Claim, LinkedLog]
    units: Mapping[str, Unit]
    """Of the leaderboards, by job, where a claim can be read in two units and the benchmark declares none."""

    def unfinished(self, job: Job) -> Unfinished:
        """A job with all that is known before it runs."""
        return Unfinished(job, self.planned.declarations[job.id], self.logs, self.units.get(job.id))


Watch: TypeAlias = Callable[[Job, int, Measured | None], None]
"""Is told the job, the samples of its task, and what has been measured so far: nothing before the first part."""


@dataclass(frozen=True, slots=True)
class Verified:
    """All that came of it."""

    verdicts: tuple[Verdict, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """The entries that claim something, and what was found in the files around them."""

    entries: tuple[LocatedEntry, ...]
    findings: tuple[Finding, ...] = ()


def claimed_in(files: Mapping[str, bytes]) -> Claimed:
    """All entries of results files, bytes by path. A broken file or entry is a finding and hides nothing else."""
    parsed = [parse_results(path, content) for path, content in files.items()]
    return Claimed(
        tuple(entry for each in parsed for entry in each.entries),
        tuple(finding for each in parsed for finding in each.findings),
    )


def prepare(
    claimed: Claimed,
    model: ModelFacts,
    hub: Hub,
    terms: Terms,
    linked: Linked | None = None,
    boards: Boards | None = None,
) -> Prepared:
    """Look the benchmarks up once, read logs if any, and plan.

    A claim that a log contradicts is not rerun. Raises what the ports and `identify` raise.
    """
    entries = claimed.entries
    benchmarks = {ref: looked_up(ref, hub) for ref in needed(entries)}
    evidence = gather(claims_in(entries, model), benchmarks, linked.logs, linked.source) if linked else ()
    settings = {index: each.says.generation for index, each in enumerate(evidence) if each and _is_of_use(each)}
    facts = Facts(model, benchmarks, settings)
    planned = make_plan(entries, facts, terms.choice, terms.draw_nonce, terms.limits, terms.kept_nonce)
    logs = {
        claim: LinkedLog(each.says, each.scores, _ids(each))
        for claim, each in zip(planned.plan.claims, evidence, strict=bool(evidence))
        if each is not None
    }
    open_ones = _still_open(planned, logs, terms)
    units = dict(_units(open_ones, benchmarks, boards)) if boards else {}
    return Prepared(open_ones, by_place((*claimed.findings, *planned.findings)), logs, units)


def _units(
    planned: Planned, benchmarks: Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing], boards: Boards
) -> Iterator[tuple[str, Unit]]:
    """What leaderboards say about units that are open. A board that cannot be had leaves them open."""
    for job in planned.plan.jobs:
        claims = planned.plan.claims_of(job)
        unit = planned.declarations[job.id].unit
        if all(len(readings(claim.digits, unit)) == 1 for claim in claims):
            continue
        found = benchmarks[claims[0].benchmark]
        # The rows of a board do not say which task they are about.
        if isinstance(found, BenchmarkFound) and found.benchmark is not None and len(found.benchmark.tasks) == 1:
            with contextlib.suppress(CouldNotFinish):
                rows = [row for row in boards.board(job.dataset_id) if row.model != claims[0].model]
                if (told := unit_of_board(rows)) is not None:
                    yield job.id, told


def _ids(evidence: Evidence) -> Mapping[Key, str]:
    return {sample.key: sample.id for sample in evidence.logged.samples} if evidence.logged else {}


def _is_of_use(evidence: Evidence) -> bool:
    return evidence.says.state != "unusable"


def _still_open(planned: Planned, logs: Mapping[Claim, LinkedLog], terms: Terms) -> Planned:
    """The plan without reruns that nobody wants or that could not change the answer."""
    claims = planned.plan.claims
    jobs = []
    for job in planned.plan.jobs if terms.rerun else ():
        wanted = tuple(index for index in job.claims if not is_settled_by_log(logs.get(claims[index])))
        if wanted:
            jobs.append(job.model_copy(update={"claims": wanted}))
    return replace(planned, plan=planned.plan.model_copy(update={"jobs": tuple(jobs)}))


def unwatched(_job: Job, _total: int, _measured: Measured | None) -> None:
    """For a caller who waits for the end."""


def verify(prepared: Prepared, runner: Runner, watch: Watch = unwatched) -> Verified:
    """Run every job of the plan, one after the other, and judge all claims. Raises what the runner raises.

    A job runs until all its claims are decided or a limit is met; `watch` learns how the evidence grows.
    """
    return judged(prepared, tuple(_run(prepared, job, runner, watch) for job in prepared.planned.plan.jobs))


def judged(prepared: Prepared, outcomes: tuple[Outcome, ...]) -> Verified:
    """Judge all claims of a plan, given the outcome of each of its jobs, in their order."""
    plan = prepared.planned.plan
    reruns = tuple(
        Rerun(job, outcome, prepared.planned.declarations[job.id], prepared.logs, prepared.units.get(job.id))
        for job, outcome in zip(plan.jobs, outcomes, strict=True)
    )
    return Verified(judge(plan, reruns, prepared.logs), outcomes)


# What a runner says of itself: it has a clock, and it may share a budget with other reruns.
ENDED_BY_RUNNER = ("minutes", "tokens")


def _run(prepared: Prepared, job: Job, runner: Runner, watch: Watch) -> Outcome:
    plan = prepared.planned.plan
    claims = plan.claims_of(job)
    rerun = prepared.unfinished(job)

    def decide(total: int, measured: Measured | None) -> Step | None:
        watch(job, total, measured)
        if measured is None:
            return first_step(plan.limits, total)
        return next_step(Look(claims, rerun, plan.limits, measured))

    outcome = runner.run(job, plan.model, plan.limits, decide)
    if not isinstance(outcome.result, Measured) or outcome.result.ended in ENDED_BY_RUNNER:
        return outcome
    ended = why_ended(Look(claims, rerun, plan.limits, outcome.result))
    return outcome.model_copy(update={"result": outcome.result.model_copy(update={"ended": ended or "all"})})


def needed(entries: tuple[LocatedEntry, ...]) -> tuple[BenchmarkRef, ...]:
    """The benchmarks to look up, each once, in the order of the claims."""
    return tuple(dict.fromkeys(BenchmarkRef(entry.entry.dataset.id, entry.entry.dataset.revision) for entry in entries))


def looked_up(ref: BenchmarkRef, benchmarks: Benchmarks) -> BenchmarkFound | BenchmarkMissing:
    """Read and parse a benchmark. That it is missing is an answer."""
    files = benchmarks.benchmark(ref)
    return files if isinstance(files, BenchmarkMissing) else read_benchmark(ref.dataset_id, files)


def read_benchmark(dataset_id: str, files: BenchmarkFiles) -> BenchmarkFound:
    """Parse a benchmark's two files. An unusable declaration makes the benchmark unusable: its margins are unknown."""
    parsed = parse_benchmark(f"{dataset_id}/eval.yaml", files.eval_yaml)
    declared = parse_declaration(f"{dataset_id}/.evalmark.toml", files.declaration or b"")
    usable = parsed.benchmark if declared.declaration is not None else None
    return BenchmarkFound(
        files.revision,
        usable,
        declared.declaration or Declaration(),
        (*parsed.findings, *declared.findings),
        hashlib.sha256(files.eval_yaml).hexdigest(),
        rows_outside(files.card) if files.card else None,
    )
