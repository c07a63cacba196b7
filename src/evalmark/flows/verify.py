"""Verify the scores of a model repo: plan, so that it can be seen before anything is spent; then rerun and judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, Facts, ModelFacts
from evalmark.finding import Finding, by_place
from evalmark.formats.declaration import Declaration
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.judge.case import Rerun
from evalmark.judge.verdicts import judge
from evalmark.outcome import Outcome
from evalmark.plan.claims import Claim
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Limits, Planned, make_plan
from evalmark.ports import BenchmarkFiles, Benchmarks, Hub, Runner
from evalmark.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Terms:
    """What the caller decides: the model, the limits, and how the nonce for the order of samples is drawn.

    It is drawn for given claims, never before them, so that no claim can be made to fit an order.
    """

    choice: ModelChoice
    limits: Limits
    draw_nonce: Callable[[tuple[Claim, ...]], str]


@dataclass(frozen=True, slots=True)
class Verified:
    """All that came of it."""

    verdicts: tuple[Verdict, ...]
    outcomes: tuple[Outcome, ...]


def prepare(
    files: Mapping[str, bytes], model: ModelFacts, hub: Hub, terms: Terms
) -> tuple[Planned, tuple[Finding, ...]]:
    """Parse the results files (bytes by path in the repo), look the benchmarks up once, and plan.

    A broken file or entry is a finding and hides nothing else. Raises what the ports and `identify` raise.
    """
    parsed = [parse_results(path, content) for path, content in files.items()]
    entries = tuple(entry for each in parsed for entry in each.entries)
    facts = Facts(model, {ref: looked_up(ref, hub) for ref in needed(entries)})
    planned = make_plan(entries, facts, terms.choice, terms.draw_nonce, terms.limits)
    found = [finding for each in parsed for finding in each.findings]
    return planned, by_place((*found, *planned.findings))


def verify(planned: Planned, runner: Runner) -> Verified:
    """Run every job of the plan, one after the other, and judge all claims. Raises what the runner raises."""
    plan = planned.plan
    outcomes = tuple(runner.run(job, plan.model, plan.limits) for job in plan.jobs)
    reruns = tuple(
        Rerun(job, outcome, planned.declarations[job.id]) for job, outcome in zip(plan.jobs, outcomes, strict=True)
    )
    return Verified(judge(plan, reruns), outcomes)


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
        files.revision, usable, declared.declaration or Declaration(), (*parsed.findings, *declared.findings)
    )
