"""Answers about the Hub itself: who asks, which repos there are, a new repo."""

from collections.abc import Mapping

from evalmark.localhub import payloads
from evalmark.localhub.events import RepoCreated
from evalmark.localhub.message import Denied, Request, Response, json_response
from evalmark.localhub.names import Kind, RepoId, is_repo_name
from evalmark.localhub.people import Person
from evalmark.localhub.state import HubState
from evalmark.localhub.summary import summary

_KINDS: Mapping[object, Kind] = {
    "model": "models",
    "dataset": "datasets",
    "space": "spaces",
    None: "models",
}
_MOST_LISTED = 1000


def whoami(request: Request, hub: HubState, _name: str) -> Response:
    """The person behind the token."""
    token = hub.token(request)
    if token is None:
        raise Denied(401, "Invalid user token.")
    return json_response(payloads.whoami(token))


def agent_harnesses(_request: Request, _hub: HubState, _name: str) -> Response:
    """The client asks once a day; there are none."""
    return json_response({"standardEnvVars": [], "harnesses": {}})


def overview(request: Request, hub: HubState, name: str) -> Response:
    """A person or an organisation."""
    hub.token(request)
    if hub.users.named(name) is not None:
        return json_response(payloads.overview(name, "user"))
    if name in hub.users.orgs():
        return json_response(payloads.overview(name, "org"))
    raise Denied(404, f"nobody here is called {name!r}")


def list_repos(request: Request, hub: HubState, kind: str) -> Response:
    """The repos of a kind that the person may read: of an `author`, with all tags of `filter`, at most `limit`."""
    person = hub.caller(request)
    author, search = (request.query.get(name, [""])[-1] for name in ("author", "search"))
    found = []
    for repo in sorted(hub.repositories):
        fits = repo.kind == kind and search.lower() in repo.name.lower() and hub.may_read(person, repo)
        if fits and author in {"", repo.name.partition("/")[0]}:
            found.append(_listed(request, hub, repo))
    wanted = set(request.query.get("filter", []))
    return json_response([said for said in found if wanted.issubset(_tags(said))][: _limit(request)])


def _listed(request: Request, hub: HubState, repo: RepoId) -> dict[str, object]:
    repository = hub.repositories[repo]
    return summary(hub, repo, repository, repository.resolve("main") or "", request)


def _tags(said: Mapping[str, object]) -> set[object]:
    listed = said["tags"]
    return set(listed) if isinstance(listed, list) else set()


def _limit(request: Request) -> int:
    limit = request.query.get("limit", [""])[-1]
    return int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 else _MOST_LISTED


def validate_yaml(request: Request, hub: HubState, _name: str) -> Response:
    """The client asks before it uploads a README; the local Hub has no objections."""
    hub.need_person(request)
    request.json()
    return json_response({"errors": [], "warnings": []})


def create_repo(request: Request, hub: HubState, _name: str) -> Response:
    """A new repo with an empty commit, in the state folder."""
    person = hub.need_person(request)
    repo = _new_name(request, person)
    if not hub.may_write(person, repo):
        raise Denied(403, f"Forbidden: {person.name} may not make repos of {repo.name.partition('/')[0]}")
    prefix = "" if repo.kind == "models" else f"{repo.kind}/"
    url = f"{hub.url}/{prefix}{repo.name}"
    if not hub.repositories.create(repo, hub.signature(person)):
        message = f"You already created this {repo.kind.removesuffix('s')} repo: {repo.name}"
        return json_response({"error": message, "url": url}, 409, {"X-Error-Message": message})
    if request.json().get("visibility") == "private" or request.json().get("private") is True:
        hub.make_private(repo)
    hub.emit(RepoCreated(repo, person))
    return json_response({"url": url, "name": repo.name, "id": repo.name})


def _new_name(request: Request, person: Person) -> RepoId:
    asked = request.json()
    name = f"{asked.get('organization') or person.name}/{asked.get('name')}"
    if asked.get("type") not in _KINDS:
        raise Denied(400, f"this local Hub has models, datasets and Spaces, and no {asked.get('type')!r}")
    if not is_repo_name(name) or len(name) > 193:
        raise Denied(400, f"{name!r} is not the name of a Hub repo: write letters, digits, `-`, `_` and `.`")
    return RepoId(_KINDS[asked.get("type")], name)
