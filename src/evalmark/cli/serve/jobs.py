"""One pull request in a process of its own: it can be ended, and what it does to itself it does to nobody else."""

import argparse
import contextlib
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

from evalmark.cli.settings import Settings
from evalmark.errors import (
    BugInEvalmark,
    CouldNotFinish,
    EvalmarkError,
    Forbidden,
    Interrupted,
    MissingExtra,
    Refused,
    TooLong,
    UsageProblem,
)
from evalmark.web.logs import Redaction, logger

MODULE: Final = "evalmark.cli.serve.jobs"
POLL_SECONDS: Final = 0.1
END_SECONDS: Final = 6.0
LONGEST_LINE: Final = 1 << 16
LONGEST_SHOWN: Final = 2000
KINDS: Final = {
    kind.__name__: kind
    for kind in (BugInEvalmark, CouldNotFinish, Forbidden, Interrupted, Refused, TooLong, UsageProblem)
}


@dataclass(frozen=True, slots=True)
class Order:
    """What the process is told, through a pipe: nothing of it stands in its environment."""

    args: argparse.Namespace
    settings: Settings
    model: str
    number: int
    out: Path


class Verifier:
    """Verifies with the command's options, each pull request in a process of its own."""

    def __init__(self, args: argparse.Namespace, settings: Settings, secrets: Iterable[str]) -> None:
        self._args = args
        self._settings = settings
        hidden = set(secrets)
        self._redaction = Redaction(hidden)
        self._environment = {name: value for name, value in settings.environment.items() if value not in hidden}
        self._stopping = threading.Event()

    def deal_with(self, model: str, number: int) -> str:
        """Verify and answer. Raises what that raises, `CouldNotFinish` if it takes too long or dies."""
        out = self._args.data.resolve() / "reports" / model / str(number)
        order = Order(self._args, self._settings, model, number, out)
        with _running(order, self._environment, self._redaction) as (process, result):
            deadline = time.monotonic() + self._args.hours * 3600
            while process.poll() is None:
                if self._stopping.is_set():
                    raise Interrupted("stopped", "it goes on after the next start")
                if time.monotonic() > deadline:
                    raise CouldNotFinish(
                        f"it took longer than {self._args.hours} hours", "raise --hours, or lower --minutes"
                    )
                time.sleep(POLL_SECONDS)
            return _outcome(result.read(1 << 20))

    def interrupt(self) -> None:
        """End all that is going on."""
        self._stopping.set()


@contextlib.contextmanager
def _running(
    order: Order, environment: dict[str, str], redaction: Redaction
) -> Iterator[tuple["subprocess.Popen[bytes]", io.BufferedReader]]:
    """The process, until the context ends, and where its result comes out."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as result:
        try:
            process = subprocess.Popen(
                [sys.executable, "-I", "-u", "-m", MODULE, str(writing)],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(writing,),
                start_new_session=True,
            )
        except OSError as error:
            raise CouldNotFinish(f"a process could not be started: {error}", "free some memory") from error
        finally:
            os.close(writing)
        told = threading.Thread(target=_log_lines, args=(process.stdout, order, redaction), daemon=True)
        told.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                pickle.dump(order, process.stdin)  # type: ignore[arg-type] # it is a pipe
                process.stdin.flush()  # type: ignore[union-attr]
            yield process, result
        finally:
            _end(process)
            told.join(1)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """First politely, so that it can end the model's process; then surely."""
    for sign, seconds in ((signal.SIGTERM, END_SECONDS), (signal.SIGKILL, 1.0)):
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _log_lines(lines: Any, order: Order, redaction: Redaction) -> None:
    """Secrets go before a line is cut: half of one would not be known any more."""
    log = logger("verify").bind(model=order.model, number=order.number)
    with lines:
        for line in iter(lambda: lines.readline(LONGEST_LINE), b""):
            if text := line.decode(errors="replace").strip():
                log.info("says", line=redaction.text(text)[:LONGEST_SHOWN])


def _outcome(text: bytes) -> str:
    try:
        told = json.loads(text)
    except ValueError:
        raise CouldNotFinish("the process of the verification died", "look for a lack of memory") from None
    if "said" in told:
        return str(told["said"])
    raise KINDS.get(told["kind"], CouldNotFinish)(told["message"], told["advice"])


def main(result: int) -> None:
    """In the process itself."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own parent
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        from evalmark.cli.bot import Bot  # noqa: PLC0415 - the parent needs none of it
        from evalmark.cli.hub_names import OnHub  # noqa: PLC0415

        bot = Bot(order.args, order.settings, order.args.dry_run)
        told = {"said": bot.deal_with(OnHub(order.model, number=order.number), order.out)}
    except KeyboardInterrupt:
        told = _told(Interrupted("stopped", "it goes on after the next start"))
    except EvalmarkError as error:
        told = _told(error)
    except Exception as error:  # noqa: BLE001 - the parent must learn of it
        told = _told(CouldNotFinish(f"a bug in evalmark: {type(error).__name__}: {error}", "please report it"))
    with os.fdopen(result, "w") as out:
        json.dump(told, out)


def _told(error: EvalmarkError) -> dict[str, str]:
    kind = CouldNotFinish if isinstance(error, MissingExtra) else type(error)
    return {"kind": kind.__name__, "message": error.message, "advice": error.advice}


def _end_with_parent() -> None:
    """The parent holds our standard input open as long as it lives."""
    os.read(0, 1)  # not through sys.stdin, whose lock would be held at our own end
    os.kill(os.getpid(), signal.SIGTERM)


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(int(sys.argv[1]))
