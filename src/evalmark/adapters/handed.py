"""Artifacts that another job has handed over: read by their exact names, and not followed anywhere."""

import os
import stat
from pathlib import Path

from evalmark.artifact import MAX_BYTES
from evalmark.errors import CouldNotFinish, Refused


def read_handed(folder: Path, name: str) -> bytes | None:
    """The bytes of `name` in the folder; None if it is not there.

    Raises `Refused` for a link, a device or a file over 64 MiB, `CouldNotFinish` if it cannot be read.
    """
    path = folder / name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if path.is_symlink():
            raise _refused(name, "is a link") from error
        raise CouldNotFinish(f"cannot read {path}: {error.strerror}", "run the workflow again") from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _refused(name, "is no regular file")
        if status.st_size > MAX_BYTES:
            raise _refused(name, f"is over {MAX_BYTES} bytes")
        return file.read(MAX_BYTES)


def _refused(name: str, why: str) -> Refused:
    return Refused(f"the {name} that was handed over {why}", "start the rerun again, and let nothing else write there")
