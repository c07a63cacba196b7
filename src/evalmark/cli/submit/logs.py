"""The logs of a submission: which entries they support, and where they go."""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from evalmark.adapters.hub.uploads import HubUploads
from evalmark.adapters.inspect_log.bundle import bundled
from evalmark.authoring.linking import SOURCE_NAME, backed_by, log_path
from evalmark.cli.add.reading import inspect_logs, results_of, sha256_of
from evalmark.cli.settings import Settings
from evalmark.cli.submit.request import LogChoice
from evalmark.cli.submit.standing import linked_in
from evalmark.errors import UsageProblem
from evalmark.formats.parse_results import LocatedEntry
from evalmark.formats.results import Source
from evalmark.harness.inspect_ai import HARNESS
from evalmark.harness.result import Result
from evalmark.report.escape import plain

# With what is put before and behind it, as long as the Hub lets a name be.
LONGEST_MODEL = 80


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

    Raises `UsageProblem` for a log, or a folder of them, that supports none of them.
    """
    if choice.url:
        return Linked(linked_in(files, new, Source(url=choice.url, name=SOURCE_NAME)))
    me, uploads = account.me, account.uploads
    repo = choice.repo or f"{me}/{model.rpartition('/')[2][:LONGEST_MODEL].rstrip('-.')}-eval-logs"
    done = Linked(files, repo=repo)
    for used in _each_once([used for place in choice.logs for used in _used(place, new)]):
        path = log_path(model, used.log.name, sha256_of(used.log))
        done = _one_more(done, used, (path, _source_of(uploads.log_address(repo, path), repo, me)))
    if choice.space and not _shown(done):
        raise UsageProblem("--log-space shows Inspect logs, and none of these is one", "leave it out")
    return done


def _shown(done: Linked) -> tuple[Path, ...]:
    """The logs that Inspect's own pages can show."""
    return tuple(log for key, log in done.logs.items() if done.results[key].harness == HARNESS)


class _Used(NamedTuple):
    """An entry, the result that yields its score, the log of that result, and how many entries it may be of."""

    entry: LocatedEntry
    result: Result
    log: Path
    candidates: int


def _used(place: str, new: tuple[LocatedEntry, ...]) -> Iterator[_Used]:
    """What a log, or a folder of them, supports. What supports nothing is told; if that is all, it is an error.

    Raises `UsageProblem`.
    """
    read = results_of([place], inspect_logs)
    useless = [f"{plain(trouble, 300)}" for trouble in read.troubles]
    found = False
    for result, log in read.results:
        backed = backed_by(result, new)
        found = found or bool(backed)
        if not backed:
            shown = ", ".join(f"{plain(metric.name)} = {metric.value:g}" for metric in result.metrics[:3])
            what = f"{result.file}, task {plain(result.task)}, shows {shown}, which is no score that is new here"
            useless.append(what)
        yield from (_Used(each.entry, result, log, len(backed)) for each in backed)
    if not found:
        raise UsageProblem("; ".join(useless[:3]), "give the log of the score, or leave it out")
    for each in useless:
        print(f"not used: {each}", file=sys.stderr)


def _each_once(used: Sequence[_Used]) -> Iterator[_Used]:
    """For each entry one log: that which can be of the fewest entries."""
    by_entry: dict[tuple[str, int], _Used] = {}
    for each in sorted(used, key=lambda each: each.candidates):
        by_entry.setdefault((each.entry.place.path, each.entry.position), each)
    taken = [each for each in used if any(each is one for one in by_entry.values())]
    yield from taken
    files = {each.result.file for each in taken}
    for name in dict.fromkeys(each.result.file for each in used if each.result.file not in files):
        print(f"not used: {name}: another log supports the same score", file=sys.stderr)


def _source_of(url: str, repo: str, me: str) -> Source:
    owner = repo.partition("/")[0]
    return Source(url=url, name=SOURCE_NAME, user=owner if owner == me else None, org=None if owner == me else owner)


def _one_more(done: Linked, used: _Used, where: tuple[str, Source]) -> Linked:
    path, source = where
    entry = used.entry
    key = (entry.place.path, entry.position)
    files, uploads = done.files, dict(done.uploads)
    if entry.entry.source is None:
        files = linked_in(files, [entry], source)
        uploads[path] = used.log
    elif entry.entry.source.url != source.url:
        what = f"{plain(str(entry.place))} has the source {plain(entry.entry.source.url)} already"
        print(f"not linked: {what}, so {plain(used.log.name)} is not uploaded for it", file=sys.stderr)
    return Linked(files, {**done.results, key: used.result}, {**done.logs, key: used.log}, uploads, done.repo)


def upload(done: Linked, choice: LogChoice, uploads: HubUploads, settings: Settings) -> str | None:
    """Upload what is to be uploaded; the address of the Space that shows it, if one does."""
    if done.uploads and done.repo:
        uploads.put_logs(done.repo, done.uploads, private=choice.private)
    if not choice.space:
        return None
    with tempfile.TemporaryDirectory(prefix="evalmark-space-") as folder:
        uploads.put_space(choice.space, bundled(_shown(done), Path(folder), settings.environment))
    return uploads.space_address(choice.space)
