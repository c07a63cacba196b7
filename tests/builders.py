"""Small builders of domain objects: a test names only what it is about."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

from evalmark.facts import BenchmarkFound, BenchmarkRef, ModelFacts
from evalmark.flows.verify import read_benchmark
from evalmark.formats.declaration import TaskDeclaration
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.judge.case import Rerun
from evalmark.outcome import Failed, Measured, Outcome, SampleOutcome
from evalmark.plan.claims import Claim
from evalmark.plan.identity import Identity, ModelRun
from evalmark.plan.making import Job, Limits, Plan, Skip
from evalmark.ports import BenchmarkFiles
from evalmark.verdict import Answer, Rung, RunRecord, Verdict

MODEL_SHA = "a" * 40
DATASET_SHA = "b" * 40
MODEL = ModelFacts("acme/model", MODEL_SHA)
RESULTS = ".eval_results/sums.yaml"
GENERATE = "{name: generate, args: {temperature: 0}}"
MATCH = "{name: match}"
PERCENT = TaskDeclaration(unit="percent", tolerance=0.05)


def entry_text(value: str = "57.0", dataset: str = "acme/sums", task: str = "sums", more: str = "") -> str:
    """One entry of a results file; `value` stands in its fourth line."""
    return f"- dataset:\n    id: {dataset}\n    task_id: {task}\n  value: {value}\n{more}"


def entries(text: str, path: str = RESULTS) -> tuple[LocatedEntry, ...]:
    """The entries of a results file that has no errors."""
    parsed = parse_results(path, text.encode())
    assert parsed.findings == ()
    return parsed.entries


def task_text(id_: str | None = "sums", *, solvers: str = GENERATE, scorers: str = MATCH, more: str = "") -> str:
    """One Inspect task of an eval.yaml. `more` is a line such as `epochs: 4`."""
    name = "" if id_ is None else f'    id: "{id_}"\n'
    lines = f"    field_spec: {{input: question, target: answer}}\n    solvers: [{solvers}]\n    scorers: [{scorers}]\n"
    return f"  -\n{name}{lines}" + (f"    {more}\n" if more else "")


def eval_yaml(*tasks: str, framework: str = "inspect-ai") -> str:
    """A whole eval.yaml, with one task `sums` unless others are given."""
    head = f"name: Sums\ndescription: Adds two numbers.\nevaluation_framework: {framework}\n"
    return head + "tasks:\n" + "".join(tasks or (task_text(),))


def found(text: str | None = None, revision: str = DATASET_SHA, declaration: str = "") -> BenchmarkFound:
    """A benchmark as it is found on the Hub."""
    files = BenchmarkFiles(revision, (text or eval_yaml()).encode(), declaration.encode())
    return read_benchmark("acme/sums", files)


def ref(dataset: str = "acme/sums", revision: str | None = None) -> BenchmarkRef:
    """A benchmark that a claim names."""
    return BenchmarkRef(dataset, revision)


def claim(digits: str = "57.0", **changes: Any) -> Claim:
    """A claim as it stands in the first entry of a results file."""
    usual = {
        "model": MODEL.name,
        "model_revision": MODEL_SHA,
        "dataset_id": "acme/sums",
        "task_id": "sums",
        "dataset_revision": None,
        "value": float(digits),
        "digits": digits,
        "file": RESULTS,
        "line": 4,
        "column": 10,
        "position": 0,
    }
    return Claim.model_validate(usual | changes)


def model_run(**changes: Any) -> ModelRun:
    """The claimed model itself."""
    identity = Identity(proved=True, statement=f"the weights of {MODEL.name} at {MODEL_SHA}")
    return ModelRun.model_validate({"spec": f"hf/{MODEL.name}", "revision": MODEL_SHA, "identity": identity} | changes)


def job(**changes: Any) -> Job:
    """One rerun of `acme/sums`, for the plan's first claim."""
    usual = {
        "id": "job-1",
        "dataset_id": "acme/sums",
        "dataset_revision": DATASET_SHA,
        "task_id": "sums",
        "task": f"hf/acme/sums/sums@{DATASET_SHA}",
        "epochs": 1,
        "settings_from": "task",
        "shuffle_seed": 7,
        "claims": (0,),
    }
    return Job.model_validate(usual | changes)


def plan(*claims: Claim, jobs: Iterable[Job] = (), skips: Iterable[Skip] = (), **changes: Any) -> Plan:
    """A plan on the claimed model without limits."""
    usual = {"model": model_run(), "nonce": "nonce", "limits": Limits()}
    return Plan.model_validate({**usual, "claims": claims, "jobs": tuple(jobs), "skips": tuple(skips), **changes})


def ones(right: int, of: int = 100, lost: int = 0) -> list[float | None]:
    """Scores of `of` samples: so many right, so many that could not be scored, the rest wrong; in one random order."""
    scores = [*[1.0] * right, *[None] * lost, *[0.0] * (of - right - lost)]
    random.Random(7).shuffle(scores)
    return scores


def measured(scores: Iterable[float | None], total: int | None = None, **changes: Any) -> Measured:
    """A rerun with these scores, of all samples unless `total` says that there are more."""
    samples = tuple(SampleOutcome(key=f"{number:064x}", score=score) for number, score in enumerate(scores))
    usual = {"scorer": "match", "epochs": 1, "reducer": "mean", "input_tokens": 10, "output_tokens": 5}
    return Measured.model_validate({"total": total or len(samples), "samples": samples} | usual | changes)


def outcome(result: Measured | Failed, **changes: Any) -> Outcome:
    """The outcome of the job `job-1`."""
    usual = {"seconds": 12.0, "versions": {"inspect-ai": "0.3.285"}, "platform": "Linux x86_64"}
    return Outcome.model_validate({"job": "job-1", "result": result} | usual | changes)


def rerun(result: Measured | Failed, declaration: TaskDeclaration = PERCENT, **changes: Any) -> Rerun:
    """A finished job; `changes` are the job's."""
    return Rerun(job(**changes), outcome(result), declaration)


def run_record(**changes: Any) -> RunRecord:
    """What was run for a verdict."""
    usual = {
        "model": f"hf/{MODEL.name}",
        "model_revision": MODEL_SHA,
        "identity": model_run().identity,
        "model_args": {},
        "model_base_url": None,
        "generation": {},
        "settings_from": "task",
        "task": f"hf/acme/sums/sums@{DATASET_SHA}",
        "dataset_revision": DATASET_SHA,
        "epochs": 1,
        "shuffle_seed": 7,
        "seconds": 12.0,
        "versions": {"inspect-ai": "0.3.285"},
        "platform": "Linux x86_64",
    }
    return RunRecord.model_validate(usual | changes)


NUMBERS: Mapping[str, Any] = {
    "unit": "percent",
    "unit_from": "declared",
    "measured": 47.0,
    "difference": -10.0,
    "interval": (47.0, 47.0),
    "difference_interval": (-10.0, -10.0),
    "true_score_interval": (47.0, 47.0),
    "alpha": 0.05,
    "p_value": 0.001,
    "margin_verified": 5.0,
    "margin_mismatch": 5.0,
    "margin_from": "declared tolerance",
    "samples_used": 100,
    "samples_total": 100,
    "samples_unscored": 0,
    "decided_after": 100,
}


def verdict(answer: Answer = Answer.MISMATCH, numbers: Mapping[str, Any] | None = NUMBERS, **changes: Any) -> Verdict:
    """A verdict with numbers, or without if `numbers` is None."""
    usual = {
        "claim": claim(),
        "verdict": answer,
        "rung": Rung.FULL if numbers else Rung.SYNTAX,
        "reason": "a reason of ours",
        "run": run_record() if numbers else None,
    }
    return Verdict.model_validate({**usual, **(numbers or {}), **changes})
