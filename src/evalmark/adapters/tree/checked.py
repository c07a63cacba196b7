"""What `evalmark check` looks at: files that are named, or a repo's own files found in its folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from evalmark.adapters.tree.reading import read_regular
from evalmark.checks.places import BENCHMARK_FILE, DECLARATION, Listed, is_dataset_card
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.errors import UsageProblem

NOT_OURS = frozenset({".git", ".venv", "node_modules", "__pycache__"})
DEEPEST = 4
MOST_LISTED = 20_000
READ_KINDS = (".yaml", ".yml")


class CheckedFiles(NamedTuple):
    """Bytes by path as the user knows it; and, for the rules about places, the listing of a repo below `root`."""

    root: str
    files: dict[str, bytes]
    listing: tuple[Listed, ...]
    is_dataset: bool = False


def checked_files(paths: list[Path]) -> tuple[CheckedFiles, ...]:
    """Each folder as a repo, and all named files together as parts of the repo in the working folder.

    Raises `UsageProblem` for a path that does not exist, or a folder that holds nothing to check.
    """
    folders = [_repo(path) for path in paths if path.is_dir()]
    named = [path for path in paths if not path.is_dir()]
    if not named:
        return tuple(folders)
    for path in named:
        if not path.exists() and not path.is_symlink():
            raise UsageProblem(f"there is no file or folder {path}", "give a file, or the root of a repo")
    listing = tuple(Listed(path.as_posix(), path.is_symlink()) for path in named if not path.is_absolute())
    files = {path.as_posix(): read_regular(path) for path in named if not path.is_symlink()}
    return (*folders, CheckedFiles("", files, listing))


def _repo(folder: Path) -> CheckedFiles:
    listing = tuple(_listed(folder))
    paths = {file.path for file in listing if not file.is_link}
    ours = [path for path in sorted(paths) if _is_read(path)]
    if not ours and not any(file.path.startswith(RESULTS_FOLDER) for file in listing):
        raise UsageProblem(
            f"{folder} has neither {RESULTS_FOLDER}/*.yaml nor {BENCHMARK_FILE}",
            "give the root of a model repo or of a benchmark, or a file",
        )
    root = "" if folder == Path() else f"{folder.as_posix()}/"
    files = {f"{root}{path}": read_regular(f"{root}{path}") for path in ours}
    return CheckedFiles(root, files, listing, _is_dataset(folder))


def _is_read(path: str) -> bool:
    """Nested files and those with another suffix too: they get the rules, and a finding for their place."""
    if path in (BENCHMARK_FILE, DECLARATION):
        return True
    return path.startswith(f"{RESULTS_FOLDER}/") and path.endswith(READ_KINDS)


def _is_dataset(folder: Path) -> bool:
    card = folder / "README.md"
    return card.is_file() and not card.is_symlink() and is_dataset_card(read_regular(card))


def _listed(folder: Path) -> Iterator[Listed]:
    """YAML files and our declaration, at most four folders down: where such files stand in real repos."""
    for count, (path, is_link) in enumerate(_walk(str(folder), "", 0)):
        if count == MOST_LISTED:
            return
        yield Listed(path, is_link)


def _walk(folder: str, prefix: str, depth: int) -> Iterator[tuple[str, bool]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = f"{prefix}{entry.name}"
            if entry.is_symlink():
                yield path, True
            elif entry.is_dir():
                if entry.name not in NOT_OURS and depth < DEEPEST:
                    yield from _walk(entry.path, f"{path}/", depth + 1)
            elif entry.name.endswith(READ_KINDS) or entry.name == DECLARATION:
                yield path, False
