"""One verification in a process of its own: what it says, what it raises, and that it ends."""

import argparse
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalmark.cli import serve
from evalmark.cli.serve.jobs import Verifier
from evalmark.cli.settings import read_settings
from evalmark.errors import CouldNotFinish, Interrupted, UsageProblem
from evalmark.localhub import LocalHub

pytestmark = pytest.mark.slow


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address that never answers: it is listened at, and nobody takes the call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def hub() -> Iterator[str]:
    """An empty Hub."""
    with LocalHub({}) as made:
        yield made.url


def verifier(folder: Path, endpoint: str, hours: float = 1) -> Verifier:
    """With a token that must not be seen in the process's environment."""
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    args = parser.parse_args(["--data", str(folder)], argparse.Namespace(options_after_dashes=[]))
    args.hours = hours
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HF_ENDPOINT": endpoint,
        "HF_TOKEN": "hf_canary_token",
        "EVALMARK_WEBHOOK_SECRET": "the-webhooks-canary-secret",
    }
    return Verifier(args, read_settings(environment), ("hf_canary_token", "the-webhooks-canary-secret"))


def children() -> list[int]:
    """Processes of verifications that we have started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_ours = f"\nPPid:\t{os.getpid()}\n" in (process / "status").read_text()
            if is_ours and b"cli.serve.jobs" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


@contextlib.contextmanager
def begun(made: Verifier) -> Iterator[tuple[list[BaseException], int]]:
    """A verification that is going on in a thread; what it raised, and its process."""
    raised: list[BaseException] = []

    def deal_with() -> None:
        try:
            made.deal_with("acme/adder", 1)
        except Exception as error:  # noqa: BLE001 - it is looked at by the test
            raised.append(error)

    thread = threading.Thread(target=deal_with)
    thread.start()
    deadline = time.monotonic() + 20
    while not children():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield raised, children()[0]
    thread.join(15)
    assert not thread.is_alive()
    assert children() == []


def test_error__comes_back_as_what_it_was(tmp_path: Path, hub: str) -> None:
    with pytest.raises(UsageProblem, match=r"there is none|no such repo"):
        verifier(tmp_path, hub).deal_with("acme/adder", 1)


def test_time__is_limited(tmp_path: Path, nowhere: str) -> None:
    started = time.monotonic()
    with pytest.raises(CouldNotFinish, match="took longer"):
        verifier(tmp_path, nowhere, hours=1 / 3600).deal_with("acme/adder", 1)

    assert time.monotonic() - started < 9
    assert children() == []


def test_interrupt__ends_it_soon(tmp_path: Path, nowhere: str) -> None:
    made = verifier(tmp_path, nowhere)
    with begun(made) as (raised, _):
        time.sleep(1)
        made.interrupt()
    assert [type(error) for error in raised] == [Interrupted]


def test_killed__it_can_be_tried_again(tmp_path: Path, nowhere: str) -> None:
    with begun(verifier(tmp_path, nowhere)) as (raised, process):
        os.kill(process, signal.SIGKILL)
    (error,) = raised
    assert isinstance(error, CouldNotFinish)
    assert "died" in error.message


def test_environment__has_no_secret(tmp_path: Path, nowhere: str) -> None:
    made = verifier(tmp_path, nowhere)
    with begun(made) as (_, process):
        seen = Path(f"/proc/{process}/environ").read_bytes() + Path(f"/proc/{process}/cmdline").read_bytes()
        made.interrupt()

    assert b"PATH=" in seen
    assert b"canary" not in seen
