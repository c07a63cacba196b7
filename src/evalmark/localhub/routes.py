"""What a request line asks for. Pure; reads the raw path, because `refs%2Fpr%2F1` is one part of it and not three."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from evalmark.localhub.names import Kind, RepoId, is_repo_name, is_text

SiteAction = Literal["whoami", "agent-harnesses", "overview", "list", "create-repo", "validate-yaml"]
RepoAction = Literal[
    "info",
    "tree",
    "resolve",
    "paths-info",
    "refs",
    "commits",
    "leaderboard",
    "preupload",
    "commit",
    "discussions",
    "discussion",
    "comment",
    "title",
    "status",
    "merge",
    "edit",
    "hide",
]
GitService = Literal["git-upload-pack", "git-receive-pack"]

_SITE: dict[tuple[str, ...], SiteAction] = {
    ("whoami-v2",): "whoami",
    ("agent-harnesses",): "agent-harnesses",
    ("validate-yaml",): "validate-yaml",
    ("repos", "create"): "create-repo",
    ("models",): "list",
    ("datasets",): "list",
}
_OF_ALL: dict[str, RepoAction] = {"refs": "refs", "discussions": "discussions", "leaderboard": "leaderboard"}
_WITH_REVISION: dict[str, RepoAction] = {
    "revision": "info",
    "paths-info": "paths-info",
    "commits": "commits",
    "preupload": "preupload",
    "commit": "commit",
}
_OF_A_DISCUSSION: dict[str, RepoAction] = {
    "comment": "comment",
    "title": "title",
    "status": "status",
    "merge": "merge",
}
_OF_A_COMMENT: dict[str, RepoAction] = {"edit": "edit", "hide": "hide"}
_GIT_SERVICES: dict[str, GitService] = {service: service for service in ("git-upload-pack", "git-receive-pack")}


@dataclass(frozen=True)
class SiteRoute:
    """A question about the Hub itself; `name` is whom or what it is about, if that is in the path."""

    action: SiteAction
    name: str = ""


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
    number: str = ""
    comment: str = ""


@dataclass(frozen=True)
class GitRoute:
    """What git itself asks for; without a service it asks for the refs, and names the service in the query."""

    repo: RepoId
    service: GitService | None


Route = SiteRoute | RepoRoute | NoSuchRepoRoute | GitRoute


def parse_target(target: str) -> Route | None:
    """The route of a request target (raw path, perhaps with a query); None if this Hub has no such route.

    >>> parse_target("/api/datasets/org/bench/revision/refs%2Fpr%2F1").revision
    'refs/pr/1'
    """
    parts = _decoded_parts(target.partition("?")[0])
    if parts is None:
        return None
    if parts[0] == "api":
        return _api_route(parts[1:])
    match parts:
        case ("datasets" | "spaces" as kind, *rest):
            return _page_route(kind, tuple(rest))
    return _page_route("models", parts)


def takes_upload(target: str) -> bool:
    """Whether what is sent there may be large: a commit, and what git sends."""
    route = parse_target(target)
    return isinstance(route, GitRoute) or (isinstance(route, RepoRoute) and route.action == "commit")


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
    if parts in _SITE:
        return SiteRoute(_SITE[parts], parts[0])
    match parts:
        case ("users" | "organizations", name, "overview"):
            return SiteRoute("overview", name)
        case ("models" | "datasets" | "spaces" as kind, owner, name, *rest):
            if not is_repo_name(f"{owner}/{name}"):
                return NoSuchRepoRoute(f"{owner}/{name}")
            return _repo_route(RepoId(kind, f"{owner}/{name}"), rest)
        case ("models" | "datasets" | "spaces", name) if name:
            return NoSuchRepoRoute(name)
    return None


def _repo_route(repo: RepoId, rest: list[str]) -> RepoRoute | None:
    match rest:
        case []:
            return RepoRoute("info", repo)
        case [word] if word in _OF_ALL and (repo.kind == "datasets" or word != "leaderboard"):
            return RepoRoute(_OF_ALL[word], repo)
        case ["discussions", number, *steps]:
            return _discussion_route(repo, number, steps)
        case ["tree", revision, *path]:
            return RepoRoute("tree", repo, revision, "/".join(path))
        case [word, revision] if word in _WITH_REVISION:
            return RepoRoute(_WITH_REVISION[word], repo, revision)
    return None


def _discussion_route(repo: RepoId, number: str, steps: list[str]) -> RepoRoute | None:
    match steps:
        case []:
            return RepoRoute("discussion", repo, number=number)
        case [word] if word in _OF_A_DISCUSSION:
            return RepoRoute(_OF_A_DISCUSSION[word], repo, number=number)
        case ["comment", comment, word] if word in _OF_A_COMMENT:
            return RepoRoute(_OF_A_COMMENT[word], repo, number=number, comment=comment)
    return None


def _page_route(kind: Kind, parts: tuple[str, ...]) -> Route | None:
    match parts:
        case (owner, name, "resolve", revision, _, *_):
            if not is_repo_name(f"{owner}/{name}"):
                return NoSuchRepoRoute(f"{owner}/{name}")
            return RepoRoute("resolve", RepoId(kind, f"{owner}/{name}"), revision, "/".join(parts[4:]))
        case (name, "resolve", _, _, *_):
            return NoSuchRepoRoute(name)
        case (owner, name, *words):
            return _git_route(kind, f"{owner}/{name.removesuffix('.git')}", words)
    return None


def _git_route(kind: Kind, name: str, words: list[str]) -> GitRoute | None:
    if not is_repo_name(name):
        return None
    if words == ["info", "refs"]:
        return GitRoute(RepoId(kind, name), None)
    if len(words) == 1 and words[0] in _GIT_SERVICES:
        return GitRoute(RepoId(kind, name), _GIT_SERVICES[words[0]])
    return None
