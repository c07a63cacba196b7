"""The `Logs` that reads Inspect logs: each place once, in child processes, and believes only what it has checked."""

import hashlib
import json
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evalmark.adapters.inspect_log.environment import bare, with_hub
from evalmark.adapters.inspect_log.limits import LogLimits
from evalmark.adapters.inspect_log.places import Copied, copy, logs_at
from evalmark.adapters.inspect_log.process import WHOLE, Reader, result, run
from evalmark.errors import Interrupted
from evalmark.logged import Logged, LogsRead, NoSampleSet, SampleSet, Unreadable, Wanted
from evalmark.report.escape import plain

AT_ONCE = 2
LARGEST_SET = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LogPlaces:
    """What reading needs: `cache` is kept between runs, `endpoint_of` tells which Hub holds a benchmark (by dataset
    id), the allow-list picks from `parent_env`, and `fetch` brings the logs at an address onto this machine.
    """

    cache: Path
    endpoint_of: Callable[[str], str]
    parent_env: Mapping[str, str]
    fetch: Callable[[str], Path]
    limits: LogLimits = field(default_factory=LogLimits)


class InspectLogs:
    """Reads logs. The samples of a task at a commit never change, so they are kept."""

    def __init__(self, places: LogPlaces) -> None:
        self._at = places
        self._stopped = threading.Event()

    def read(self, source: str, tasks: tuple[Wanted, ...]) -> LogsRead:
        """Read the logs at a path or an address, and what they are held against, side by side.

        A log that cannot be read is told, not raised. Raises `UsageProblem` or `Refused` for a place that is none,
        `CouldNotFinish` if it cannot be reached.
        """
        place = self._at.fetch(source) if "://" in source else Path(source)
        found = logs_at(place, self._at.limits)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            try:
                logs = pool.submit(self._logs, place, found, tasks)
                sets = pool.map(self._sample_set, tasks)
                by_task = {task.task: keys for task, keys in zip(tasks, sets, strict=True)}
                return LogsRead(logs=logs.result(), sample_sets=by_task)
            except KeyboardInterrupt:
                self._stopped.set()
                raise Interrupted("stopped while logs were read", "run the same command to start again") from None

    def _logs(self, place: Path, found: Sequence[Path], tasks: Sequence[Wanted]) -> tuple[Logged | Unreadable, ...]:
        read: list[Logged | Unreadable] = []
        with tempfile.TemporaryDirectory(prefix="evalmark-logs-") as folder:
            copies = []
            for number, log in enumerate(found):
                name = plain(log.relative_to(place).as_posix() if place.is_dir() else log.name)
                copies.append(copy(log, Path(folder, f"{number}{log.suffix}"), name, self._at.limits))
            read += [each for each in copies if isinstance(each, Unreadable)]
            left = [each for each in copies if isinstance(each, Copied)]
            while left and not self._stopped.is_set():
                some = self._in_one_process(left, tasks, Path(folder))
                read, left = read + some, left[len(some) :]
        return tuple(sorted(read, key=lambda log: log.file))

    def _in_one_process(
        self, logs: Sequence[Copied], tasks: Sequence[Wanted], folder: Path
    ) -> list[Logged | Unreadable]:
        """The first logs, until all are read or one has ended the process."""
        limits = self._at.limits
        with tempfile.TemporaryDirectory(dir=folder) as work:
            request = {
                "logs": [{"path": str(log.path), "name": log.name, "sha256": log.sha256} for log in logs],
                "tasks": [task.model_dump(mode="json") for task in tasks],
            }
            reader = Reader(bare(self._at.parent_env, Path(work, "home")), limits, self._stopped)
            why = run(Path(work), request, len(logs), reader)
            read: list[Logged | Unreadable] = []
            for number, log in enumerate(logs):
                body = result(Path(work), number, limits.result_bytes)
                read.append(_typed(body, log) if body is not None else _unread(log, why))
                if body is None:
                    break
        return read

    def _sample_set(self, wanted: Wanted) -> SampleSet | NoSampleSet:
        if wanted.not_loaded:
            return NoSampleSet(reason=wanted.not_loaded)
        kept = self._at.cache / "samples" / f"{hashlib.sha256(wanted.task.encode()).hexdigest()}.json"
        body = _kept(kept)
        if body is None:
            body = self._loaded(wanted)
        try:
            keys = SampleSet(keys=body["keys"])
        except (KeyError, ValidationError):
            said = str(body.get("reason") or "the process that loaded them ended unexpectedly")
            return NoSampleSet(reason=plain(said))
        _keep(kept, keys)
        return keys

    def _loaded(self, wanted: Wanted) -> dict[str, Any]:
        self._at.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="evalmark-samples-") as work:
            home = Path(work, "home")
            environment = with_hub(
                bare(self._at.parent_env, home), self._at.endpoint_of(wanted.dataset_id), self._at.cache.resolve()
            )
            why = run(Path(work), {"task": wanted.task}, 1, Reader(environment, self._at.limits, self._stopped))
            return result(Path(work), 0, LARGEST_SET) or {"reason": why}


def _typed(body: Mapping[str, Any], log: Copied) -> Logged | Unreadable:
    """The child had a stranger's bytes in its memory, so its word is checked, and the digest is our own."""
    try:
        if "logged" in body:
            return Logged.model_validate({**body["logged"], "sha256": log.sha256})
        return Unreadable(file=log.name, reason=plain(str(body["reason"])), advice=plain(str(body["advice"])))
    except (ValidationError, KeyError, TypeError):
        return Unreadable(file=log.name, reason="what was read from it makes no sense", advice="look at it by hand")


def _unread(log: Copied, why: str) -> Unreadable:
    return Unreadable(file=log.name, reason=why or "it could not be read", advice=WHOLE)


def _kept(file: Path) -> dict[str, Any] | None:
    try:
        body = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return body if isinstance(body, dict) else None


def _keep(file: Path, keys: SampleSet) -> None:
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".tmp")
    draft.write_text(keys.model_dump_json())
    draft.replace(file)
