"""Run one job in a child process, watch it, and bring its outcome home."""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evalmark.adapters.inspect_runner.environment import child_environment, key_of
from evalmark.adapters.inspect_runner.session import START, OutOfTime, Session, running
from evalmark.outcome import Failed, LogFile, Measured, Outcome
from evalmark.plan.identity import HF_PREFIX, ModelRun, Scalar
from evalmark.plan.making import Job, Limits
from evalmark.ports import NextStep

PACKAGES = ("evalmark", "inspect-ai", "datasets", "huggingface_hub", "openai", "torch", "transformers", "xllamacpp")
DETAIL_LENGTH = 300
WORK_PREFIX = ".rerun-"
KEY_LENGTH = 16

__all__ = ["InspectRunner", "Surroundings", "key_of", "private_args"]

Progress = Callable[[Job, int, int], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where reruns happen.

    `out` gets logs and the engine's output; `cache` keeps downloads between runs. `endpoint_of` tells which Hub holds
    a benchmark (by dataset id), `model_endpoint` the one that holds the claimed model. The allow-list picks from
    `parent_env`, and `passed` besides.
    """

    out: Path
    cache: Path
    endpoint_of: Callable[[str], str]
    model_endpoint: str
    parent_env: Mapping[str, str]
    passed: frozenset[str] = frozenset()


class InspectRunner:
    """The `Runner` that uses Inspect.

    `private_args` are model arguments that only this machine understands (the path of a weights file); they are not
    recorded. `progress` is told (job, samples done, samples of the step) a few times a second.

    The logs of a rerun stand in a folder of their own below `out/logs`, named by everything that the numbers depend on.
    The same job finds what an earlier run has left there, also one that was killed, and runs the rest.
    """

    def __init__(self, surroundings: Surroundings, private_args: Mapping[str, Scalar], progress: Progress) -> None:
        self._at = surroundings
        self._private_args = private_args
        self._progress = progress

    def run(self, job: Job, model: ModelRun, limits: Limits, next_step: NextStep) -> Outcome:
        """Run `job`. Raises `Interrupted` on Ctrl-C, after the child and all that it started are gone."""
        started = time.monotonic()
        self._progress(job, 0, 0)
        remove_abandoned(self._at.out)
        logs = self._at.out / "logs" / rerun_key(job, model, limits)
        logs.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{WORK_PREFIX}{os.getpid()}-", dir=self._at.out) as folder:
            work = Path(folder)
            self._lay_out(work, job, model, limits, logs)
            deadline = started + limits.minutes * 60 if limits.minutes else None
            with running(work, self._environment(work, job), self._at.out / "rerun.log") as child:
                result, names = _steps(Session(child, work, deadline, partial(self._progress, job)), next_step)
        return Outcome(
            job=job.id,
            result=result,
            seconds=round(time.monotonic() - started, 1),
            versions=_versions(),
            platform=_platform(),
            model_args=_model_args(job, model),
            logs=tuple(
                LogFile(path=str((logs / name).relative_to(self._at.out)), sha256=_sha256(logs / name))
                for name in names
            ),
        )

    def _lay_out(self, work: Path, job: Job, model: ModelRun, limits: Limits, logs: Path) -> None:
        """An empty `.env` stops Inspect's search for one up the tree; the home is empty as well.

        It starts in a folder with nothing else in it: a template of a benchmark may be the name of any file there.
        """
        (work / "home").mkdir()
        (work / START).mkdir()
        (work / START / ".env").touch()
        request = {
            "task": job.task,
            "model": model.spec,
            "model_args": {**_model_args(job, model), **self._private_args},
            "snapshot": self._snapshot(model),
            "base_url": model.base_url,
            "generation": {**model.generation, **job.generation},
            "grader": job.grader,
            "grader_is_model": job.grader_is_model,
            "shuffle_seed": job.shuffle_seed,
            "tokens": limits.tokens,
            "connections": limits.connections,
            "request_seconds": limits.request_seconds,
            "log_dir": str(logs.resolve()),
        }
        (work / "request.json").write_text(json.dumps(request))

    def _snapshot(self, model: ModelRun) -> dict[str, str] | None:
        """The claimed repo is downloaded at its commit, tokenizer and all: `hf/` alone would read parts of main."""
        if not (model.spec.startswith(HF_PREFIX) and model.identity.proved):
            return None
        return {
            "repo_id": model.spec.removeprefix(HF_PREFIX),
            "revision": model.revision,
            "endpoint": self._at.model_endpoint,
        }

    def _environment(self, work: Path, job: Job) -> dict[str, str]:
        return child_environment(
            self._at.parent_env,
            self._at.passed,
            endpoint=self._at.endpoint_of(job.dataset_id),
            home=work.resolve() / "home",
            cache=self._at.cache,
        )


def private_args(weights: Path | None, model: ModelRun) -> dict[str, Scalar]:
    """What only this machine understands: where the weights lie, and the digest that they must have."""
    return {"path": str(weights), "sha256": model.revision.removeprefix("sha256:")} if weights else {}


def rerun_key(job: Job, model: ModelRun, limits: Limits) -> str:
    """Names everything that a sample's score depends on, and the order: 16 hexadecimal digits.

    What only says how far or how fast the rerun goes is left out.
    """
    what = {"job": job.model_dump(mode="json", exclude={"id", "claims"}), "model": model.model_dump(mode="json")}
    text = json.dumps(what | {"tokens": limits.tokens}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def remove_abandoned(out: Path) -> None:
    """Remove the working folders of reruns that were killed."""
    for folder in out.glob(f"{WORK_PREFIX}*-*"):
        owner = folder.name.removeprefix(WORK_PREFIX).partition("-")[0]
        if owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _steps(session: Session, next_step: NextStep) -> tuple[Measured | Failed, Sequence[str]]:
    """Go on until there is no next step or something fails; the result, and the names of the logs that hold it.

    When the time is over, what there is counts.
    """
    measured: Measured | None = None
    logs: Sequence[str] = ()
    try:
        size = session.ask({})
        if "total" not in size:
            return _failed(size), ()
        while (step := next_step(size["total"], measured)) is not None:
            reply = session.ask({"upto": step.upto, "epoch": step.epoch, "regrade": step.regrade})
            result = _typed(reply)
            if isinstance(result, Failed):
                return result, logs
            measured, logs = result, reply["logs"]
    except OutOfTime:
        late = measured.model_copy(update={"ended": "minutes"}) if measured else Failed(failure="time-limit")
        return late, logs
    return measured or Failed(failure="crashed", detail="nothing was to run"), logs


def _model_args(job: Job, model: ModelRun) -> dict[str, Scalar]:
    """transformers takes the likeliest token only if told not to sample: temperature 0 alone is an error there."""
    greedy = {"do_sample": False} if job.greedy and model.spec.startswith(HF_PREFIX) else {}
    return {**greedy, **model.args}


def _typed(reply: dict[str, Any]) -> Measured | Failed:
    try:
        return Measured.model_validate(reply["measured"]) if "measured" in reply else _failed(reply)
    except ValidationError:
        return Failed(failure="log-unreadable", detail="the numbers in the log are not what they must be")


def _failed(reply: dict[str, Any]) -> Failed:
    return Failed(failure=reply["failure"], detail=reply["detail"][:DETAIL_LENGTH])


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def _platform() -> str:
    processor = ""
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        processor = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{platform.system()} {platform.machine()} {processor}".strip()


def _sha256(file: Path) -> str:
    with file.open("rb") as log:
        return hashlib.file_digest(log, "sha256").hexdigest()
