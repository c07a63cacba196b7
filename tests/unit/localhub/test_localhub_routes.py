"""What a request line asks for."""

import pytest

from evalmark.localhub.names import RepoId
from evalmark.localhub.routes import GitRoute, NoSuchRepoRoute, RepoRoute, SiteRoute, parse_target

MODEL = RepoId("models", "org/m")
BENCH = RepoId("datasets", "org/b")


@pytest.mark.parametrize(
    ("target", "route"),
    [
        ("/api/models/org/m", RepoRoute("info", MODEL)),
        ("/api/models/org/m?blobs=true&expand=sha", RepoRoute("info", MODEL)),
        ("/api/datasets/org/b/revision/v1", RepoRoute("info", BENCH, "v1")),
        ("/api/datasets/org/b/tree/main", RepoRoute("tree", BENCH)),
        ("/api/datasets/org/b/tree/main/a%2Fb", RepoRoute("tree", BENCH, "main", "a/b")),
        ("/api/datasets/org/b/tree/main/a/b", RepoRoute("tree", BENCH, "main", "a/b")),
        ("/api/datasets/org/b/paths-info/dev", RepoRoute("paths-info", BENCH, "dev")),
        ("/api/models/org/m/refs?include_prs=1", RepoRoute("refs", MODEL)),
        ("/api/models/org/m/commits/dev", RepoRoute("commits", MODEL, "dev")),
        ("/org/m/resolve/main/a/b%20c.txt", RepoRoute("resolve", MODEL, "main", "a/b c.txt")),
        ("/datasets/org/b/resolve/main/eval.yaml", RepoRoute("resolve", BENCH, "main", "eval.yaml")),
        ("/api/whoami-v2", SiteRoute("whoami", "whoami-v2")),
        ("/api/agent-harnesses", SiteRoute("agent-harnesses", "agent-harnesses")),
        ("/api/models?author=org", SiteRoute("list", "models")),
        ("/api/repos/create", SiteRoute("create-repo", "repos")),
        ("/api/users/ada/overview", SiteRoute("overview", "ada")),
        ("/api/models/org/m/commit/refs%2Fpr%2F1?create_pr=1", RepoRoute("commit", MODEL, "refs/pr/1")),
        ("/api/models/org/m/discussions/3", RepoRoute("discussion", MODEL, number="3")),
        ("/api/models/org/m/discussions/3/merge", RepoRoute("merge", MODEL, number="3")),
        ("/api/models/org/m/discussions/3/comment/ab/edit", RepoRoute("edit", MODEL, number="3", comment="ab")),
        ("/org/m/info/refs?service=git-upload-pack", GitRoute(MODEL, None)),
        ("/org/m.git/git-receive-pack", GitRoute(MODEL, "git-receive-pack")),
        ("/datasets/org/b/git-upload-pack", GitRoute(BENCH, "git-upload-pack")),
    ],
)
def test_target__known_routes(target: str, route: object) -> None:
    assert parse_target(target) == route


def test_target__an_encoded_slash_does_not_end_a_revision() -> None:
    assert parse_target("/datasets/org/b/resolve/refs%2Fpr%2F1/a.txt") == RepoRoute(
        "resolve", BENCH, "refs/pr/1", "a.txt"
    )


def test_target__is_decoded_once() -> None:
    assert parse_target("/org/m/resolve/main/%252e%252e") == RepoRoute("resolve", MODEL, "main", "%2e%2e")


@pytest.mark.parametrize("target", ["/api/models/gpt2", "/gpt2/resolve/main/config.json", "/api/models/a/..%2Fb"])
def test_target__a_name_that_no_repo_can_have(target: str) -> None:
    assert isinstance(parse_target(target), NoSuchRepoRoute)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "*",
        "/",
        "http://127.0.0.1/api/models/org/m",
        "/api/repos",
        "/api/models/org/m/discussions/3/comment/ab",
        "/api/models/org/m/discussions/3/likes",
        "/org/m/info/refs/more",
        "/org/m/git-upload-archive",
        "/..%2Fx/m/info/refs",
        "/api/collections/org/s",
        "/api/models/org/m/leaderboard",
        "/api/models/org/m/refs/more",
        "/org/m/resolve/main",
        "/org/m/raw/main/a",
        "/org/m/resolve/main/a%00b",
        "/org/m/resolve/main/a%0Ab",
        "/org/m/resolve/main/%FF",
        "/org/m/resolve/main/ü",
    ],
)
def test_target__unknown_or_malformed(target: str) -> None:
    assert parse_target(target) is None
