"""Verdicts in files: `verdict.json`, as `evalmark verify`, the action and the bot write it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from evalmark import artifact
from evalmark.errors import UsageProblem
from evalmark.verdict import KIND, Verdict, Verdicts

NAME: Final = "verdict.json"
MOST_FILES: Final = 100_000


class Found(NamedTuple):
    """A verdict, when it was given, the folder of its file, and itself as JSON."""

    verdict: Verdict
    at: datetime
    folder: str
    body: str


def verdicts_at(path: Path) -> Iterator[Found]:
    """The verdicts in a file, or in all files of that name below a folder.

    Raises `UsageProblem` if there is none, or one is not what evalmark writes.
    """
    files = [path] if path.is_file() else sorted(path.rglob(NAME))[:MOST_FILES] if path.is_dir() else []
    if not files:
        raise UsageProblem(f"{path} holds no {NAME}", "give a report of evalmark verify, or the folder of many")
    for file in files:
        yield from _in_file(file)


def _in_file(file: Path) -> Iterator[Found]:
    try:
        read = Verdicts.model_validate(artifact.loads(KIND, file.read_text(encoding="utf-8")))
        at = read.at or datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except (OSError, ValueError) as error:
        raise UsageProblem(f"{file} is not a verdict.json of evalmark", "leave it out of --verdicts") from error
    for verdict in read.verdicts:
        body = json.dumps(verdict.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        yield Found(verdict, at.astimezone(UTC), file.resolve().parent.name, body)
