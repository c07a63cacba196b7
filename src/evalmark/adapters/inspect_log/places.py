"""Which files at a place are logs, and copies of them that nobody can change while they are read."""

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from evalmark.adapters.inspect_log.limits import MIB, LogLimits
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.logged import Unreadable

SUFFIXES = frozenset({".eval", ".json"})
CHUNK = MIB


@dataclass(frozen=True, slots=True)
class Copied:
    """A log's own name, and a copy of it under a name of ours: Inspect takes names for addresses."""

    name: str
    path: Path
    sha256: str


def logs_at(place: Path, limits: LogLimits) -> list[Path]:
    """A log, or the logs in a folder and below it, by name. Raises `UsageProblem` if there is none."""
    if place.is_file():
        if place.suffix not in SUFFIXES:
            raise UsageProblem(f"{place} is no Inspect log: one ends in .eval or .json", "give a log or a folder")
        return [place]
    if not place.is_dir():
        raise UsageProblem(f"there is no log at {place}", "give a file or a folder that exists")
    found = sorted(islice(_below(place), limits.logs + 1))
    if not found:
        raise UsageProblem(f"{place} holds no Inspect log: one ends in .eval or .json", "give another folder")
    if len(found) > limits.logs:
        raise UsageProblem(f"{place} holds over {limits.logs} logs", "give the log of the claim, or a smaller folder")
    return found


def _below(folder: Path) -> Iterator[Path]:
    """Links are not followed: a downloaded folder must not point into ours."""
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        for name in files:
            path = Path(parent, name)
            if path.suffix in SUFFIXES and path.is_file() and not path.is_symlink():
                yield path


def copy(log: Path, to: Path, name: str, limits: LogLimits) -> Copied | Unreadable:
    """Copy a log and take its digest on the way."""
    digest, copied = hashlib.sha256(), 0
    try:
        with log.open("rb") as source, to.open("wb") as target:
            while chunk := source.read(CHUNK):
                copied += len(chunk)
                if copied > limits.file_bytes:
                    break
                digest.update(chunk)
                target.write(chunk)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise CouldNotFinish("the disk is full, so the log cannot be read", "free some space") from error
        return Unreadable(file=name, reason=f"it cannot be read: {error.strerror}", advice="check its rights")
    if copied > limits.file_bytes:
        most = limits.file_bytes // MIB
        return Unreadable(file=name, reason=f"it is over the limit of {most} MiB", advice="give a smaller log")
    return Copied(name, to, digest.hexdigest())
