"""A benchmark's leaderboard: the scores that the served model repos report, on main and in open pull requests."""

from collections.abc import Iterator, Mapping

from evalmark.finding import Severity
from evalmark.formats.parse_results import parse_results
from evalmark.formats.results import Entry
from evalmark.localhub.content import InMemory
from evalmark.localhub.names import RepoId
from evalmark.localhub.repository import GitRepository

_FOLDER = ".eval_results"


def leaderboard(dataset_id: str, repositories: Mapping[RepoId, GitRepository]) -> list[dict[str, object]]:
    """Rows with the highest value first. As on the Hub, a file with an error in it counts for nothing."""
    rows = [
        row
        for repo, repository in sorted(repositories.items())
        if repo.kind == "models"
        for row in _rows(dataset_id, repo.name, repository)
    ]
    rows.sort(key=lambda row: -float(str(row["value"])))
    return [{"rank": rank, **row} for rank, row in enumerate(rows, 1)]


def _rows(dataset_id: str, model: str, repository: GitRepository) -> Iterator[dict[str, object]]:
    main = list(_entries(dataset_id, repository, repository.resolve("main")))
    for path, entry in main:
        yield _row(model, path, entry)
    for pull_request in repository.pull_requests():
        if not pull_request.merged:
            known = {*main, *_entries(dataset_id, repository, pull_request.base)}
            for path, entry in _entries(dataset_id, repository, pull_request.head.sha):
                if (path, entry) not in known:
                    yield _row(model, path, entry) | {"pullRequest": pull_request.number}


def _entries(dataset_id: str, repository: GitRepository, sha: str | None) -> Iterator[tuple[str, Entry]]:
    """The entries about a benchmark at a commit, each with its file."""
    for file in (repository.tree(sha, _FOLDER, recursive=False) or ()) if sha else ():
        content = repository.content(file) if file.kind == "file" and file.path.endswith(".yaml") else None
        if isinstance(content, InMemory):
            parsed = parse_results(file.path, content.data)
            if all(finding.severity is not Severity.ERROR for finding in parsed.findings):
                entries = (located.entry for located in parsed.entries)
                yield from ((file.path, entry) for entry in entries if entry.dataset.id == dataset_id)


def _row(model: str, path: str, entry: Entry) -> dict[str, object]:
    owner = model.partition("/")[0]
    return {
        "modelId": model,
        "value": entry.value,
        "filename": path,
        "verified": False,
        "author": {"type": "user", "name": owner, "fullname": owner, "avatarUrl": ""},
        **({"notes": entry.notes} if entry.notes is not None else {}),
        **({"source": {"url": entry.source.url}} if entry.source is not None else {}),
    }
