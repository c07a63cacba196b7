"""What a webhook of the Hub says, and whether it means work for us. Pure, and ready for a hostile body."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from evalmark.review import COMMIT
from evalmark.web.commands import Command, command_in

PATH: Final = "/webhooks/hub"
LONGEST_ID: Final = 64
LARGEST_NUMBER: Final = 10**9
MOST_REFS: Final = 200
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_REF = re.compile(r"refs/pr/([1-9][0-9]{0,8})")
_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ID}}}")


@dataclass(frozen=True, slots=True)
class Moved:
    """The branch of a pull request, and the commit that it is at now."""

    number: int
    head: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A webhook, as far as we understand it. What is missing, or not what it must be, is None or empty."""

    repo: str
    repo_type: str
    action: str
    scope: str
    number: int | None = None
    is_pull_request: bool = False
    status: str = ""
    discussion: str = ""
    """The discussion's id."""
    comment: str = ""
    """The comment's id; its author's id and its words follow."""
    author: str = ""
    hidden: bool = False
    content: str = ""
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A pull request is new, or has moved on."""

    model: str
    number: int
    seen: str
    """The same for the same event, however often it is told; empty if the event has nothing of its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody has written what may be a command."""

    model: str
    number: int
    comment: str
    command: Command

    @property
    def seen(self) -> str:
        """The same however often it is told."""
        return f"comment:{self.comment}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, and why, in a word."""

    why: str


Meaning: TypeAlias = tuple[Changed, ...] | Asked | Ignored


def parse(body: bytes) -> Happened | None:
    """Read a webhook; None if it is none. It never raises."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    event, repo = _dict(told, "event"), _dict(told, "repo")
    name = _text(repo, "name")
    if not _NAME.fullmatch(name) or not _text(event, "scope"):
        return None
    discussion, comment = _dict(told, "discussion"), _dict(told, "comment")
    return Happened(
        repo=name,
        repo_type=_text(repo, "type"),
        action=_text(event, "action"),
        scope=_text(event, "scope"),
        number=_number(discussion.get("num")),
        is_pull_request=discussion.get("isPullRequest") is True,
        status=_text(discussion, "status"),
        discussion=_id(discussion),
        comment=_id(comment),
        author=_id(_dict(comment, "author")),
        hidden=comment.get("hidden") is True,
        content=_text(comment, "content"),
        moved=_moved(told.get("updatedRefs")),
    )


def meaning(happened: Happened, watched: frozenset[str], me: str | None) -> Meaning:
    """What is to be done. `watched`: repos and owners, all if it is empty; `me`: the id of our own account."""
    if happened.repo_type != "model":
        return Ignored("not a model")
    if watched and watched.isdisjoint({happened.repo, happened.repo.partition("/")[0]}):
        return Ignored("not watched")
    return _MEANINGS.get(happened.scope, _unknown)(happened, me)


def _content(happened: Happened, _me: str | None) -> Meaning:
    if happened.action != "update":
        return Ignored("action")
    found = tuple(
        Changed(happened.repo, each.number, f"content:{happened.repo}:{each.number}:{each.head}")
        for each in happened.moved
    )
    return found or Ignored("no pull request")


def _discussion(happened: Happened, _me: str | None) -> Meaning:
    """An update is looked into as well: a closed one that is opened again, or a draft that is ready."""
    if happened.action not in ("create", "update"):
        return Ignored("action")
    if not happened.is_pull_request or happened.number is None:
        return Ignored("no pull request")
    if happened.status != "open":
        return Ignored("not open")
    is_new = happened.action == "create" and happened.discussion
    seen = f"discussion:{happened.repo}:{happened.discussion}" if is_new else ""
    return (Changed(happened.repo, happened.number, seen),)


def _comment(happened: Happened, me: str | None) -> Meaning:
    command = command_in(happened.content)
    is_new = happened.action == "create" and not happened.hidden and bool(happened.comment)
    checks = (
        (is_new, "not a new comment"),
        (not me or happened.author != me, "own comment"),
        (happened.is_pull_request and happened.number is not None, "no pull request"),
        (happened.status in ("open", "draft"), "not open"),
        (command is not None, "no command"),
    )
    wrong = next((why for right, why in checks if not right), None)
    if wrong or command is None or happened.number is None:
        return Ignored(wrong or "no command")
    return Asked(happened.repo, happened.number, happened.comment, command)


def _unknown(_happened: Happened, _me: str | None) -> Meaning:
    return Ignored("scope")


_MEANINGS: Final[Mapping[str, Callable[[Happened, str | None], Meaning]]] = {
    "repo.content": _content,
    "discussion": _discussion,
    "discussion.comment": _comment,
}
SCOPES: Final = frozenset(_MEANINGS)


def _dict(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


def _id(value: dict[str, Any]) -> str:
    found = _text(value, "id")
    return found if _ID.fullmatch(found) else ""


def _number(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 < value < LARGEST_NUMBER else None


def _moved(value: Any) -> tuple[Moved, ...]:
    """The pull requests' branches that have a new commit; not those that were removed."""
    refs = value[:MOST_REFS] if isinstance(value, list) else []
    pairs = ((_text(ref, "ref"), _text(ref, "newSha")) for ref in refs if isinstance(ref, dict))
    matches = ((_REF.fullmatch(ref), sha) for ref, sha in pairs if COMMIT.fullmatch(sha))
    return tuple(dict.fromkeys(Moved(int(match[1]), sha) for match, sha in matches if match))
