"""The Hub's HTTP API: `handle` turns a request into a response. No sockets here."""

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from evalmark.errors import EvalmarkError
from evalmark.localhub import api_commits, api_discussions, api_reads, api_site, git_http
from evalmark.localhub.call import Call, readable
from evalmark.localhub.message import Denied, Request, Response, error_response
from evalmark.localhub.routes import (
    GitRoute,
    NoSuchRepoRoute,
    RepoAction,
    RepoRoute,
    Route,
    SiteAction,
    SiteRoute,
    parse_target,
)
from evalmark.localhub.state import HubState, SiteHandler

Action = TypeVar("Action")
Handler = TypeVar("Handler")

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})
_READ_ONLY = "this local Hub is read-only: it serves repos, and takes no commit, pull request, comment or job"
# Asks by POST because its question may be long.
_ONLY_ASKS = "paths-info"

_REPO_GET: Mapping[RepoAction, Callable[[Call], Response]] = {
    "info": api_reads.info,
    "tree": api_reads.tree,
    "resolve": api_reads.resolve_file,
    "refs": api_reads.refs,
    "commits": api_reads.commits,
    "leaderboard": api_reads.board,
    "discussions": api_discussions.listing,
    "discussion": api_discussions.details,
}
_REPO_POST: Mapping[RepoAction, Callable[[Call], Response]] = {
    "paths-info": api_reads.paths_info,
    "preupload": api_commits.preupload,
    "commit": api_commits.commit,
    "discussions": api_discussions.create,
    "comment": api_discussions.comment,
    "edit": api_discussions.edit,
    "hide": api_discussions.hide,
    "title": api_discussions.rename,
    "status": api_discussions.change_status,
    "merge": api_discussions.merge,
}
_SITE_GET: Mapping[SiteAction, Callable[[Request, HubState, str], Response]] = {
    "whoami": api_site.whoami,
    "agent-harnesses": api_site.agent_harnesses,
    "overview": api_site.overview,
    "list": api_site.list_repos,
}
_SITE_POST: Mapping[SiteAction, Callable[[Request, HubState, str], Response]] = {
    "create-repo": api_site.create_repo,
    "validate-yaml": api_site.validate_yaml,
}


def handle(request: Request, hub: HubState) -> Response:
    """Answer a request. Never raises: whatever goes wrong here is a 501, which the Hub's client does not retry."""
    try:
        response = _foreign(request) or _first(request, hub) or _answer(request, hub)
        for see in hub.after:
            response = see(request, response)
    except Exception as problem:  # noqa: BLE001 - a 500 would make the client retry for half a minute
        return _told(problem)
    return response


def _told(problem: Exception) -> Response:
    if isinstance(problem, Denied):
        return problem.response
    if isinstance(problem, EvalmarkError):
        return error_response(501, f"{problem.message}; {problem.advice}")
    return error_response(501, f"a bug in evalmark's local Hub: {type(problem).__name__}: {problem}")


def _foreign(request: Request) -> Response | None:
    """A refusal of what a web page of another site had a browser send."""
    # A web page whose name was made to point to 127.0.0.1 comes with that name.
    if request.headers.get("host", "127.0.0.1").partition(":")[0] not in _LOCAL_HOSTS:
        return error_response(403, "this local Hub answers only to 127.0.0.1 and localhost")
    # Browsers say from which site a form or a script writes; the Hub's clients and git never do.
    if "origin" in request.headers and urlsplit(request.headers["origin"]).netloc != request.headers.get("host"):
        return error_response(403, "this local Hub takes nothing from a web page of another site")
    return None


def _first(request: Request, hub: HubState) -> Response | None:
    for ask in hub.before:
        response = ask(request)
        if response is not None:
            return response
    return None


def _answer(request: Request, hub: HubState) -> Response:
    try:
        handler = _site_handler(request, hub)
        if handler is not None:
            return handler(request, hub)
        return _answer_route(request, hub, parse_target(request.target))
    except (Denied, EvalmarkError) as problem:
        return _told(problem)


def _site_handler(request: Request, hub: HubState) -> SiteHandler | None:
    fitting = [prefix for prefix in hub.site_handlers if request.path.startswith(prefix)]
    return hub.site_handlers[max(fitting, key=len)] if fitting else None


def _answer_route(request: Request, hub: HubState, route: Route | None) -> Response:
    if hub.read_only and _writes(request, route):
        raise Denied(501, f"no {request.method} on {request.path}: {_READ_ONLY}")
    match route:
        case SiteRoute():
            handler = _by_method(request, _SITE_GET, _SITE_POST, route.action)
            return handler(request, hub, route.name)
        case RepoRoute():
            return _about_repo(request, hub, route)
        case GitRoute():
            return git_http.answer(request, hub, route)
        case NoSuchRepoRoute():
            raise Denied(404, f"there is no repo {route.name!r} here", "RepoNotFound")
    raise Denied(404, f"no route {request.path}: this local Hub does not do that")


def _writes(request: Request, route: Route | None) -> bool:
    if isinstance(route, GitRoute):
        return git_http.writes(request, route)
    asks = isinstance(route, RepoRoute) and route.action == _ONLY_ASKS and request.method == "POST"
    return request.method not in {"GET", "HEAD"} and not asks


def _about_repo(request: Request, hub: HubState, route: RepoRoute) -> Response:
    handler = _by_method(request, _REPO_GET, _REPO_POST, route.action)
    person = hub.caller(request)
    repository = readable(hub, person, route.repo)
    sha = repository.resolve(route.revision)
    if sha is None:
        message = f"{route.repo} has no branch, tag, pull request or full sha {route.revision!r}"
        raise Denied(404, message, "RevisionNotFound")
    return handler(Call(hub, request, route, person, repository, sha))


def _by_method(
    request: Request, get: Mapping[Action, Handler], post: Mapping[Action, Handler], action: Action
) -> Handler:
    table = {"GET": get, "HEAD": get, "POST": post}.get(request.method, {})
    if action not in table:
        raise Denied(405, f"no {request.method} on {request.path}")
    return table[action]
