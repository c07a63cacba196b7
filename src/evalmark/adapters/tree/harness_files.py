"""Results files of harnesses on this machine: JSON, read with limits and without following links."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from evalmark.adapters.tree.reading import read_regular
from evalmark.errors import CouldNotFinish, Refused, UsageProblem

LARGEST = 64 * 1024 * 1024
LARGEST_FOLDER = 256 * 1024 * 1024
MOST_FILES = 400
MOST_BESIDE = 60
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class HarnessFiles:
    """Parsed JSON by path relative to `root`, and which of the files the person named."""

    root: Path
    documents: dict[str, Any]
    named: tuple[str, ...]


def harness_files(place: Path) -> HarnessFiles:
    """The JSON files of a folder, or a file with the JSON files beside it. What is no JSON, or too large, is left out.

    Raises `UsageProblem` if there is none, `Refused` for a folder with too many.
    """
    if place.is_dir():
        found = list(islice(_below(place, 0), MOST_FILES + 1))
        if len(found) > MOST_FILES:
            raise Refused(f"{place} holds over {MOST_FILES} .json files", "give the folder of one run, or its file")
        if sum(path.stat().st_size for path in found) > LARGEST_FOLDER:
            raise Refused(f"{place} holds over {LARGEST_FOLDER >> 20} MiB of JSON", "give the folder of one run")
        documents = {path.relative_to(place).as_posix(): body for path in found if (body := _parsed(path)) is not None}
        return HarnessFiles(place, documents, tuple(documents))
    if not place.is_file():
        raise UsageProblem(f"there is no file or folder {place}", "give a log, a results file, or a folder of them")
    if place.stat().st_size > LARGEST:
        raise UsageProblem(
            f"{place} is over {LARGEST >> 20} MiB", "of an Inspect log, give the .eval file: inspect log convert"
        )
    body = _parsed(place)
    if body is None:
        raise UsageProblem(f"{place} is no JSON that can be read", "give the results file that the harness wrote")
    around = {path.name: other for path in _beside(place) if (other := _parsed(path)) is not None}
    return HarnessFiles(place.parent, {place.name: body, **around}, (place.name,))


def _beside(place: Path) -> Iterator[Path]:
    """The JSON files in the folder of one, smallest first, together no larger than one may be."""
    left = LARGEST
    found = (path for path in islice(place.parent.glob("*.json"), MOST_BESIDE) if not path.is_symlink())
    for size, path in sorted((path.stat().st_size, path) for path in found):
        left -= 0 if path.name == place.name else size
        if path.name != place.name and left >= 0:
            yield path


def _below(folder: Path, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_symlink():
                continue
            if entry.is_dir() and depth < DEEPEST:
                yield from _below(Path(entry.path), depth + 1)
            elif entry.is_file() and entry.name.endswith(".json"):
                yield Path(entry.path)


def _parsed(path: Path) -> Any:
    """The JSON of a file; None if it is none. What is no JSON number (NaN, infinities) is None too."""
    try:
        content = read_regular(path, LARGEST)
        if len(content) > LARGEST:
            return None
        return json.loads(content.decode("utf-8"), parse_constant=lambda _name: None)
    except (ValueError, RecursionError, CouldNotFinish):
        return None
