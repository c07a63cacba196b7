"""Pull requests as the Hub's client reads them: a listing in pages, and the details of one. Read-only.

Git knows no titles, authors of comments or closing: the newest commit stands for them, and what is not merged is open.
"""

from collections.abc import Mapping

from evalmark.localhub.names import RepoId
from evalmark.localhub.payloads import hub_date
from evalmark.localhub.repository import GitRepository, PullRequest

PAGE = 10
_STATUSES = {"open": False, "closed": True}


def listing(repo: RepoId, repository: GitRepository, query: Mapping[str, list[str]]) -> dict[str, object]:
    """A page of `/discussions`: newest first, of the `type` and `status` asked for."""
    status, kind = query.get("status", ["all"])[-1], query.get("type", ["all"])[-1]
    wanted = [
        pull_request
        for pull_request in repository.pull_requests()
        if kind != "discussion" and _STATUSES.get(status, pull_request.merged) == pull_request.merged
    ]
    page = query.get("p", ["0"])[-1]
    start = int(page[:6]) * PAGE if page.isascii() and page.isdigit() else 0
    shown = [_summary(repo, pull_request) for pull_request in wanted[start : start + PAGE]]
    return {"count": len(wanted), "start": start, "discussions": shown}


def details(repo: RepoId, repository: GitRepository, number: str) -> dict[str, object] | None:
    """A pull request with its description and its diff; None if there is none with that number."""
    for pull_request in repository.pull_requests():
        if str(pull_request.number) == number:
            return _summary(repo, pull_request) | {
                "changes": {"base": "refs/heads/main"}
                | ({"mergeCommitId": pull_request.head.sha} if pull_request.merged else {}),
                "filesWithConflicts": [],
                "diff": repository.diff(pull_request),
                "events": [_description(pull_request)],
            }
    return None


def _summary(repo: RepoId, pull_request: PullRequest) -> dict[str, object]:
    return {
        "num": pull_request.number,
        "title": pull_request.head.title,
        "status": "merged" if pull_request.merged else "open",
        "createdAt": hub_date(pull_request.head.date),
        "isPullRequest": True,
        "repo": {"name": repo.name, "type": repo.kind.removesuffix("s")},
        "author": {"name": pull_request.head.author},
    }


def _description(pull_request: PullRequest) -> dict[str, object]:
    date, author = hub_date(pull_request.head.date), {"name": pull_request.head.author}
    text = {"raw": pull_request.head.message, "html": "", "updatedAt": date, "author": author}
    return {
        "id": pull_request.head.sha[:24],
        "type": "comment",
        "createdAt": date,
        "author": author,
        "data": {"edited": False, "hidden": False, "latest": text, "history": [], "numEdits": 0},
    }
