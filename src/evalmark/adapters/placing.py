"""Several files put into a folder of the user's: all of them whole, and none half, also on Ctrl-C."""

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from evalmark.errors import CouldNotFinish, UsageProblem


def existing(folder: Path, names: Mapping[str, bytes] | list[str]) -> dict[str, bytes]:
    """Those of the files that are there, bytes by path. Raises `UsageProblem` for a link or a folder of that name."""
    found: dict[str, bytes] = {}
    for name in names:
        path = folder / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise UsageProblem(f"{path} is a link or a folder, and nothing is written there", "take it away")
        if path.exists():
            found[name] = _read(path)
    return found


def place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write drafts beside all files, then put each in its place. Raises `CouldNotFinish`; the drafts are gone then."""
    with _undisturbed():
        drafts: dict[Path, Path] = {}
        try:
            for name, content in files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                draft = target.with_name(f".{target.name}.{os.getpid()}")
                drafts[draft] = target
                _write(draft, content, like=target)
            for draft, target in drafts.items():
                draft.replace(target)
        except OSError as error:
            raise CouldNotFinish(
                f"{folder} could not be written to: {error.strerror}", "check the rights and the room on disk"
            ) from error
        finally:
            for draft in drafts:
                with contextlib.suppress(OSError):
                    draft.unlink(missing_ok=True)


def _write(draft: Path, content: bytes, *, like: Path) -> None:
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if like.exists():
        draft.chmod(like.stat().st_mode & 0o777)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CouldNotFinish(f"cannot read {path}: {error.strerror}", "check its rights") from error


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and a polite kill wait for the end of a few milliseconds."""
    signals = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
