"""Discussions in the Hub's words, and which of them are asked for. Pure."""

from collections.abc import Mapping, Sequence

from evalmark.localhub.discussion import Comment, Discussion, Moment, Step, Version
from evalmark.localhub.names import RepoId

PAGE = 10
_CLOSED = frozenset({"closed", "merged"})
_OPEN = frozenset({"draft", "open"})
_STATUSES: Mapping[str, frozenset[str]] = {"open": _OPEN, "closed": _CLOSED, "all": _OPEN | _CLOSED}


def listing(repo: RepoId, every: Sequence[Discussion], query: Mapping[str, list[str]]) -> dict[str, object]:
    """A page of `/discussions`, of the `type`, `status` and `author` asked for."""
    kind, status, author = (query.get(name, [""])[-1] for name in ("type", "status", "author"))
    wanted = [
        discussion
        for discussion in every
        if kind in {"", "all", "pull_request" if discussion.is_pull_request else "discussion"}
        and discussion.status in _STATUSES.get(status or "all", {status})
        and author in {"", discussion.by.author}
    ]
    page = query.get("p", ["0"])[-1]
    start = int(page[:6]) * PAGE if page.isascii() and page.isdigit() else 0
    shown = [head(repo, discussion) for discussion in wanted[start : start + PAGE]]
    return {"count": len(wanted), "start": start, "discussions": shown}


def head(repo: RepoId, discussion: Discussion) -> dict[str, object]:
    """A discussion without what happened in it."""
    return {
        "num": discussion.number,
        "title": discussion.title,
        "status": discussion.status,
        "createdAt": discussion.by.at,
        "isPullRequest": discussion.is_pull_request,
        "repo": {"name": repo.name, "type": repo.kind.removesuffix("s")},
        "author": {"name": discussion.by.author},
        "numComments": sum(isinstance(event, Comment) for event in discussion.events),
    }


def changes(discussion: Discussion, diff: str, conflicts: Sequence[str]) -> dict[str, object]:
    """What is only said of pull requests."""
    merge = {"mergeCommitId": discussion.merge_commit} if discussion.merge_commit else {}
    return {
        "changes": {"base": discussion.base, **merge},
        "filesWithConflicts": list(conflicts),
        "diff": diff,
    }


def event(happened: Comment | Step) -> dict[str, object]:
    """A comment or a step."""
    told: dict[str, object] = {
        "id": happened.id,
        "type": happened.type,
        "createdAt": happened.by.at,
        "author": _author(happened.by),
    }
    return told | {"data": _comment(happened) if isinstance(happened, Comment) else dict(happened.data)}


def _comment(comment: Comment) -> dict[str, object]:
    *older, latest = (_version(version) for version in comment.versions)
    history = [] if comment.hidden else older
    edited = bool(history)
    return {"edited": edited, "hidden": comment.hidden, "latest": latest, "history": history, "numEdits": len(history)}


def _version(version: Version) -> dict[str, object]:
    # The page is not ours to show, so there is nothing that renders the text.
    return {"raw": version.text, "html": "", "updatedAt": version.by.at, "author": _author(version.by)}


def _author(by: Moment) -> dict[str, object]:
    return {"name": by.author}
