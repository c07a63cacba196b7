"""A command at a terminal of its own, as a person sees it: a real pty, so that Ctrl-C is the kernel's."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS = 60
# A session leader that opens a terminal gets it as its own.
OPEN_IT = 'tty=$1; shift; exec "$@" <>"$tty" >&0 2>&0'


class Terminal:
    """`screen` has what was printed since the last answer."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            ["sh", "-c", OPEN_IT, "sh", os.ttyname(slave), *command],
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
        )
        self._slave = slave
        self.screen = ""

    def wait_for(self, words: str) -> None:
        """Read until the words are on the screen."""
        deadline = time.monotonic() + SECONDS
        while words not in self.screen:
            assert time.monotonic() < deadline, self.screen
            assert self._read() or self.process.poll() is None, f"it ended without {words!r}: {self.screen}"

    def answer(self, words: str, reply: str = "") -> None:
        """Wait for a question, and type."""
        self.wait_for(words)
        self.screen = self.screen.partition(words)[2]
        os.write(self._master, f"{reply}\n".encode())

    def press_ctrl_c(self) -> None:
        os.write(self._master, b"\x03")

    def end(self) -> int:
        """The exit code."""
        deadline = time.monotonic() + SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.screen
            self._read()
        while self._read():
            pass
        os.close(self._slave)
        os.close(self._master)
        return self.process.returncode

    def _read(self) -> bool:
        """Whether there was something to read within a moment."""
        if not select.select([self._master], [], [], 0.1)[0]:
            return False
        self.screen += os.read(self._master, 4096).decode("utf-8", "replace").replace("\r\n", "\n")
        return True
