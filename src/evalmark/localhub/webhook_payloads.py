"""What a webhook carries, version 3: events as the Hub tells them. People are ids, without names. Pure.

Source: `docs/hub/webhooks.md` in huggingface/hub-docs, 2026.
"""

from typing import Any

from evalmark.localhub.events import (
    CommentCreated,
    CommentFacts,
    CommentUpdated,
    ContentUpdated,
    DiscussionCreated,
    DiscussionFacts,
    DiscussionUpdated,
    Event,
    RepoCreated,
)
from evalmark.localhub.names import RepoId, hub_id
from evalmark.localhub.people import person_id

VERSION = 3


def payload(event: Event, webhook_id: str, url: str, *, head: str | None) -> dict[str, Any]:
    """The body of a delivery. `url` is the Hub's address, `head` the newest commit of main, for events of the repo."""
    scope, action = _scope(event)
    body: dict[str, Any] = {
        "event": {"action": action, "scope": scope},
        "repo": _repo(event.repo, url, head if scope.startswith("repo") else None),
        "webhook": {"id": webhook_id, "version": VERSION},
    }
    if isinstance(event, ContentUpdated):
        body["updatedRefs"] = [{"ref": each.ref, "oldSha": each.old, "newSha": each.new} for each in event.refs]
    if isinstance(event, DiscussionCreated | DiscussionUpdated | CommentCreated | CommentUpdated):
        body["discussion"] = _discussion(event.repo, event.discussion, url)
    if isinstance(event, DiscussionCreated | CommentCreated | CommentUpdated):
        body["comment"] = _comment(event.repo, event.discussion, event.comment, url)
    return body


def domain(event: Event) -> str:
    """The domain that a webhook must watch to be told: `repo` or `discussion`."""
    return _scope(event)[0].partition(".")[0]


def _scope(event: Event) -> tuple[str, str]:
    match event:
        case RepoCreated():
            return "repo", "create"
        case ContentUpdated():
            return "repo.content", "update"
        case DiscussionCreated():
            return "discussion", "create"
        case DiscussionUpdated():
            return "discussion", "update"
        case CommentCreated():
            return "discussion.comment", "create"
        case CommentUpdated():
            return "discussion.comment", "update"


def _repo(repo: RepoId, url: str, head: str | None) -> dict[str, Any]:
    owner = repo.name.partition("/")[0]
    prefix = "" if repo.kind == "models" else f"{repo.kind}/"
    return {
        "type": repo.kind.removesuffix("s"),
        "name": repo.name,
        "id": hub_id(repo.kind, repo.name),
        "private": False,
        "url": {"web": f"{url}/{prefix}{repo.name}", "api": f"{url}/api/{repo.kind}/{repo.name}"},
        "owner": {"id": person_id(owner)},
        **({"headSha": head} if head is not None else {}),
    }


def _discussion(repo: RepoId, facts: DiscussionFacts, url: str) -> dict[str, Any]:
    prefix = "" if repo.kind == "models" else f"{repo.kind}/"
    changes = {"base": facts.base} | ({"mergeCommitId": facts.merge_commit} if facts.merge_commit else {})
    return {
        "id": facts.id,
        "num": facts.number,
        "title": facts.title,
        "status": facts.status,
        "author": {"id": person_id(facts.author)},
        "isPullRequest": facts.is_pull_request,
        "url": {
            "web": f"{url}/{prefix}{repo.name}/discussions/{facts.number}",
            "api": f"{url}/api/{repo.kind}/{repo.name}/discussions/{facts.number}",
        },
        **({"changes": changes} if facts.is_pull_request else {}),
    }


def _comment(repo: RepoId, discussion: DiscussionFacts, facts: CommentFacts, url: str) -> dict[str, Any]:
    prefix = "" if repo.kind == "models" else f"{repo.kind}/"
    return {
        "id": facts.id,
        "author": {"id": person_id(facts.author)},
        "hidden": facts.hidden,
        **({} if facts.hidden else {"content": facts.content}),
        "url": {"web": f"{url}/{prefix}{repo.name}/discussions/{discussion.number}#{facts.id}"},
    }
