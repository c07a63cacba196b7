"""Runs git, with nothing of the user's environment or configuration in the way."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self, cast

from evalmark.errors import CouldNotFinish

_CHUNK = 1 << 18
# A complete environment: a GIT_DIR set by a hook that we run under, say, must not reach our git.
# No protocol is allowed, and nothing is fetched lazily: a repository's own configuration must not start programs.
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
}
_CONFIG = (
    ("core.alternateRefsCommand", "true"),
    ("core.autocrlf", "false"),
    ("core.fileMode", "false"),
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    # Snapshots live for minutes; squeezing them would cost seconds for each large file.
    ("core.compression", "0"),
    # A commit of a few files must not start a clean-up behind our back.
    ("receive.autoGC", "false"),
    ("gc.auto", "0"),
)


@dataclass(frozen=True)
class GitObject:
    """A git object: its 40-hex name and its bytes."""

    oid: str
    data: bytes


def git_command(git_dir: Path, arguments: Sequence[str]) -> list[str]:
    """The command line for one git command in `git_dir`. Raises `CouldNotFinish` if git is not installed."""
    program = shutil.which("git")
    if program is None:
        raise CouldNotFinish("the local Hub needs git, which is not installed", "install git 2.34 or newer")
    config = [part for key, value in _CONFIG for part in ("-c", f"{key}={value}")]
    return [program, f"--git-dir={git_dir}", *config, *arguments]


@dataclass(frozen=True)
class Done:
    """How a git command ended, and what it printed."""

    status: int
    stdout: bytes
    stderr: bytes


def try_git(
    git_dir: Path, arguments: Sequence[str], stdin: IO[bytes] | None = None, more: Mapping[str, str] | None = None
) -> Done:
    """Run git, with `more` in its environment; how it ended is the caller's affair."""
    done = subprocess.run(
        git_command(git_dir, arguments),
        stdin=stdin or subprocess.DEVNULL,
        capture_output=True,
        env=_ENVIRONMENT | dict(more or {}),
        cwd="/",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def run_git(git_dir: Path, arguments: Sequence[str], stdin: IO[bytes] | None = None) -> bytes:
    """What git prints. Raises `CouldNotFinish` with git's own words if it fails."""
    done = try_git(git_dir, arguments, stdin)
    if done.status != 0:
        raise git_failed(git_dir, arguments[0], done.stderr)
    return done.stdout


def feed_git(git_dir: Path, arguments: Sequence[str], data: bytes) -> bytes:
    """What git prints when it is given `data`. Raises `CouldNotFinish` with git's own words if it fails."""
    with tempfile.TemporaryFile() as stdin:
        stdin.write(data)
        stdin.seek(0)
        return run_git(git_dir, arguments, stdin)


# A clone shows what the Hub shows: neither the stash nor what somebody fetched from elsewhere.
_SERVICE_CONFIG = (
    *(("transfer.hideRefs", refs) for refs in ("refs/", "!refs/heads", "!refs/tags", "!refs/pr", "!refs/convert")),
    ("uploadpack.allowAnySHA1InWant", "true"),
    ("uploadpack.allowFilter", "true"),
    ("receive.fsckObjects", "true"),
    ("safe.directory", "*"),
)


def serve_git(
    git_dir: Path, command: Sequence[str], body: IO[bytes] | None, environment: Mapping[str, str]
) -> IO[bytes]:
    """Let `upload-pack` or `receive-pack` answer `body`, from its start; what it said, as a file to be closed.

    Raises `CouldNotFinish` if git fails without a word to its client.
    """
    config = [part for key, value in _SERVICE_CONFIG for part in ("-c", f"{key}={value}")]
    said = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    if body is not None:
        # The process reads from where the system thinks we are, which Python's buffer hides.
        body.flush()
        os.lseek(body.fileno(), 0, os.SEEK_SET)
    done = subprocess.run(
        git_command(git_dir, [*config, *command, str(git_dir)]),
        stdin=body or subprocess.DEVNULL,
        stdout=said,
        stderr=subprocess.PIPE,
        env=_ENVIRONMENT | dict(environment),
        cwd="/",
        check=False,
    )
    if done.returncode != 0 and os.fstat(said.fileno()).st_size == 0:
        said.close()
        raise git_failed(git_dir, command[0], done.stderr)
    said.seek(0)
    return said


def git_failed(git_dir: Path, command: str, stderr: bytes) -> CouldNotFinish:
    """The error for a git command that did not succeed."""
    said = stderr.decode(errors="replace").strip() or "it gave no reason"
    return CouldNotFinish(
        f"`git {command}` failed in {git_dir}: {said}", f"look at the repository with: git --git-dir={git_dir} fsck"
    )


class RunningGit:
    """A git process with pipes, ended at the latest when its `with` block ends."""

    def __init__(self, git_dir: Path, arguments: Sequence[str]) -> None:
        self._git_dir = git_dir
        self._name = arguments[0]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `stop`
        self._process = subprocess.Popen(
            git_command(git_dir, arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=_ENVIRONMENT,
            cwd="/",
        )
        self.stdin = cast("IO[bytes]", self._process.stdin)
        self.stdout = cast("IO[bytes]", self._process.stdout)

    def __enter__(self) -> Self:
        """The process, running."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """End it, whatever it is doing."""
        self.stop()

    def finish(self) -> None:
        """Close its input and wait for its end. Raises `CouldNotFinish` with git's own words if it failed."""
        with suppress(BrokenPipeError):
            self.stdin.close()
        if self._process.wait() != 0:
            raise self.failed()

    def failed(self) -> CouldNotFinish:
        """The error for this process, with what it has said so far."""
        self._said.seek(0)
        return git_failed(self._git_dir, self._name, self._said.read(4096))

    def stop(self) -> None:
        """Kill it if it still runs, and close all pipes."""
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):
            self.stdin.close()
        self.stdout.close()
        self._said.close()


def stream_blob(git_dir: Path, oid: str, start: int, stop: int) -> Generator[bytes]:
    """The bytes `start:stop` of a blob, piece by piece, for blobs that are too large to be held in memory."""
    with RunningGit(git_dir, ["cat-file", "blob", oid]) as git:
        _skip(git.stdout, start)
        left = stop - start
        while left and (chunk := git.stdout.read(min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk
        if left:
            raise git.failed()


def _skip(stream: IO[bytes], count: int) -> None:
    while count and (chunk := stream.read(min(count, _CHUNK))):
        count -= len(chunk)


class ObjectReader:
    """Reads objects through one `git cat-file --batch` process, kept for the life of the reader. Safe for threads."""

    def __init__(self, git_dir: Path) -> None:
        self._git_dir = git_dir
        self._lock = threading.Lock()
        self._git: RunningGit | None = None

    def read(self, name: str) -> GitObject | None:
        """The object that `name` (a sha or a full ref, perhaps with `^{commit}`) stands for, or None.

        `name` goes to git's input, not to its command line; the caller has made sure that it holds no line break.
        Raises `CouldNotFinish` if git ends; the next read starts it again.
        """
        with self._lock:
            if self._git is None:
                self._git = RunningGit(self._git_dir, ["cat-file", "--batch"])
            try:
                return _ask(self._git, name)
            except (OSError, ValueError) as problem:
                failed = self._git.failed()
                self._stop()
                raise failed from problem

    def close(self) -> None:
        """End the git process."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._git is not None:
            self._git.stop()
            self._git = None


def _ask(git: RunningGit, name: str) -> GitObject | None:
    """One question to `cat-file --batch`. Raises `OSError` or `ValueError` if no whole answer comes."""
    git.stdin.write(f"{name}\n".encode())
    git.stdin.flush()
    header = git.stdout.readline()
    if header.endswith((b" missing\n", b" ambiguous\n")):
        return None
    oid, _kind, size = header.decode("ascii").split()
    data = git.stdout.read(int(size) + 1)
    if len(data) != int(size) + 1:
        raise ValueError("git ended in the middle of an object")
    return GitObject(oid, data[:-1])
