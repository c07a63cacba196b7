"""The process that runs a model. Started by `InspectRunner` with a bare environment in an empty folder:

    python -I -m evalmark.adapters.inspect_runner.child REQUEST

It reads a request, and from its standard input how far to go, a step at a time; evaluates the samples that are missing
with Inspect's public API; and writes `reply-1.json`, `reply-2.json`, … and `progress.json` beside the request. It holds
no secret but the key of the model's own provider, and it ends when its parent does.
"""

import contextlib
import errno
import itertools
import json
import os
import queue
import re
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalmark.adapters.inspect_runner.whole import write_whole

if TYPE_CHECKING:
    from inspect_ai.log import EvalError

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = (*(os.strerror(code) for code in DISK_FULL), "disk is full")
# More than that is no accident: the provider is down, and every further sample would cost time and retries.
MOST_ERRORS = 3
MOST_ERRORS_SHARE = 0.02
MOST_REGRADED = 100
RAISED = re.compile(r"^(?:\w+\.)*(\w*(?:Error|Exception|Timeout)\b: .+)$", re.MULTILINE)


class Stopped(Exception):
    """The rerun cannot go on: a failure of `outcome.Failure` and what was said."""

    def __init__(self, failure: str, error: BaseException | str) -> None:
        super().__init__(str(error))
        self.reply = {"failure": failure, "detail": str(error) or type(error).__name__}


def main(argv: list[str]) -> int:
    """Carry out the request in `argv[1]`; what happened stands in the replies, whatever the exit code."""
    commands: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(commands,), daemon=True).start()
    request_file = Path(argv[1])
    request = json.loads(request_file.read_text())
    folder = request_file.parent
    rerun: _Rerun | None = None
    for number in itertools.count(1):
        step = json.loads(commands.get())
        try:
            rerun = rerun or _Rerun(request, folder)
            reply: dict[str, Any] = rerun.answer(step)
        except Stopped as stopped:
            reply = stopped.reply
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must learn of it
            reply = {"failure": _failure_of(error, "crashed"), "detail": f"{type(error).__name__}: {error}"}
        write_whole(folder / f"reply-{number}.json", reply)
        if "failure" in reply:
            break
    return 0


def _listen(commands: "queue.SimpleQueue[bytes]") -> None:
    """The parent holds our standard input open as long as it lives; then the whole group goes, servers included."""
    with contextlib.suppress(OSError):
        for line in sys.stdin.buffer:
            commands.put(line)
    os.killpg(0, signal.SIGKILL)


class _Rerun:
    """One task on one model. The model is loaded once, and what earlier runs have finished is not run again."""

    def __init__(self, request: dict[str, Any], folder: Path) -> None:
        from evalmark.adapters.inspect_runner.counting import report_progress  # noqa: PLC0415 - seconds of import
        from evalmark.adapters.inspect_runner.parts import Parts  # noqa: PLC0415 - as above

        self._request = request
        self._progress = report_progress(folder / "progress.json")
        self._parts = Parts(request["task"], request["shuffle_seed"])
        self._parts.read_all(Path(request["log_dir"]))
        self._reached: dict[int, int] = {}
        self._model: Any = None
        self._grader: Any = None
        self._regraded: list[tuple[float, float]] = []

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one command: nothing asks for the size of the task. Raises `Stopped`."""
        if not command:
            return {"total": self.total()}
        if command["regrade"]:
            self._grade_again(min(command["upto"], MOST_REGRADED))
        return self.reach(command["upto"], command["epoch"])

    def total(self) -> int:
        """Samples of the task. No model is asked."""
        return self._parts.total or self._count()

    def _count(self) -> int:
        from inspect_ai import eval as evaluate  # noqa: PLC0415 - as above

        with _blame("benchmark-did-not-load"), tempfile.TemporaryDirectory() as folder:
            logs = evaluate(
                self._request["task"],
                model="none",
                run_samples=False,
                log_dir=folder,
                display="plain",
                acp_server=False,
                ctl_server=False,
            )
            return int(logs[0].eval.dataset.samples or 0)

    def reach(self, upto: int, epoch: int) -> dict[str, Any]:
        """Run what is missing of a pass up to a position; the fields of `outcome.Measured`, and the names of the logs.

        Raises `Stopped`.
        """
        stop = min(upto, self._parts.total or upto)
        self._progress.aim(stop - sum(end - start for start, end in self._parts.gaps(stop, epoch)), stop)
        for start, end in list(self._parts.gaps(stop, epoch)):
            self._run(start, min(end, self._parts.total or end), epoch)
        self._reached[epoch] = min(upto, self._parts.total)
        if not self._parts.total or next(self._parts.gaps(self._reached[epoch], epoch), None) is not None:
            raise Stopped("log-unreadable", "the log lacks samples that ran")
        measured = self._parts.measured(self._reached) | {"regraded": self._regraded}
        return {"measured": measured, "logs": self._parts.logs}

    def _grade_again(self, most: int) -> None:
        from evalmark.adapters.inspect_runner.regrading import regraded  # noqa: PLC0415 - as above

        folder = Path(self._request["log_dir"])
        with _blame("grader-failed"):
            self._regraded = regraded([folder / name for name in self._parts.logs], self._roles()["grader"], most)
        if not self._regraded:
            raise Stopped("grader-failed", "no transcript could be graded a second time")

    def _roles(self) -> dict[str, Any]:
        """The model that grades, if one does: the model under test itself, or another."""
        request = self._request
        if request["grader"] is None:
            return {}
        if request["grader_is_model"]:
            return {"grader": self._model}
        from inspect_ai.model import get_model  # noqa: PLC0415 - as above

        with _blame("grader-failed"):
            self._grader = self._grader or get_model(request["grader"])
        return {"grader": self._grader}

    def _run(self, start: int, end: int, epoch: int) -> None:
        if start >= end:  # the benchmark has fewer samples than were asked for
            return
        from inspect_ai.log import read_eval_log  # noqa: PLC0415 - as above

        self._model = self._model or _model(self._request)
        location = self._evaluate(start, end, epoch)
        with _blame("log-unreadable"):
            log = read_eval_log(str(location))
            self._parts.add(log, location.name)
        if log.status != "success":
            said = cause(log.error) if log.error else f"the log's status is {log.status}"
            raise Stopped("disk-full" if any(words in said for words in FULL_WORDS) else "model-failed", said)

    def _evaluate(self, start: int, end: int, epoch: int) -> Path:
        from inspect_ai import eval as evaluate  # noqa: PLC0415 - as above

        from evalmark.adapters.inspect_runner.parts import PASS_TAG  # noqa: PLC0415 - as above

        request = self._request
        with _blame("benchmark-did-not-load"):
            logs = evaluate(
                request["task"],
                model=self._model,
                model_roles=self._roles(),
                log_dir=request["log_dir"],
                log_format="eval",
                # A kill must cost no sample that has finished.
                log_buffer=1,
                display="plain",
                limit=(start, end),
                sample_shuffle=request["shuffle_seed"],
                tags=[f"{PASS_TAG}{epoch}"],
                token_limit=request["tokens"],
                fail_on_error=self._errors_left(end),
                max_samples=request["connections"],
                max_connections=request["connections"],
                max_retries=2,
                attempt_timeout=request["request_seconds"],
                acp_server=False,
                ctl_server=False,
                log_samples=True,
                **request["generation"],
            )
        return Path(_local(logs[0].location))

    def _errors_left(self, planned: int) -> int:
        """The number of errors that ends the part that is about to run."""
        allowed = max(MOST_ERRORS, int(planned * MOST_ERRORS_SHARE))
        return max(allowed - self._parts.errors, 0) + 1


def _model(request: dict[str, Any]) -> Any:
    from inspect_ai.model import get_model  # noqa: PLC0415 - as above

    with _blame("model-did-not-start"):
        args = dict(request["model_args"])
        if request["snapshot"] is not None:
            args |= {"model_path": snapshot(**request["snapshot"]), "use_safetensors": True}
        return get_model(request["model"], base_url=request["base_url"], **args)


def snapshot(repo_id: str, revision: str, endpoint: str, cache_dir: str | None = None) -> str:
    """Download a model at a commit. Weights that can hold code (pickles) and code itself are not even fetched."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - as above

    patterns = ["*.safetensors", "*.json", "*.txt", "*.model", "*.jinja", "*.tiktoken"]
    folder = snapshot_download(
        repo_id, revision=revision, endpoint=endpoint, allow_patterns=patterns, cache_dir=cache_dir
    )
    return str(folder)


@contextlib.contextmanager
def _blame(failure: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise Stopped(_failure_of(error, failure), error) from error


def _failure_of(error: BaseException | None, otherwise: str) -> str:
    while error is not None:
        if _says_disk_full(error):
            return "disk-full"
        error = error.__cause__ or error.__context__
    return otherwise


def _says_disk_full(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in DISK_FULL


def cause(error: "EvalError") -> str:
    """What first went wrong: Inspect's own message names only the last of a chain, often that retries ran out."""
    raised = RAISED.findall(error.traceback)
    return str(raised[0]) if raised else error.message


def _local(location: str) -> str:
    return location.removeprefix("file://")


if __name__ == "__main__":
    code = main(sys.argv)
    # A model's server may hold threads that never end by themselves.
    sys.stdout.flush()
    os._exit(code)
