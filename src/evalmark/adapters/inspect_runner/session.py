"""The process that runs a model, as its parent sees it: started, asked step by step, and surely ended."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias, cast

from evalmark.errors import CouldNotFinish, Interrupted

CHILD = "evalmark.adapters.inspect_runner.child"
START = "start"
POLL_SECONDS = 0.1
GRACE_SECONDS = 5
PR_SET_DUMPABLE = 4
NEARLY_FULL = 1024 * 1024

Process: TypeAlias = "subprocess.Popen[bytes]"
Command: TypeAlias = Mapping[str, int]


class OutOfTime(Exception):
    """The deadline came before the reply."""


class Session:
    """A child in `work`, which answers one command after the other until `deadline` (monotonic seconds)."""

    def __init__(self, child: Process, work: Path, deadline: float | None, tell: Callable[[int, int], None]) -> None:
        self._child = child
        self._work = work
        self._deadline = deadline
        self._tell = tell
        self._asked = 0

    def ask(self, command: Command) -> dict[str, Any]:
        """Send a command and wait for the reply, or for the child's end. Raises `OutOfTime`."""
        self._asked += 1
        commands = cast("IO[bytes]", self._child.stdin)
        with contextlib.suppress(OSError):  # a child that is gone has left its last reply, or none
            commands.write(f"{json.dumps(command)}\n".encode())
            commands.flush()
        reply = self._work / f"reply-{self._asked}.json"
        while not reply.exists() and self._child.poll() is None:
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise OutOfTime
            self._tell_progress()
            time.sleep(POLL_SECONDS)
        self._tell_progress()
        return _read(reply)

    def _tell_progress(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            body = json.loads((self._work / "progress.json").read_text())
            self._tell(body["done"], body["total"])


@contextlib.contextmanager
def running(work: Path, environment: Mapping[str, str], output: Path) -> Iterator[Process]:
    """The child, until the context ends. Raises `CouldNotFinish` if it cannot start, `Interrupted` on Ctrl-C."""
    hide_own_memory()
    with output.open("ab") as said:
        child = _start(work, environment, said)
        try:
            yield child
        except KeyboardInterrupt:
            raise Interrupted(
                "stopped before the rerun was finished",
                "run the same command to go on: what has run is kept, and is not run again",
            ) from None
        finally:
            _end(child)


def hide_own_memory() -> None:
    """Keep a process of the same user, such as the child, from reading our environment, where the tokens are.

    prctl(2), PR_SET_DUMPABLE: /proc/<us>/environ and /proc/<us>/mem then belong to root.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _start(work: Path, environment: Mapping[str, str], output: IO[bytes]) -> Process:
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", CHILD, str(work.resolve() / "request.json")],
            cwd=work / START,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CouldNotFinish(f"the rerun's process could not be started: {error}", "free some memory") from error


def _end(child: Process) -> None:
    """End the child's whole group: first politely, so that a log in the making is closed, then surely."""
    for sign, seconds in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, GRACE_SECONDS)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()


def _read(reply: Path) -> dict[str, Any]:
    """What the child wrote; a child that wrote nothing was killed, or ran out of memory or disk."""
    try:
        body = json.loads(reply.read_text())
    except (OSError, ValueError):
        full = shutil.disk_usage(reply.parent).free < NEARLY_FULL
        return {"failure": "disk-full" if full else "crashed", "detail": ""}
    return body if isinstance(body, dict) else {"failure": "crashed", "detail": ""}
