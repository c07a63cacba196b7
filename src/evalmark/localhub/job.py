"""One Job: a command that really runs, as a process of this machine, without anything of ours but the path."""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Literal

Stage = Literal["SCHEDULING", "RUNNING", "COMPLETED", "ERROR", "CANCELED"]
TERMINAL = frozenset({"COMPLETED", "ERROR", "CANCELED"})
GRACE_SECONDS = 5


@dataclass(frozen=True)
class Spec:
    """What is to run. `image` is only remembered: the command runs on this machine as it is."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    labels: Mapping[str, str]
    flavor: str
    image: str
    timeout_seconds: float | None = None


class Job:
    """A Job from its start to its end. Safe for threads."""

    def __init__(self, id_: str, namespace: str, spec: Spec, log: Path, started: datetime) -> None:
        self.id = id_
        self.namespace = namespace
        self.spec = spec
        self.log = log
        self.started = started
        self.message: str | None = None
        self._stage: Stage = "RUNNING"
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name=f"job-{id_}", daemon=True)

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return self._stage

    def start(self) -> None:
        """Begin; it goes on in a thread of its own."""
        self._thread.start()

    def cancel(self) -> None:
        """End it, if it has not ended."""
        self._end("CANCELED", None)

    def wait(self, seconds: float) -> None:
        """Wait for the end, but no longer than that."""
        self._thread.join(seconds)

    def _run(self) -> None:
        with tempfile.TemporaryDirectory(prefix="evalmark-job-") as home, self.log.open("ab") as log:
            try:
                process = self._launch(home, log)
            except OSError as problem:
                self._finish("ERROR", f"{self.spec.command[0]}: {problem.strerror}")
                return
            try:
                code = process.wait(self.spec.timeout_seconds)
            except subprocess.TimeoutExpired:
                self._end("ERROR", "Job timeout")
                code = process.wait()
            self._finish("COMPLETED" if code == 0 else "ERROR", None if code == 0 else f"exit code {code}")

    def _launch(self, home: str, log: IO[bytes]) -> "subprocess.Popen[bytes]":
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": home, "LANG": "C.UTF-8", "JOB_ID": self.id}
        with self._lock:
            if self._stage in TERMINAL:
                raise OSError(0, "canceled before it began")
            self._process = subprocess.Popen(
                list(self.spec.command),
                cwd=home,
                env={**environment, **self.spec.environment, **self.spec.secrets},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            return self._process

    def _end(self, stage: Stage, message: str | None) -> None:
        with self._lock:
            process = self._process
            if self._stage in TERMINAL:
                return
            self._stage, self.message = stage, message
        if process is not None:
            for number in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(GRACE_SECONDS)
                    return

    def _finish(self, stage: Stage, message: str | None) -> None:
        with self._lock:
            if self._stage not in TERMINAL:
                self._stage, self.message = stage, message
