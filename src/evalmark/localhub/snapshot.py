"""Imports a plain folder into a bare git repository, as one commit that depends on nothing but the content."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.localhub.git import RunningGit, run_git
from evalmark.localhub.names import is_entry_path

_SKIPPED = frozenset({".git", ".venv", "__pycache__"})
# git hash-object takes large files several times faster than git fast-import does.
_LARGE = 4 << 20
# Changing any of this changes the sha of every snapshot: receipts and tests hold such shas.
_WHO_AND_WHEN = b"evalmark <localhub@evalmark.invalid> 1577836800 +0000"
_MESSAGE = b"Snapshot of a folder\n"


@dataclass(frozen=True)
class FolderFile:
    """A file to import: its path in the repo, and where it is."""

    path: str
    source: Path


def snapshot(folder: Path, git_dir: Path) -> None:
    """Make `git_dir` a bare repository whose branch `main` is one commit with the files of `folder`.

    The same names and bytes give the same sha on every machine; modes, dates and git's configuration do not count.
    `.git`, `.venv` and `__pycache__` are left out. Raises `UsageProblem` for a link, a special file or a name that
    no repo can hold, `CouldNotFinish` if a file cannot be read or git fails.
    """
    files = list(files_below(folder))
    git_dir.mkdir(parents=True)
    run_git(git_dir, ["init", "--quiet", "--bare", "--object-format=sha1", "--initial-branch=main", "--template="])
    with RunningGit(git_dir, ["fast-import", "--quiet", "--done", "--date-format=raw"]) as git:
        # If git ends early its own words say why, below.
        with suppress(BrokenPipeError):
            _feed(git.stdin, files, git_dir)
        git.finish()


def files_below(folder: Path) -> Iterator[FolderFile]:
    """The files that a snapshot of `folder` holds, sorted by path."""
    for entry in sorted(_scan(folder), key=lambda entry: os.fsencode(entry.name)):
        if entry.name.lower() not in _SKIPPED:
            yield from _files_of(entry)


def _files_of(entry: os.DirEntry[str]) -> Iterator[FolderFile]:
    source = Path(entry.path)
    if entry.is_symlink():
        raise UsageProblem(f"{source} is a symbolic link; the local Hub serves none", "replace it by the file itself")
    if not is_entry_path(entry.name):
        raise UsageProblem(f"{str(source)!r} has a name that a Hub repo cannot hold", "rename it, or take it away")
    if entry.is_dir():
        for file in files_below(source):
            yield FolderFile(f"{entry.name}/{file.path}", file.source)
    elif entry.is_file():
        yield FolderFile(entry.name, source)
    else:
        raise UsageProblem(f"{source} is neither a file nor a folder", "take it out of the folder")


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as problem:
        raise _unreadable(folder, problem) from problem


def _feed(pipe: IO[bytes], files: list[FolderFile], git_dir: Path) -> None:
    """Write the stream that git fast-import reads."""
    pipe.write(b"commit refs/heads/main\nauthor %b\ncommitter %b\n" % (_WHO_AND_WHEN, _WHO_AND_WHEN))
    pipe.write(b"data %d\n%b" % (len(_MESSAGE), _MESSAGE))
    for file in files:
        path = file.path.replace('"', '\\"').encode()
        with _opened(file.source) as source:
            if os.fstat(source.fileno()).st_size > _LARGE:
                oid = run_git(git_dir, ["hash-object", "-w", "--no-filters", "--stdin"], stdin=source).strip()
                pipe.write(b'M 100644 %b "%b"\n' % (oid, path))
            else:
                data = source.read()
                pipe.write(b'M 100644 inline "%b"\ndata %d\n%b\n' % (path, len(data), data))
    pipe.write(b"done\n")


def _opened(path: Path) -> IO[bytes]:
    """The file, opened without following a link that has taken its place meanwhile."""
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: OSError) -> CouldNotFinish:
    return CouldNotFinish(f"cannot read {path}: {problem.strerror}", "give yourself the right to read it")
