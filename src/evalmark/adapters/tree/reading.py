"""Read a file that a stranger may have put there."""

import os
import stat
from pathlib import Path

from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.formats.text import LARGEST_FILE


def read_regular(path: Path | str, largest: int = LARGEST_FILE) -> bytes:
    """Read a file that is no link, at most one byte more than `largest`: what the parser takes.

    Raises `UsageProblem` for a link or a device, `CouldNotFinish` if the system does not let us.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if os.path.islink(path):  # noqa: PTH114 - a path may be text: two thousand `Path`s cost as much as a check
            raise UsageProblem(f"{path} is a link, which is not followed", "put the file itself there") from error
        raise CouldNotFinish(f"cannot read {path}: {error.strerror}", "check that it exists and its rights") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UsageProblem(f"{path} is not a regular file", "put a file there")
        # As much as there is: memory for the largest file costs more time than all else with the usual small one.
        return _read(descriptor, min(status.st_size or largest, largest) + 1)
    finally:
        os.close(descriptor)


def _read(descriptor: int, most: int) -> bytes:
    content = os.read(descriptor, most)
    while len(content) < most and (more := os.read(descriptor, most - len(content))):
        content += more
    return content
