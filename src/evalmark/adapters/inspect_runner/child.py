"""The process that runs a model. Started by `InspectRunner` with a bare environment in an empty folder:

    python -I -m evalmark.adapters.inspect_runner.child REQUEST

It reads a request, evaluates one task with Inspect's public API, and writes `result.json` and `progress.json` beside
the request. It holds no secret but the key of the model's own provider, and it ends when its parent does.
"""

import contextlib
import errno
import json
import os
import re
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect_ai.log import EvalError

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_WORDS = (*(os.strerror(code) for code in DISK_FULL), "disk is full")
MOST_FAILED = 0.02
RAISED = re.compile(r"^(?:\w+\.)*(\w*(?:Error|Exception|Timeout)\b: .+)$", re.MULTILINE)


class Stopped(Exception):
    """The rerun cannot go on: a failure of `outcome.Failure` and what was said."""

    def __init__(self, failure: str, error: BaseException | str, log: str | None = None) -> None:
        super().__init__(str(error))
        self.result = {"failure": failure, "detail": str(error) or type(error).__name__, "log": log}


def main(argv: list[str]) -> int:
    """Run the request in `argv[1]`; what happened stands in `result.json`, whatever the exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    request_file = Path(argv[1])
    request = json.loads(request_file.read_text())
    folder = request_file.parent
    try:
        result = _evaluate(request, folder)
    except Stopped as stopped:
        result = stopped.result
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must learn of it
        result = {"failure": _failure_of(error, "crashed"), "detail": f"{type(error).__name__}: {error}"}
    _write(folder / "result.json", result)
    return 0


def _end_with_parent() -> None:
    """The parent holds our standard input open as long as it lives; then the whole group goes, servers included."""
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    os.killpg(0, signal.SIGKILL)


def _evaluate(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    from inspect_ai import eval as evaluate  # noqa: PLC0415 - seconds of import, wanted only here

    _report_progress(folder / "progress.json")
    model = _model(request)
    with _blame("benchmark-did-not-load"):
        logs = evaluate(
            request["task"],
            model=model,
            log_dir=request["log_dir"],
            log_format="eval",
            display="plain",
            limit=request["samples"],
            sample_shuffle=request["shuffle_seed"],
            token_limit=request["tokens"],
            fail_on_error=MOST_FAILED,
            max_samples=request["connections"],
            max_connections=request["connections"],
            max_retries=2,
            attempt_timeout=request["request_seconds"],
            acp_server=False,
            ctl_server=False,
            log_samples=True,
            **request["generation"],
        )
    return _read(Path(_local(logs[0].location)))


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


def _report_progress(file: Path) -> None:
    from inspect_ai.hooks import Hooks, SampleEnd, TaskStart, hooks  # noqa: PLC0415 - as above

    @hooks(name="evalmark-progress", description="Counts finished samples for the parent's progress bar.")
    class Progress(Hooks):
        done, total = 0, 0

        async def on_task_start(self, data: TaskStart) -> None:
            dataset, epochs = data.spec.dataset, data.spec.config.epochs or 1
            self.total = len(dataset.sample_ids or []) * epochs
            _write(file, {"done": 0, "total": self.total})

        async def on_sample_end(self, data: SampleEnd) -> None:
            del data  # the count is all that the parent needs
            self.done += 1
            _write(file, {"done": self.done, "total": self.total})


def _read(location: Path) -> dict[str, Any]:
    """Name the log and count its samples, if Inspect says that the evaluation ended well: exit codes do not say it."""
    from inspect_ai.log import read_eval_log  # noqa: PLC0415 - as above

    from evalmark.adapters.inspect_runner.samples import measured  # noqa: PLC0415 - as above

    with _blame("log-unreadable"):
        log = read_eval_log(str(location))
    if log.status != "success":
        said = cause(log.error) if log.error else f"the log's status is {log.status}"
        full = any(words in said for words in FULL_WORDS)
        raise Stopped("disk-full" if full else "model-failed", said, location.name)
    with _blame("log-unreadable"):
        return {"log": location.name, "measured": measured(log)}


def cause(error: "EvalError") -> str:
    """What first went wrong: Inspect's own message names only the last of a chain, often that retries ran out."""
    raised = RAISED.findall(error.traceback)
    return str(raised[0]) if raised else error.message


def _local(location: str) -> str:
    return location.removeprefix("file://")


def _write(file: Path, body: dict[str, Any]) -> None:
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps(body))
    draft.replace(file)


if __name__ == "__main__":
    code = main(sys.argv)
    # A model's server may hold threads that never end by themselves.
    sys.stdout.flush()
    os._exit(code)
