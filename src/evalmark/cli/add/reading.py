"""The results that logs hold, whichever harness wrote them."""

import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalmark.adapters.tree.harness_files import HarnessFiles, harness_files
from evalmark.cli.settings import read_settings
from evalmark.errors import CouldNotFinish, MissingExtra, UsageProblem
from evalmark.harness import READERS
from evalmark.harness.inspect_ai import NoScore, result_of
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import Result
from evalmark.logged import SHORT, Logged, Unreadable
from evalmark.ports import Logs
from evalmark.report.escape import plain

LONGEST = 70
INSPECT_KEYS = frozenset({"eval", "status", "version"})


@dataclass(frozen=True, slots=True)
class ReadResults:
    """What was found: results, each with the path of its log; and for each file that is of no use, why."""

    results: tuple[tuple[Result, Path], ...]
    troubles: tuple[str, ...]


def results_of(places: Iterable[str], logs: Callable[[], Logs]) -> ReadResults:
    """Read all results at some paths. `logs` is made for Inspect's own logs only.

    Raises `UsageProblem` for a path that is none, `MissingExtra` for an Inspect log without the extra `verify`.
    """
    results: list[tuple[Result, Path]] = []
    troubles: list[str] = []
    for place in map(Path, places):
        for found in _at(place, logs):
            if isinstance(found, str):
                troubles.append(found)
            else:
                results.append(found)
    return ReadResults(tuple(results), tuple(troubles))


def _at(place: Path, logs: Callable[[], Logs]) -> Iterator[tuple[Result, Path] | str]:
    if place.suffix == ".eval":
        yield from _inspect(place, place.parent, logs)
        return
    if place.is_dir() and any(place.rglob("*.eval")):
        yield from _inspect(place, place, logs)
        return
    files = harness_files(place)
    recognised = False
    for name in files.named:
        for found in _of_file(files, name, logs):
            recognised = True
            yield found
    if not recognised:
        raise UsageProblem(
            f"{place} holds no results that evalmark can read",
            f"give results of Inspect, {', '.join(reader.harness for reader in READERS)}",
        )


def _of_file(files: HarnessFiles, name: str, logs: Callable[[], Logs]) -> Iterator[tuple[Result, Path] | str]:
    if _is_inspect(files.documents[name]):
        yield from _inspect(files.root / name, files.root, logs)
        return
    for reader in READERS:
        try:
            results = reader.read(name, files.documents)
        except NotReadable as problem:
            yield f"{name}: {problem}"
            return
        if results is not None:
            for result in results:
                yield result.model_copy(update={"file": _short(result.file)}), files.root / result.file
            return


def _files(place: Path) -> Iterator[Path]:
    yield from (path for path in place.rglob("*") if path.is_file()) if place.is_dir() else (place,)


def _is_inspect(document: Any) -> bool:
    return isinstance(document, dict) and document.keys() >= INSPECT_KEYS


def _inspect(place: Path, root: Path, logs: Callable[[], Logs]) -> Iterator[tuple[Result, Path] | str]:
    if importlib.util.find_spec("inspect_ai") is None:
        raise MissingExtra("verify", "add")
    # The reader tells harmless names, which may be cut, so that two logs can have one.
    named: dict[str, list[Path]] = {}
    for path in _files(place):
        named.setdefault(plain(path.relative_to(root).as_posix(), SHORT), []).append(path)
    for log in logs().read(str(place), ()).logs:
        if isinstance(log, Unreadable):
            yield f"{log.file}: {log.reason}"
            continue
        path = _path_of(log, named.get(log.file, [place]))
        try:
            yield result_of(log).model_copy(update={"file": _short(path.relative_to(root).as_posix())}), path
        except NoScore as problem:
            yield str(problem)


def _path_of(log: Logged, paths: list[Path]) -> Path:
    if len(paths) == 1:
        return paths[0]
    return next((path for path in paths if sha256_of(path) == log.sha256), paths[0])


def sha256_of(path: Path) -> str:
    """The digest of a file that may be large. Raises `CouldNotFinish`."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CouldNotFinish(f"cannot read {path}: {error.strerror}", "check its rights") from error


def _short(name: str) -> str:
    """A name without its middle: Inspect's begin with the time and end with what tells two logs apart."""
    text = plain(name)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…{text[-LONGEST // 2 + 1 :]}"


def inspect_logs() -> Logs:
    """Inspect's reader, in a process of its own; no task is loaded, so no Hub is asked."""
    from evalmark.adapters.inspect_log.logs import InspectLogs, LogPlaces  # noqa: PLC0415 - heavy and optional

    def nowhere(address: str) -> Path:
        raise UsageProblem(f"{plain(address)} is an address", "download the log and give the file")

    settings = read_settings()
    places = LogPlaces(settings.cache / "samples", lambda _: settings.endpoint, settings.environment, nowhere)
    return InspectLogs(places)
