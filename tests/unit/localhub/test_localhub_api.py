"""Requests to responses, without sockets: safety first."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.localhub.api import handle
from evalmark.localhub.message import Request, Response
from evalmark.localhub.names import RepoId
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.state import HubState
from tests.contract.localhub_fixtures import BenchShas, make_bench, opened_state


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HubState, BenchShas]]:
    root: Path = tmp_path_factory.mktemp("api")
    (root / "secret.txt").write_text("secret")
    shas = make_bench(root / "bench")
    with opened_state({RepoId("datasets", "org/bench"): root / "bench"}, root / "state") as hub:
        hub.read_only = True
        yield hub, shas


@pytest.fixture(scope="module")
def hub(bench: tuple[HubState, BenchShas]) -> HubState:
    return bench[0]


def get(hub: HubState, target: str, **headers: str) -> Response:
    """The answer to a GET."""
    return handle(Request("GET", target, headers), hub)


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
def test_resolve__outside_of_the_repo_is_entry_not_found(hub: HubState, path: str) -> None:
    response = get(hub, f"/datasets/org/bench/resolve/main/{path}")
    assert (response.status, response.headers["X-Error-Code"]) == (404, "EntryNotFound")


@pytest.mark.parametrize("path", ["eval.yaml%00", "a%0d%0aX-Evil:1", "%ff%fe"])
def test_resolve__control_characters_are_no_route(hub: HubState, path: str) -> None:
    assert get(hub, f"/datasets/org/bench/resolve/main/{path}").status == 404


@pytest.mark.parametrize("revision", ["--output=x", "-h", "main^", "..", "@{-1}", "HEAD", "main:eval.yaml", " "])
def test_revision__odd_is_revision_not_found(hub: HubState, revision: str) -> None:
    response = get(hub, f"/api/datasets/org/bench/revision/{quote(revision, safe='')}")
    assert (response.status, response.headers["X-Error-Code"]) == (404, "RevisionNotFound")


def test_resolve__has_what_the_client_caches_by(bench: tuple[HubState, BenchShas]) -> None:
    hub, shas = bench
    response = get(hub, "/datasets/org/bench/resolve/main/data/deep/note.txt")
    assert (response.status, response.length, response.headers["ETag"], response.headers["X-Repo-Commit"]) == (
        200,
        2,
        '"587be6b4c3f93f93c489c0111bba5596147a26cb"',
        shas.main,
    )


def test_resolve__missing_file_still_names_the_commit(bench: tuple[HubState, BenchShas]) -> None:
    response = get(bench[0], "/datasets/org/bench/resolve/main/absent")
    assert response.headers["X-Repo-Commit"] == bench[1].main


def test_resolve__folder_is_entry_not_found(hub: HubState) -> None:
    assert get(hub, "/datasets/org/bench/resolve/main/data").headers["X-Error-Code"] == "EntryNotFound"


def test_resolve__range(hub: HubState) -> None:
    response = get(hub, "/datasets/org/bench/resolve/main/eval.yaml", range="bytes=0-3")
    assert (response.status, body(response), response.length) == (206, b"name", 4)


def test_resolve__range_outside(hub: HubState) -> None:
    response = get(hub, "/datasets/org/bench/resolve/main/eval.yaml", range="bytes=9999-")
    assert (response.status, response.headers["Content-Range"][:8]) == (416, "bytes */")


def test_paths_info__outside_of_the_repo_is_left_out(hub: HubState) -> None:
    form = b"paths=..%2Fsecret.txt&paths=.git%2Fconfig&paths=%00&paths=eval.yaml&expand=false"
    response = handle(Request("POST", "/api/datasets/org/bench/paths-info/main", body=form), hub)
    assert [item["path"] for item in json.loads(body(response))] == ["eval.yaml"]


@pytest.mark.parametrize("form", [b"\xff", b"a=1&" * 20_000])
def test_paths_info__odd_form_is_a_bad_request(hub: HubState, form: bytes) -> None:
    assert handle(Request("POST", "/api/datasets/org/bench/paths-info/main", body=form), hub).status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "ODD"])
def test_method__writes_are_refused_with_a_reason(hub: HubState, method: str) -> None:
    response = handle(Request(method, "/api/datasets/org/bench/commit/main"), hub)
    assert (response.status, "read-only" in response.headers["X-Error-Message"]) == (501, True)


def test_route__unknown_is_refused_with_a_reason(hub: HubState) -> None:
    response = get(hub, "/api/datasets/org/bench/likers")
    assert (response.status, "does not do that" in response.headers["X-Error-Message"]) == (404, True)


def test_repo__unknown_names_those_that_are_served(hub: HubState) -> None:
    response = get(hub, "/api/datasets/org/other")
    assert (response.headers["X-Error-Code"], json.loads(body(response))["error"]) == (
        "RepoNotFound",
        "there is no repo datasets/org/other here (served: datasets/org/bench)",
    )


def test_whoami__without_a_token(hub: HubState) -> None:
    response = get(hub, "/api/whoami-v2")
    assert (response.status, json.loads(body(response))) == (401, {"error": "Invalid user token."})


def test_agent_harnesses__are_none(hub: HubState) -> None:
    response = get(hub, "/api/agent-harnesses")
    assert json.loads(body(response)) == {"standardEnvVars": [], "harnesses": {}}


def test_host__of_another_name_is_refused(hub: HubState) -> None:
    assert get(hub, "/api/datasets/org/bench", host="evil.example:80").status == 403


def test_failure__of_git_is_501_and_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "repos/models/a/b.git"
    broken.mkdir(parents=True)
    with opened_state({}, tmp_path) as hub:
        response = get(hub, "/api/models/a/b")
    assert (response.status, "fsck" in response.headers["X-Error-Message"]) == (501, True)


def test_failure__of_our_own_is_501(hub: HubState, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: GitRepository, revision: str) -> None:
        raise ZeroDivisionError("x\r\ny")

    monkeypatch.setattr(GitRepository, "resolve", broken)
    response = get(hub, "/api/datasets/org/bench")
    assert (response.status, response.headers["X-Error-Message"]) == (
        501,
        "a bug in evalmark's local Hub: ZeroDivisionError: x  y",
    )


anything = st.text(st.characters(codec="utf-8")) | st.sampled_from(["..", ".", ".git", "main", "-x", "eval.yaml", "\0"])
routes = st.sampled_from(["resolve", "tree", "revision", "commits", "paths-info", "refs", "raw"])


@given(st.text())
def test_any_target__gets_an_answer(hub: HubState, target: str) -> None:
    assert get(hub, target).status in {200, 401, 404, 405}


@given(routes, anything, st.lists(anything, max_size=4), st.booleans())
def test_any_path__never_leaves_the_repo_and_never_fails(
    hub: HubState, route: str, revision: str, parts: list[str], api: bool
) -> None:
    rest = "/".join(quote(part, safe="") for part in [revision, *parts])
    prefix = "/api" if api else ""
    response = get(hub, f"{prefix}/datasets/org/bench/{route}/{rest}")
    assert response.status in {200, 404, 405}
    assert b"secret" not in body(response) or response.status != 200


@given(st.binary())
def test_any_form__gets_an_answer(hub: HubState, form: bytes) -> None:
    request = Request("POST", "/api/datasets/org/bench/paths-info/main", body=form)
    assert handle(request, hub).status in {200, 400}
