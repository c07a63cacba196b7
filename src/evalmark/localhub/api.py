"""The Hub's HTTP API, read side only: `handle` turns a request into a response. No sockets here."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from evalmark.errors import EvalmarkError
from evalmark.localhub import discussions, payloads
from evalmark.localhub.board import leaderboard
from evalmark.localhub.download import resolve
from evalmark.localhub.message import Request, Response, error_response, json_response
from evalmark.localhub.names import RepoId
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.routes import NoSuchRepoRoute, RepoAction, RepoRoute, Route, SiteRoute, parse_target

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})
_MANY_FIELDS = 10_000
_READ_ONLY = "this local Hub is read-only: it serves repos, and takes no commit, pull request, comment or job"


def handle(request: Request, repositories: Mapping[RepoId, GitRepository]) -> Response:
    """Answer a request. Never raises: whatever goes wrong here is a 501, which the Hub's client does not retry."""
    try:
        return _answer(request, repositories)
    except EvalmarkError as problem:
        return error_response(501, f"{problem.message}; {problem.advice}")
    except Exception as problem:  # noqa: BLE001 - a 500 would make the client retry for half a minute
        return error_response(501, f"a bug in evalmark's local Hub: {type(problem).__name__}: {problem}")


def _answer(request: Request, repositories: Mapping[RepoId, GitRepository]) -> Response:
    route = parse_target(request.target)
    refusal = _refusal(request, route)
    if refusal is not None:
        return refusal
    match route:
        case SiteRoute("agent-harnesses"):
            return json_response({"standardEnvVars": [], "harnesses": {}})
        case SiteRoute():
            return _whoami(request)
        case RepoRoute():
            return _about_repo(request, route, repositories)
        case NoSuchRepoRoute():
            return error_response(404, f"there is no repo {route.name!r} here", "RepoNotFound")
    return error_response(404, f"no route {request.target.partition('?')[0]}: {_READ_ONLY}")


def _refusal(request: Request, route: Route | None) -> Response | None:
    # A web page whose name was made to point to 127.0.0.1 comes with that name.
    if request.headers.get("host", "127.0.0.1").partition(":")[0] not in _LOCAL_HOSTS:
        return error_response(403, "this local Hub answers only to 127.0.0.1 and localhost")
    asks_for_paths = isinstance(route, RepoRoute) and route.action == "paths-info"
    if request.method not in ({"POST"} if asks_for_paths else {"GET", "HEAD"}):
        return error_response(501, f"no {request.method} on {request.target.partition('?')[0]}: {_READ_ONLY}")
    return None


def _whoami(request: Request) -> Response:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return error_response(401, "Invalid user token.")
    return json_response(payloads.USER)


def _about_repo(request: Request, route: RepoRoute, repositories: Mapping[RepoId, GitRepository]) -> Response:
    repository = repositories.get(route.repo)
    if repository is None:
        served = ", ".join(str(repo) for repo in sorted(repositories)) or "none"
        return error_response(404, f"there is no repo {route.repo} here (served: {served})", "RepoNotFound")
    if route.action == "leaderboard":
        return json_response(leaderboard(route.repo.name, repositories))
    sha = repository.resolve(route.revision)
    if sha is None:
        message = f"{route.repo} has no branch, tag, pull request or full sha {route.revision!r}"
        return error_response(404, message, "RevisionNotFound")
    return _REPO_ACTIONS[route.action](repository, sha, route, request)


def _info(repository: GitRepository, sha: str, route: RepoRoute, request: Request) -> Response:
    return json_response(payloads.repo_info(route.repo, repository, sha, blobs=_flag(request, "blobs")))


def _tree(repository: GitRepository, sha: str, route: RepoRoute, request: Request) -> Response:
    entries = repository.tree(sha, route.path, recursive=_flag(request, "recursive"))
    if entries is None:
        message = f"no folder {route.path!r} at {sha}"
        return error_response(404, message, "EntryNotFound", {"X-Repo-Commit": sha})
    expand = _flag(request, "expand")
    return json_response([payloads.tree_item(repository, sha, entry, expand=expand) for entry in entries])


def _resolve(repository: GitRepository, sha: str, route: RepoRoute, request: Request) -> Response:
    return resolve(repository, sha, route.path, request)


def _paths_info(repository: GitRepository, sha: str, _route: RepoRoute, request: Request) -> Response:
    try:
        form = parse_qs(request.body.decode(), max_num_fields=_MANY_FIELDS)
    except ValueError:
        return error_response(400, f"paths-info takes a form in UTF-8 with at most {_MANY_FIELDS} fields")
    entries = (repository.entry(sha, path) for path in form.get("paths", []))
    expand = form.get("expand") == ["true"]
    return json_response([payloads.tree_item(repository, sha, entry, expand=expand) for entry in entries if entry])


def _refs(repository: GitRepository, _sha: str, _route: RepoRoute, request: Request) -> Response:
    return json_response(payloads.refs(repository, pull_requests=_flag(request, "include_prs")))


def _commits(repository: GitRepository, sha: str, _route: RepoRoute, _request: Request) -> Response:
    return json_response([payloads.commit_item(commit) for commit in repository.commits(sha)])


def _discussions(repository: GitRepository, _sha: str, route: RepoRoute, request: Request) -> Response:
    return json_response(discussions.listing(route.repo, repository, parse_qs(request.target.partition("?")[2])))


def _discussion(repository: GitRepository, _sha: str, route: RepoRoute, _request: Request) -> Response:
    found = discussions.details(route.repo, repository, route.path)
    if found is None:
        return error_response(404, f"{route.repo} has no pull request {route.path}")
    return json_response(found)


_REPO_ACTIONS: Mapping[RepoAction, Callable[[GitRepository, str, RepoRoute, Request], Response]] = {
    "info": _info,
    "tree": _tree,
    "resolve": _resolve,
    "paths-info": _paths_info,
    "refs": _refs,
    "commits": _commits,
    "discussions": _discussions,
    "discussion": _discussion,
}


def _flag(request: Request, name: str) -> bool:
    """Whether the query says yes to `name`."""
    query = parse_qs(request.target.partition("?")[2])
    return query.get(name, ["false"])[-1].lower() in {"true", "1"}
