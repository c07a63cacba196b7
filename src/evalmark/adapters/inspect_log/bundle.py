"""Inspect logs as a folder of web pages, by Inspect's own `view bundle`."""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalmark.adapters.inspect_log.environment import bare
from evalmark.errors import CouldNotFinish
from evalmark.report.escape import plain

SECONDS = 300
# A name is at most 255 bytes, and a letter up to four of them.
LONGEST_STEM = 55


def bundled(logs: Sequence[Path], folder: Path, environment: Mapping[str, str]) -> Path:
    """Make the pages of some logs below `folder`; where they are. Raises `CouldNotFinish`."""
    source, pages, home = folder / "logs", folder / "pages", folder / "home"
    try:
        source.mkdir()
        home.mkdir()
        for number, log in enumerate(dict.fromkeys(logs)):
            shutil.copyfile(log, source / f"{number}-{log.stem[:LONGEST_STEM]}{log.suffix}")
    except OSError as error:
        raise CouldNotFinish(f"the logs could not be copied: {error}", "free some space, or look at them") from error
    inspect = [sys.executable, "-m", "inspect_ai", "view", "bundle"]
    try:
        done = subprocess.run(
            [*inspect, "--log-dir", str(source), "--output-dir", str(pages), "--display", "plain"],
            env=bare(environment, home),
            cwd=home,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CouldNotFinish(
            f"inspect view bundle did not end: {error}", "try again, or leave out --log-space"
        ) from error
    if done.returncode != 0 or not (pages / "index.html").is_file():
        said = plain(done.stderr.strip().rpartition("\n")[2])
        raise CouldNotFinish(f"inspect view bundle failed: {said}", "look at the logs, or leave out --log-space")
    return pages
