"""Requests to responses, without sockets: safety first."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.localhub.api import handle
from evalmark.localhub.folder import open_repository
from evalmark.localhub.message import Request, Response
from evalmark.localhub.names import RepoId
from evalmark.localhub.repository import GitRepository
from tests.contract.localhub_fixtures import BenchShas, make_bench

Repositories = dict[RepoId, GitRepository]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Repositories, BenchShas]]:
    root: Path = tmp_path_factory.mktemp("api")
    (root / "secret.txt").write_text("secret")
    shas = make_bench(root / "bench")
    repository = open_repository(root / "bench", root / "unused")
    yield {RepoId("datasets", "org/bench"): repository}, shas
    repository.close()


@pytest.fixture(scope="module")
def repositories(bench: tuple[Repositories, BenchShas]) -> Repositories:
    return bench[0]


def get(repositories: Repositories, target: str, **headers: str) -> Response:
    """The answer to a GET."""
    return handle(Request("GET", target, headers), repositories)


def body(response: Response) -> bytes:
    """The whole body."""
    return b"".join(response.chunks())


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt",
        "..%2Fsecret.txt",
        "%2e%2e/secret.txt",
        "data/../../secret.txt",
        "data%2F..%2F..%2Fsecret.txt",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "..%5Csecret.txt",
        ".git/config",
        ".git%2FHEAD",
        "./eval.yaml",
        "data//test.jsonl",
        "eval.yaml/",
    ],
)
def test_resolve__outside_of_the_repo_is_entry_not_found(repositories: Repositories, path: str) -> None:
    response = get(repositories, f"/datasets/org/bench/resolve/main/{path}")
    assert (response.status, response.headers["X-Error-Code"]) == (404, "EntryNotFound")


@pytest.mark.parametrize("path", ["eval.yaml%00", "a%0d%0aX-Evil:1", "%ff%fe"])
def test_resolve__control_characters_are_no_route(repositories: Repositories, path: str) -> None:
    assert get(repositories, f"/datasets/org/bench/resolve/main/{path}").status == 404


@pytest.mark.parametrize("revision", ["--output=x", "-h", "main^", "..", "@{-1}", "HEAD", "main:eval.yaml", " "])
def test_revision__odd_is_revision_not_found(repositories: Repositories, revision: str) -> None:
    response = get(repositories, f"/api/datasets/org/bench/revision/{quote(revision, safe='')}")
    assert (response.status, response.headers["X-Error-Code"]) == (404, "RevisionNotFound")


def test_resolve__has_what_the_client_caches_by(bench: tuple[Repositories, BenchShas]) -> None:
    repositories, shas = bench
    response = get(repositories, "/datasets/org/bench/resolve/main/data/deep/note.txt")
    assert (response.status, response.length, response.headers["ETag"], response.headers["X-Repo-Commit"]) == (
        200,
        2,
        '"587be6b4c3f93f93c489c0111bba5596147a26cb"',
        shas.main,
    )


def test_resolve__missing_file_still_names_the_commit(bench: tuple[Repositories, BenchShas]) -> None:
    response = get(bench[0], "/datasets/org/bench/resolve/main/absent")
    assert response.headers["X-Repo-Commit"] == bench[1].main


def test_resolve__folder_is_entry_not_found(repositories: Repositories) -> None:
    assert get(repositories, "/datasets/org/bench/resolve/main/data").headers["X-Error-Code"] == "EntryNotFound"


def test_resolve__range(repositories: Repositories) -> None:
    response = get(repositories, "/datasets/org/bench/resolve/main/eval.yaml", range="bytes=0-3")
    assert (response.status, body(response), response.length) == (206, b"name", 4)


def test_resolve__range_outside(repositories: Repositories) -> None:
    response = get(repositories, "/datasets/org/bench/resolve/main/eval.yaml", range="bytes=9999-")
    assert (response.status, response.headers["Content-Range"][:8]) == (416, "bytes */")


def test_paths_info__outside_of_the_repo_is_left_out(repositories: Repositories) -> None:
    form = b"paths=..%2Fsecret.txt&paths=.git%2Fconfig&paths=%00&paths=eval.yaml&expand=false"
    response = handle(Request("POST", "/api/datasets/org/bench/paths-info/main", body=form), repositories)
    assert [item["path"] for item in json.loads(body(response))] == ["eval.yaml"]


@pytest.mark.parametrize("form", [b"\xff", b"a=1&" * 20_000])
def test_paths_info__odd_form_is_a_bad_request(repositories: Repositories, form: bytes) -> None:
    assert handle(Request("POST", "/api/datasets/org/bench/paths-info/main", body=form), repositories).status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "ODD"])
def test_method__writes_are_refused_with_a_reason(repositories: Repositories, method: str) -> None:
    response = handle(Request(method, "/api/datasets/org/bench/commit/main"), repositories)
    assert (response.status, "read-only" in response.headers["X-Error-Message"]) == (501, True)


def test_route__unknown_is_refused_with_a_reason(repositories: Repositories) -> None:
    response = get(repositories, "/api/datasets/org/bench/likers")
    assert (response.status, "read-only" in response.headers["X-Error-Message"]) == (404, True)


def test_repo__unknown_names_those_that_are_served(repositories: Repositories) -> None:
    response = get(repositories, "/api/datasets/org/other")
    assert (response.headers["X-Error-Code"], json.loads(body(response))["error"]) == (
        "RepoNotFound",
        "there is no repo datasets/org/other here (served: datasets/org/bench)",
    )


def test_whoami__without_a_token(repositories: Repositories) -> None:
    response = get(repositories, "/api/whoami-v2")
    assert (response.status, json.loads(body(response))) == (401, {"error": "Invalid user token."})


def test_agent_harnesses__are_none(repositories: Repositories) -> None:
    response = get(repositories, "/api/agent-harnesses")
    assert json.loads(body(response)) == {"standardEnvVars": [], "harnesses": {}}


def test_host__of_another_name_is_refused(repositories: Repositories) -> None:
    assert get(repositories, "/api/datasets/org/bench", host="evil.example:80").status == 403


def test_failure__of_git_is_501_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "no.git").mkdir()
    repository = GitRepository(tmp_path / "no.git")
    response = get({RepoId("models", "a/b"): repository}, "/api/models/a/b")
    repository.close()
    assert (response.status, "fsck" in response.headers["X-Error-Message"]) == (501, True)


def test_failure__of_our_own_is_501(repositories: Repositories, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: GitRepository, revision: str) -> None:
        raise ZeroDivisionError("x\r\ny")

    monkeypatch.setattr(GitRepository, "resolve", broken)
    response = get(repositories, "/api/datasets/org/bench")
    assert (response.status, response.headers["X-Error-Message"]) == (
        501,
        "a bug in evalmark's local Hub: ZeroDivisionError: x  y",
    )


anything = st.text(st.characters(codec="utf-8")) | st.sampled_from(["..", ".", ".git", "main", "-x", "eval.yaml", "\0"])
routes = st.sampled_from(["resolve", "tree", "revision", "commits", "paths-info", "refs", "raw"])


@given(st.text())
def test_any_target__gets_an_answer(repositories: Repositories, target: str) -> None:
    assert get(repositories, target).status in {404, 200}


@given(routes, anything, st.lists(anything, max_size=4), st.booleans())
def test_any_path__never_leaves_the_repo_and_never_fails(
    repositories: Repositories, route: str, revision: str, parts: list[str], api: bool
) -> None:
    rest = "/".join(quote(part, safe="") for part in [revision, *parts])
    prefix = "/api" if api else ""
    response = get(repositories, f"{prefix}/datasets/org/bench/{route}/{rest}")
    assert response.status in {200, 404, 501}
    assert response.status != 501 or "no GET on" in response.headers["X-Error-Message"]
    assert b"secret" not in body(response) or response.status != 200


@given(st.binary())
def test_any_form__gets_an_answer(repositories: Repositories, form: bytes) -> None:
    request = Request("POST", "/api/datasets/org/bench/paths-info/main", body=form)
    assert handle(request, repositories).status in {200, 400}
