"""What the fake does for each operation, and what it refuses though the description allows it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import unquote, urlsplit

from evalmark.adapters.github.endpoints import (
    COMPARE,
    CREATE_COMMENT,
    DELETE_COMMENT,
    LIST_COMMENTS,
    LIST_PULL_REQUESTS,
    READ_BLOB,
    READ_PULL_REQUEST,
    READ_TREE,
    SET_STATUS,
    UPDATE_COMMENT,
    Endpoint,
)
from tests.github import payloads
from tests.github.contract import Request, Response
from tests.github.state import Repo, StoredComment, StoredStatus, Token

LONGEST_BODY: Final = 65_536
LONGEST_DESCRIPTION: Final = 140
MANUAL = "https://docs.github.com/rest"


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, *errors: str) -> None:
        super().__init__(message)
        told: dict[str, Any] = {"message": message, "documentation_url": MANUAL}
        if errors:
            told["errors"] = [{"resource": "Any", "code": "custom", "field": "any", "message": each} for each in errors]
        else:
            told["status"] = str(status)
        self.response = answer(status, told)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to one repo, by somebody."""

    repo: Repo
    request: Request
    values: dict[str, str]
    token: Token | None
    now: str
    url: str

    def json(self) -> dict[str, Any]:
        """The body. What it has to be is checked against the description."""
        told: dict[str, Any] = json.loads(self.request.body)
        return told

    @property
    def writer(self) -> Token:
        """Who writes: never nobody."""
        assert self.token is not None
        return self.token


Handler: TypeAlias = Callable[[Asked], Response]


def answer(status: int, told: object, **headers: str) -> Response:
    """A reply in JSON."""
    return Response(status, json.dumps(told).encode(), headers)


def _read_pull_request(asked: Asked) -> Response:
    pull = asked.repo.pulls.get(int(asked.values["pull_number"]))
    if pull is None:
        raise Refusal(404, "Not Found")
    return answer(200, payloads.pull_request(asked.repo, pull))


def _compare(asked: Asked) -> Response:
    base, _, head = asked.values["basehead"].partition("...")
    objects = asked.repo.objects
    if not {base, head} <= objects.commits.keys():
        raise Refusal(404, "Not Found")
    merge_base = objects.merge_base(base, head)
    if merge_base is None:
        raise Refusal(404, f"No common ancestor between {base} and {head}.")
    return answer(200, payloads.comparison(asked.repo, base, head, merge_base))


def _read_tree(asked: Asked) -> Response:
    objects, name = asked.repo.objects, asked.values["tree_sha"]
    sha = objects.commits[name].tree if name in objects.commits else name
    if sha not in objects.trees:
        raise Refusal(404, "Not Found")
    return answer(200, payloads.tree(asked.repo, sha, objects.trees[sha]))


def _read_blob(asked: Asked) -> Response:
    if asked.values["file_sha"] not in asked.repo.objects.blobs:
        raise Refusal(404, "Not Found")
    return answer(200, payloads.blob(asked.repo, asked.values["file_sha"]))


def _number(asked: Asked) -> int:
    number = int(asked.values["issue_number"])
    if number not in asked.repo.pulls:
        raise Refusal(404, "Not Found")
    return number


def _list_comments(asked: Asked) -> Response:
    return _page(asked, [payloads.comment(asked.repo, each) for each in asked.repo.comments(_number(asked))])


def _list_pull_requests(asked: Asked) -> Response:
    wanted = asked.request.query.get("state", "open")
    states = {"all": (True, False), "open": (True,), "closed": (False,)}[wanted]
    found = [pull for _, pull in sorted(asked.repo.pulls.items(), reverse=True) if pull.is_open in states]
    return _page(asked, [payloads.pull_request_in_list(asked.repo, pull) for pull in found])


def _page(asked: Asked, found: list[dict[str, Any]]) -> Response:
    query = asked.request.query
    size, page = min(int(query.get("per_page", 30)), 100), int(query.get("page", 1))
    last = max(1, -(-len(found) // size))
    links = {"next": page + 1, "last": last} if page < last else {"first": 1, "prev": page - 1} if page > 1 else {}
    place = asked.url + urlsplit(asked.request.path).path
    kept = "".join(f"{name}={value}&" for name, value in query.items() if name not in ("page", "per_page"))
    link = ", ".join(f'<{place}?{kept}per_page={size}&page={target}>; rel="{name}"' for name, target in links.items())
    headers = {"Link": link} if link else {}
    return answer(200, found[(page - 1) * size : page * size], **headers)


def _body(asked: Asked) -> str:
    body = str(asked.json().get("body", ""))
    if not body.strip():
        raise Refusal(422, "Validation Failed", "Body can't be blank")
    if len(body) > LONGEST_BODY:
        raise Refusal(422, "Validation Failed", f"Body is too long (maximum is {LONGEST_BODY} characters)")
    return body


def _create_comment(asked: Asked) -> Response:
    number, writer = _number(asked), asked.writer
    stored = asked.repo.add_comment(number, writer.login, _body(asked), writer.is_bot, asked.now)
    told = payloads.comment(asked.repo, stored)
    return answer(201, told, Location=told["url"])


def _comment(asked: Asked) -> StoredComment:
    stored = asked.repo.stored_comments.get(int(asked.values["comment_id"]))
    if stored is None:
        raise Refusal(404, "Not Found")
    return stored


def _update_comment(asked: Asked) -> Response:
    stored = _comment(asked)
    stored.body = _body(asked)
    return answer(200, payloads.comment(asked.repo, stored))


def _delete_comment(asked: Asked) -> Response:
    del asked.repo.stored_comments[_comment(asked).id]
    return Response(204)


def _set_status(asked: Asked) -> Response:
    told, sha, writer = asked.json(), asked.values["sha"], asked.writer
    description = told.get("description")
    if sha not in asked.repo.objects.commits:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    if description is not None and len(description) > LONGEST_DESCRIPTION:
        raise Refusal(
            422, "Validation Failed", f"description is too long (maximum is {LONGEST_DESCRIPTION} characters)"
        )
    stored = StoredStatus(
        next(asked.repo.ids),
        told.get("context", "default"),
        told["state"],
        description,
        told.get("target_url"),
        writer.login,
    )
    asked.repo.statuses.setdefault(sha, []).append(stored)
    place = f"{asked.url}/repos/{asked.repo.name}/statuses/{sha}"
    return answer(201, payloads.status(stored, bot=writer.is_bot), Location=place)


# What each operation needs (any of the rights), from "Permissions required for GitHub Apps" in GitHub's manual.
_COMMENTS_READ = ("pull-requests: read", "issues: read")
_COMMENTS_WRITE = ("pull-requests: write", "issues: write")
ROUTES: Final[tuple[tuple[Endpoint, tuple[str, ...], Handler], ...]] = (
    (READ_PULL_REQUEST, ("pull-requests: read",), _read_pull_request),
    (LIST_PULL_REQUESTS, ("pull-requests: read",), _list_pull_requests),
    (COMPARE, ("contents: read",), _compare),
    (READ_TREE, ("contents: read",), _read_tree),
    (READ_BLOB, ("contents: read",), _read_blob),
    (LIST_COMMENTS, _COMMENTS_READ, _list_comments),
    (CREATE_COMMENT, _COMMENTS_WRITE, _create_comment),
    (UPDATE_COMMENT, _COMMENTS_WRITE, _update_comment),
    (DELETE_COMMENT, _COMMENTS_WRITE, _delete_comment),
    (SET_STATUS, ("statuses: write",), _set_status),
)


@dataclass(frozen=True, slots=True)
class Route:
    """An operation, found by a request's method and path."""

    rights: tuple[str, ...]
    handler: Handler
    values: dict[str, str]

    @classmethod
    def find(cls, request: Request) -> "Route | None":
        """None if GitHub has no such operation, or we do not use it."""
        path = urlsplit(request.path).path
        for endpoint, rights, handler in ROUTES:
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(endpoint.path))
            if endpoint.method == request.method and (found := re.fullmatch(pattern, path)):
                return cls(rights, handler, {name: unquote(value) for name, value in found.groupdict().items()})
        return None


def check_rights(repo: Repo, token: Token | None, rights: tuple[str, ...]) -> None:
    """Raises `Refusal` if the token may not do it. Nobody may read what is public."""
    if token is None:
        if repo.private:
            raise Refusal(404, "Not Found")
        if any(right.endswith("write") for right in rights):
            raise Refusal(401, "Requires authentication")
    elif not token.may(rights):
        raise Refusal(403, "Resource not accessible by integration")
