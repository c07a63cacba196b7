"""Files that evalmark writes: whole or not at all."""

import contextlib
import errno
import os
from pathlib import Path

from evalmark.errors import CouldNotFinish, UsageProblem

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def make_folder(path: Path) -> Path:
    """Make a folder for artifacts. Raises `UsageProblem` if it cannot be one."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageProblem(
            f"{path} cannot be a folder for the report: {error.strerror}", "give another --out"
        ) from error
    return path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write to a file beside it, then replace: a reader never sees half. Raises `CouldNotFinish`."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise _could_not_write(path, error) from error


def replace_content(path: Path, content: bytes) -> None:
    """`write_whole` for a file of the user's: its rights stay as they are."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise _could_not_write(path, error) from error
    write_whole(path, content)
    path.chmod(mode)


def move_new(old: Path, new: Path) -> None:
    """Move a file to a place where nothing is. Raises `CouldNotFinish`, also if something came there meanwhile."""
    try:
        os.link(old, new, follow_symlinks=False)
        old.unlink()
    except OSError as error:
        raise _could_not_write(new, error) from error


def remove(path: Path) -> None:
    """Remove a file if it is there. Raises `CouldNotFinish`."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _could_not_write(path, error) from error


def read_if_there(path: Path) -> str | None:
    """The text of an artifact of an earlier run, or None."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _could_not_write(path: Path, error: OSError) -> CouldNotFinish:
    advice = (
        "free some space, or give another --out" if error.errno in FULL else "check the rights, or give another --out"
    )
    return CouldNotFinish(f"{path} could not be written: {error.strerror}", advice)
