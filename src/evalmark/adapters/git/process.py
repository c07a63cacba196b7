"""Runs git on repos of strangers: no configuration, hook, helper or other program of theirs or the user's has a say."""

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from evalmark.errors import CouldNotFinish

FETCH_SECONDS: Final = 900
_CONFIG: Final = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", "/dev/null"),
    ("core.alternateRefsCommand", "true"),
    ("gc.auto", "0"),
    ("fetch.fsckObjects", "true"),
    # What old repos really have, and does no harm where nothing is checked out.
    *(
        (f"fetch.fsck.{name}", "ignore")
        for name in ("missingSpaceBeforeDate", "zeroPaddedFilemode", "badTimezone", "missingNameBeforeEmail")
    ),
    ("http.followRedirects", "initial"),
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "60"),
    ("credential.helper", ""),
    ("protocol.allow", "never"),
)
_ENVIRONMENT: Final = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "HOME": "/nonexistent",
    "LC_ALL": "C",
}

# How the network is reached from this machine.
_PROXIES: Final = ("https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY")
_PASSED: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", *_PROXIES)


def git_command(git_dir: Path, arguments: Sequence[str], config: Sequence[tuple[str, str]] = ()) -> list[str]:
    """A command line for git in `git_dir`. Raises `CouldNotFinish` if git is not installed."""
    program = shutil.which("git")
    if program is None:
        raise CouldNotFinish("git is not installed, and a history is read by it", "install git 2.34 or newer")
    settings = [part for name, value in (*_CONFIG, *config) for part in ("-c", f"{name}={value}")]
    return [program, f"--git-dir={git_dir}", *settings, *arguments]


def environment(token: str | None = None, address: str = "") -> Mapping[str, str]:
    """A complete environment. The token is no part of a command line, which other users can see."""
    found = dict(_ENVIRONMENT, PATH=os.environ.get("PATH", os.defpath))
    for name in (
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "GIT_SSL_CAINFO",
        "https_proxy",
        "HTTPS_PROXY",
        "no_proxy",
        "NO_PROXY",
    ):
        if name in os.environ:
            found[name] = os.environ[name]
    if token:
        basic = base64.b64encode(f"user:{token}".encode()).decode()
        found |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"http.{address}.extraHeader",
            "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
        }
    return found


def run_git(
    git_dir: Path,
    arguments: Sequence[str],
    config: Sequence[tuple[str, str]] = (),
    stdin: bytes = b"",
    surroundings: Mapping[str, str] | None = None,
    largest: int | None = None,
) -> bytes:
    """What git prints. No file that it writes is larger than `largest` bytes.

    Raises `CouldNotFinish` with its own words if it fails or takes too long.
    """
    command = git_command(git_dir, arguments, config)
    try:
        done = subprocess.run(
            command if largest is None else _limited(command, largest),
            input=stdin,
            capture_output=True,
            env=surroundings or environment(),
            timeout=FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CouldNotFinish(f"git {arguments[0]} took over {FETCH_SECONDS} s", "try again") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        raise CouldNotFinish(f"git {arguments[0]} failed: {said[-1][:300]}", "check the repo's name and the network")
    return done.stdout


def _limited(command: Sequence[str], largest: int) -> list[str]:
    """By the shell: Python's own way, `preexec_fn`, copies the whole process, and may hang if that has threads.

    `ulimit -f` counts blocks of 512 bytes (POSIX.1-2024, ulimit).
    """
    return ["/bin/sh", "-c", 'ulimit -f "$0" && exec "$@"', str(largest // 512), *command]
