"""A folder as it would be with other files in it: to be tried before anything is written where it lies."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from evalmark.errors import CouldNotFinish, UsageProblem

PREFIX: Final = "try-"
NOT_OURS: Final = frozenset({".git", ".venv", "__pycache__", "node_modules"})


@contextlib.contextmanager
def copied(folder: Path, files: Mapping[str, bytes | None], scratch: Path, *, follow: bool = False) -> Iterator[Path]:
    """A copy of `folder` below `scratch`, with `files` (bytes by path) in place of its own, while the context is open.

    None leaves a file out. Large files take no room where hard links can be made. `follow`: links are followed, as in a
    download of ours. Raises `UsageProblem` for a link otherwise, `CouldNotFinish` if there is no room.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(scratch)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=scratch) as made:
        copy = Path(made) / "repo"
        try:
            _copy(folder, copy, follow=follow)
            for name, content in files.items():
                (copy / name).unlink(missing_ok=True)
                if content is not None:
                    (copy / name).write_bytes(content)
        except OSError as error:
            raise CouldNotFinish(
                f"{folder} could not be copied to be tried: {error.strerror}", "check the rights and the room on disk"
            ) from error
        yield copy


def _copy(folder: Path, copy: Path, *, follow: bool) -> None:
    copy.mkdir()
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS:
            continue
        if path.is_symlink() and not follow:
            raise UsageProblem(f"{path} is a link, which is not followed", "put the file itself there")
        real = path.resolve()
        if real.is_dir():
            _copy(real, copy / path.name, follow=follow)
        elif real.is_file():
            _link(real, copy / path.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _remove_abandoned(scratch: Path) -> None:
    """Remove what a process left that was killed."""
    for left in scratch.glob(f"{PREFIX}*-*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists() and Path("/proc/self").exists():
            shutil.rmtree(left, ignore_errors=True)
