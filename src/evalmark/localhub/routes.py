"""What a request line asks for. Pure; reads the raw path, because `refs%2Fpr%2F1` is one part of it and not three."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from evalmark.localhub.names import Kind, RepoId, is_repo_name, is_text

SiteAction = Literal["whoami", "agent-harnesses"]
RepoAction = Literal[
    "info", "tree", "resolve", "paths-info", "refs", "commits", "discussions", "discussion", "leaderboard"
]

_SITE: dict[tuple[str, ...], SiteAction] = {
    ("api", "whoami-v2"): "whoami",
    ("api", "agent-harnesses"): "agent-harnesses",
}
_OF_ALL: dict[str, RepoAction] = {"refs": "refs", "discussions": "discussions", "leaderboard": "leaderboard"}
_WITH_REVISION: dict[str, RepoAction] = {"revision": "info", "paths-info": "paths-info", "commits": "commits"}


@dataclass(frozen=True)
class SiteRoute:
    """A question about the Hub itself."""

    action: SiteAction


@dataclass(frozen=True)
class NoSuchRepoRoute:
    """A question about a repo whose name no repo here can have, such as `gpt2`, which has no owner."""

    name: str


@dataclass(frozen=True)
class RepoRoute:
    """A question about a repo. `path` is as the client wrote it: it means something only if the repo lists it."""

    action: RepoAction
    repo: RepoId
    revision: str = "main"
    path: str = ""


Route = SiteRoute | RepoRoute | NoSuchRepoRoute


def parse_target(target: str) -> Route | None:
    """The route of a request target (raw path, perhaps with a query); None if this Hub has no such route.

    >>> parse_target("/api/datasets/org/bench/revision/refs%2Fpr%2F1")
    RepoRoute(action='info', repo=RepoId(kind='datasets', name='org/bench'), revision='refs/pr/1', path='')
    """
    parts = _decoded_parts(target.partition("?")[0])
    if parts is None:
        return None
    if parts in _SITE:
        return SiteRoute(_SITE[parts])
    if parts[0] == "api":
        return _api_route(parts[1:])
    return _resolve_route("datasets", parts[1:]) if parts[0] == "datasets" else _resolve_route("models", parts)


def _decoded_parts(raw_path: str) -> tuple[str, ...] | None:
    """The parts of a raw path, each decoded by itself; None for what no client of the Hub sends."""
    if not raw_path.startswith("/") or not raw_path.isascii():
        return None
    try:
        parts = tuple(unquote(part, errors="strict") for part in raw_path[1:].split("/"))
    except UnicodeDecodeError:
        return None
    return parts if all(is_text(part) for part in parts) else None


def _api_route(parts: tuple[str, ...]) -> Route | None:
    match parts:
        case ("models" | "datasets" as kind, owner, name, *rest):
            if not is_repo_name(f"{owner}/{name}"):
                return NoSuchRepoRoute(f"{owner}/{name}")
            return _repo_route(RepoId(kind, f"{owner}/{name}"), rest)
        case ("models" | "datasets", name) if name:
            return NoSuchRepoRoute(name)
    return None


def _repo_route(repo: RepoId, rest: list[str]) -> RepoRoute | None:
    match rest:
        case []:
            return RepoRoute("info", repo)
        case [word] if word in _OF_ALL and (repo.kind == "datasets" or word != "leaderboard"):
            return RepoRoute(_OF_ALL[word], repo)
        case ["discussions", number]:
            return RepoRoute("discussion", repo, path=number)
        case ["tree", revision, *path]:
            return RepoRoute("tree", repo, revision, "/".join(path))
        case [word, revision] if word in _WITH_REVISION:
            return RepoRoute(_WITH_REVISION[word], repo, revision)
    return None


def _resolve_route(kind: Kind, parts: tuple[str, ...]) -> Route | None:
    match parts:
        case (owner, name, "resolve", revision, _, *_):
            if not is_repo_name(f"{owner}/{name}"):
                return NoSuchRepoRoute(f"{owner}/{name}")
            return RepoRoute("resolve", RepoId(kind, f"{owner}/{name}"), revision, "/".join(parts[4:]))
        case (name, "resolve", _, _, *_):
            return NoSuchRepoRoute(name)
    return None
