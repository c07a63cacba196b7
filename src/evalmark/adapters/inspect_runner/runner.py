"""Run one job in a child process, watch it, and bring its outcome home."""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evalmark.adapters.inspect_runner.environment import child_environment, key_of
from evalmark.errors import CouldNotFinish, Interrupted
from evalmark.outcome import Failed, Measured, Outcome
from evalmark.plan.identity import HF_PREFIX, ModelRun, Scalar
from evalmark.plan.making import Job, Limits

CHILD = "evalmark.adapters.inspect_runner.child"
PACKAGES = ("evalmark", "inspect-ai", "datasets", "huggingface_hub", "openai", "torch", "transformers", "xllamacpp")
POLL_SECONDS = 0.1
GRACE_SECONDS = 5
NEARLY_FULL = 1024 * 1024
DETAIL_LENGTH = 300

__all__ = ["InspectRunner", "Surroundings", "key_of"]

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
    recorded. `progress` is told (job, samples done, samples planned) a few times a second.
    """

    def __init__(self, surroundings: Surroundings, private_args: Mapping[str, Scalar], progress: Progress) -> None:
        self._at = surroundings
        self._private_args = private_args
        self._progress = progress

    def run(self, job: Job, model: ModelRun, limits: Limits) -> Outcome:
        """Run `job`. Raises `Interrupted` on Ctrl-C, after the child and all that it started are gone."""
        started = time.monotonic()
        self._progress(job, 0, 0)
        with tempfile.TemporaryDirectory(prefix=".rerun-", dir=self._at.out) as folder:
            work = Path(folder)
            self._lay_out(work, job, model, limits)
            in_time = self._watch(work, job, limits)
            result = _result(work) if in_time else {"failure": "time-limit", "detail": ""}
            log = self._keep_log(work, result.get("log"))
        return Outcome(
            job=job.id,
            result=_typed(result),
            seconds=round(time.monotonic() - started, 1),
            versions=_versions(),
            platform=_platform(),
            model_args=_model_args(job, model),
            log=str(log.relative_to(self._at.out)) if log else None,
            log_sha256=_sha256(log) if log else None,
        )

    def _lay_out(self, work: Path, job: Job, model: ModelRun, limits: Limits) -> None:
        """An empty `.env` stops Inspect's search for one up the tree; the home is empty as well."""
        (work / "home").mkdir()
        (work / ".env").touch()
        request = {
            "task": job.task,
            "model": model.spec,
            "model_args": {**_model_args(job, model), **self._private_args},
            "snapshot": self._snapshot(model),
            "base_url": model.base_url,
            "generation": dict(model.generation),
            "samples": limits.samples,
            "shuffle_seed": job.shuffle_seed if limits.samples else None,
            "tokens": limits.tokens,
            "connections": limits.connections,
            "request_seconds": limits.request_seconds,
            "log_dir": str(work.resolve() / "logs"),
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

    def _keep_log(self, work: Path, name: str | None) -> Path | None:
        """A log stands among the artifacts only once it is whole: it is written in the work folder, then moved."""
        if name is None or not (work / "logs" / name).is_file():
            return None
        kept = self._at.out / "logs" / name
        kept.parent.mkdir(exist_ok=True)
        return (work / "logs" / name).replace(kept)

    def _watch(self, work: Path, job: Job, limits: Limits) -> bool:
        """Wait for the child; False if the time limit ended it."""
        deadline = time.monotonic() + limits.minutes * 60 if limits.minutes else None
        with (self._at.out / "rerun.log").open("ab") as output:
            child = self._start(work, job, output)
            try:
                while child.poll() is None:
                    if deadline is not None and time.monotonic() > deadline:
                        return False
                    self._tell_progress(work, job)
                    time.sleep(POLL_SECONDS)
                self._tell_progress(work, job)
            except KeyboardInterrupt:
                raise Interrupted(
                    "stopped before the rerun was finished", "run the same command to start again"
                ) from None
            finally:
                _end(child)
        return True

    def _start(self, work: Path, job: Job, output: Any) -> "subprocess.Popen[bytes]":
        environment = child_environment(
            self._at.parent_env,
            self._at.passed,
            endpoint=self._at.endpoint_of(job.dataset_id),
            home=work.resolve() / "home",
            cache=self._at.cache,
        )
        try:
            return subprocess.Popen(
                [sys.executable, "-I", "-m", CHILD, str(work.resolve() / "request.json")],
                cwd=work,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise CouldNotFinish(f"the rerun's process could not be started: {error}", "free some memory") from error

    def _tell_progress(self, work: Path, job: Job) -> None:
        with contextlib.suppress(OSError, ValueError):
            body = json.loads((work / "progress.json").read_text())
            self._progress(job, body["done"], body["total"])


def _model_args(job: Job, model: ModelRun) -> dict[str, Scalar]:
    """transformers takes the likeliest token only if told not to sample: temperature 0 alone is an error there."""
    greedy = {"do_sample": False} if job.greedy and model.spec.startswith(HF_PREFIX) else {}
    return {**greedy, **model.args}


def _end(child: "subprocess.Popen[bytes]") -> None:
    """End the child's whole group: first politely, so that a log in the making is closed, then surely."""
    for sign, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()


def _result(work: Path) -> dict[str, Any]:
    """What the child wrote; a child that wrote nothing was killed, or ran out of memory or disk."""
    try:
        result = json.loads((work / "result.json").read_text())
    except (OSError, ValueError):
        full = shutil.disk_usage(work).free < NEARLY_FULL
        return {"failure": "disk-full" if full else "crashed", "detail": ""}
    return result if isinstance(result, dict) else {"failure": "crashed", "detail": ""}


def _typed(result: dict[str, Any]) -> Measured | Failed:
    try:
        if "measured" in result:
            return Measured.model_validate(result["measured"])
        return Failed(failure=result["failure"], detail=result["detail"][:DETAIL_LENGTH])
    except (ValidationError, KeyError, TypeError):
        return Failed(failure="log-unreadable", detail="the numbers in the log are not what they must be")


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
