"""Start a child, wait for its results, and know why it ended."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evalmark.adapters.inspect_log.limits import MIB, LogLimits

CHILD = "evalmark.adapters.inspect_log.child"
POLL_SECONDS = 0.02
# Python says so itself; the libraries below it abort, and the system kills.
OUT_OF_MEMORY = frozenset({-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV})
WHOLE = "give a log of a single, smaller evaluation"


@dataclass(frozen=True, slots=True)
class Reader:
    """What every child is held to. Once `stopped` is set, no child goes on."""

    environment: Mapping[str, str]
    limits: LogLimits
    stopped: threading.Event


def run(folder: Path, request: Mapping[str, Any], count: int, reader: Reader) -> str:
    """Run a request in `folder` until it has `count` results or ends; why it ended early, or nothing.

    Each result has `limits.seconds`. The child dies with us: it watches its standard input.
    """
    (folder / "home").mkdir(exist_ok=True)
    (folder / ".env").touch()  # stops Inspect's search for one up the tree
    file = folder / "request.json"
    file.write_text(json.dumps({**request, "limits": asdict(reader.limits)}))
    with (folder / "output").open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-I", "-m", CHILD, str(file)],
            cwd=folder,
            env=dict(reader.environment),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        )
        try:
            return _wait(child, folder, count, reader)
        finally:
            child.kill()
            child.wait()
            if child.stdin is not None:
                with contextlib.suppress(OSError):
                    child.stdin.close()


def _wait(child: "subprocess.Popen[bytes]", folder: Path, count: int, reader: Reader) -> str:
    limits = reader.limits
    done, deadline = 0, time.monotonic() + limits.seconds
    while done < count and not reader.stopped.is_set():
        ended = child.poll()
        while done < count and (folder / f"result-{done}.json").exists():
            done, deadline = done + 1, time.monotonic() + limits.seconds
        if ended is not None:
            return "" if done == count else _why(ended, limits)
        if time.monotonic() > deadline:
            return f"reading it takes more than {limits.seconds} seconds"
        time.sleep(POLL_SECONDS)
    return ""


def _why(code: int, limits: LogLimits) -> str:
    if code == -signal.SIGXCPU:
        return f"reading it takes more than {limits.cpu_seconds} seconds of the processor"
    if code in OUT_OF_MEMORY:
        most = limits.memory_bytes // MIB
        return f"the process that read it was ended, most likely because it took more than {most} MiB of memory"
    return f"the process that read it ended unexpectedly, with code {code}"


def result(folder: Path, number: int, most_bytes: int) -> dict[str, Any] | None:
    """The Nth result as the child wrote it, or None if there is none. The caller must check what it holds."""
    file = folder / f"result-{number}.json"
    try:
        if file.stat().st_size > most_bytes:
            return None
        body = json.loads(file.read_text())
    except (OSError, ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
