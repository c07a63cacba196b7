"""The logs of a submission: which entries they support, and where they go."""

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from evalmark.adapters.hub.uploads import HubUploads
from evalmark.adapters.inspect_log.bundle import bundled
from evalmark.authoring.linking import SOURCE_NAME, backed_by, log_path, with_link
from evalmark.cli.add_reading import inspect_logs, results_of
from evalmark.cli.settings import Settings
from evalmark.cli.submit_request import LogChoice
from evalmark.errors import UsageProblem
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.results import Source
from evalmark.formats.writing import NotEditable
from evalmark.harness.result import Result
from evalmark.report.escape import plain


@dataclass(frozen=True, slots=True)
class Linked:
    """The files with their sources; by entry (file and position) the result of its log, and that log.

    `uploads` are the logs by their path in `repo`.
    """

    files: Mapping[str, bytes]
    results: Mapping[tuple[str, int], Result] = field(default_factory=dict)
    logs: Mapping[tuple[str, int], Path] = field(default_factory=dict)
    uploads: Mapping[str, Path] = field(default_factory=dict)
    repo: str | None = None


class Account(Protocol):
    """Whose logs they are, and where they can go."""

    @property
    def me(self) -> str:
        """The holder of the token."""

    @property
    def uploads(self) -> HubUploads:
        """Repos for logs."""


def linked(
    choice: LogChoice, files: Mapping[str, bytes], new: tuple[LocatedEntry, ...], model: str, account: Account
) -> Linked:
    """Link each log in the new entries that it supports and that have no source yet.

    Raises `UsageProblem` for a log that supports none of them.
    """
    if choice.url:
        return Linked(_linked(files, new, Source(url=choice.url, name=SOURCE_NAME)))
    me, uploads = account.me, account.uploads
    repo = choice.repo or f"{me}/{model.rpartition('/')[2]}-eval-logs"
    done = Linked(files, repo=repo)
    for result, log in results_of(choice.logs, inspect_logs).results:
        backed = backed_by(result, new)
        if not backed:
            shown = ", ".join(f"{plain(metric.name)} = {metric.value:g}" for metric in result.metrics[:3])
            raise UsageProblem(
                f"{log.name}, task {plain(result.task)}, shows {shown}, which is no score that is new here",
                "give the log of the score, or leave it out",
            )
        path = log_path(model, log.name, hashlib.sha256(log.read_bytes()).hexdigest())
        owner = repo.partition("/")[0]
        source = Source(
            url=uploads.log_address(repo, path),
            name=SOURCE_NAME,
            user=owner if owner == me else None,
            org=None if owner == me else owner,
        )
        for each in backed:
            done = _one_more(done, each.entry, result, log, (path, source))
    return done


def _one_more(done: Linked, entry: LocatedEntry, result: Result, log: Path, where: tuple[str, Source]) -> Linked:
    path, source = where
    key = (entry.place.path, entry.position)
    files, uploads = done.files, dict(done.uploads)
    if entry.entry.source is None:
        files = _linked(files, [entry], source)
        uploads[path] = log
    return Linked(files, {**done.results, key: result}, {**done.logs, key: log}, uploads, done.repo)


def _linked(files: Mapping[str, bytes], entries: Iterable[LocatedEntry], source: Source) -> Mapping[str, bytes]:
    try:
        return with_link(files, entries, source)
    except NotEditable as problem:
        raise UsageProblem(str(problem), "write `source.url` by hand") from problem


def upload(done: Linked, choice: LogChoice, uploads: HubUploads, settings: Settings) -> str | None:
    """Upload what is to be uploaded; the address of the Space that shows it, if one does."""
    if done.uploads and done.repo:
        uploads.put_logs(done.repo, done.uploads, private=choice.private)
    if not choice.space:
        return None
    with tempfile.TemporaryDirectory(prefix="evalmark-space-") as folder:
        uploads.put_space(choice.space, bundled(tuple(done.logs.values()), Path(folder), settings.environment))
    return uploads.space_address(choice.space)
