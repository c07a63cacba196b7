"""The scores that a model repo reports, read from its files as the Hub does: on main and in open pull requests."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalmark.finding import Severity
from evalmark.formats.parse_results import parse_results
from evalmark.formats.results import Entry
from evalmark.localhub.content import InMemory
from evalmark.localhub.pulls import open_pull_requests
from evalmark.localhub.repository import GitRepository

_FOLDER = ".eval_results"


@dataclass(frozen=True)
class Score:
    """An entry of a file."""

    filename: str
    entry: Entry
    pull_request: int | None = None


@dataclass(frozen=True)
class Refused:
    """A file with an error in it: all of it counts for nothing."""

    filename: str
    error: str


def scores(repository: GitRepository, closed: frozenset[int]) -> Iterator[Score | Refused]:
    """What is on main, and then what each open pull request adds; those in `closed` are not looked at."""
    main = list(_at(repository, repository.resolve("main")))
    yield from main
    for number, base, head in open_pull_requests(repository, closed):
        known = {*main, *_at(repository, base)}
        for found in _at(repository, head):
            if found not in known and isinstance(found, Score):
                yield Score(found.filename, found.entry, number)


def row(found: Score | Refused) -> dict[str, object]:
    """As in `evalResults`."""
    if isinstance(found, Refused):
        return {"filename": found.filename, "error": found.error}
    return {
        "filename": found.filename,
        "verified": False,
        "data": found.entry.model_dump(mode="json", by_alias=True, exclude_none=True),
        **({"pullRequest": found.pull_request} if found.pull_request is not None else {}),
    }


def _at(repository: GitRepository, sha: str | None) -> Iterator[Score | Refused]:
    for file in (repository.tree(sha, _FOLDER, recursive=False) or ()) if sha else ():
        content = repository.content(file) if file.kind == "file" and file.path.endswith(".yaml") else None
        if isinstance(content, InMemory):
            yield from _in_file(file.path, content.data)


def _in_file(path: str, data: bytes) -> Iterator[Score | Refused]:
    parsed = parse_results(path, data)
    error = next((finding for finding in parsed.findings if finding.severity is Severity.ERROR), None)
    if error is not None:
        yield Refused(path, error.message)
    else:
        yield from (Score(path, located.entry) for located in parsed.entries)
