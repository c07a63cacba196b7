"""A benchmark's leaderboard: the scores that the served model repos report, on main and in open pull requests."""

from collections.abc import Iterator

from evalmark.formats.model_card import read_model_card
from evalmark.localhub.content import InMemory
from evalmark.localhub.eval_results import Score, scores
from evalmark.localhub.names import RepoId
from evalmark.localhub.people import Person
from evalmark.localhub.pulls import not_open
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.state import HubState


def leaderboard(
    hub: HubState, person: Person | None, dataset_id: str, *, base_only: bool = True
) -> list[dict[str, object]]:
    """Rows with the highest value first, of the models that `person` may read. A file with an error has none.

    With `base_only` only models whose card names none that they were made from, as the Hub shows them by default.
    """
    models = (repo for repo in sorted(hub.repositories) if repo.kind == "models" and hub.may_read(person, repo))
    if base_only:
        models = (repo for repo in models if not _is_derived(hub.repositories[repo]))
    rows = [row for repo in models for row in _rows(dataset_id, repo, hub)]
    rows.sort(key=lambda row: -float(str(row["value"])))
    return [{"rank": rank, **row} for rank, row in enumerate(rows, 1)]


def _rows(dataset_id: str, repo: RepoId, hub: HubState) -> Iterator[dict[str, object]]:
    for found in scores(hub.repositories[repo], not_open(hub.community.of(repo))):
        if isinstance(found, Score) and found.entry.dataset.id == dataset_id:
            yield _row(repo.name, found)


def _is_derived(repository: GitRepository) -> bool:
    sha = repository.resolve("main")
    entry = repository.entry(sha, "README.md") if sha else None
    content = repository.content(entry) if entry else None
    return isinstance(content, InMemory) and read_model_card(content.data).base_model is not None


def _row(model: str, found: Score) -> dict[str, object]:
    owner = model.partition("/")[0]
    entry = found.entry
    return {
        "modelId": model,
        "value": entry.value,
        "filename": found.filename,
        "verified": False,
        "author": {"type": "user", "name": owner, "fullname": owner, "avatarUrl": ""},
        **({"notes": entry.notes} if entry.notes is not None else {}),
        **({"source": {"url": entry.source.url}} if entry.source is not None else {}),
        **({"pullRequest": found.pull_request} if found.pull_request is not None else {}),
    }
