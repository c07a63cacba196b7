"""The fake GitHub is worth its trust: its objects are git's, and it notices what is not as described."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.github.contract import Request, Response, request_violations, response_violations
from tests.github.fake import Executable, FakeGitHub, Repo, Symlink
from tests.github.objects import Objects

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
GIT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Someone"), ("EMAIL", "someone@example.org"), ("DATE", "1700000000 +0000"))
    },
}


def ask(
    github: FakeGitHub,
    method: str,
    path: str,
    token: str = "",
    body: object = None,
    headers: Mapping[str, str] = HEADERS,
) -> tuple[int, Any]:
    """A request as some other client would send it: the status and the JSON of the answer."""
    given = dict(headers) | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{github.url}{path}", data=data, headers=given | {"Content-Type": "application/json"}, method=method
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as response:
            return response.status, json.loads(response.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def pull_request(github: FakeGitHub, **more: bool) -> tuple[Repo, int]:
    repo = github.repository("acme/model", **more)
    base = repo.commit({"a": b"1"})
    return repo, repo.pull_request(repo.commit({"b": b"2"}, base), base)


def test_objects__are_named_as_git_names_them(tmp_path: Path) -> None:
    (tmp_path / "a-b").mkdir()
    (tmp_path / "a").mkdir()
    for path, text in (("a/x", "1"), ("a-b/y", "2"), ("a.txt", "3"), ("run", "#!")):
        (tmp_path / path).write_text(text)
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "link").symlink_to("/etc/passwd")
    for command in ("init -q", "add -A", "commit -q -m x --cleanup=verbatim"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, env=GIT, check=True)
    said = subprocess.run(
        ["git", "cat-file", "-p", "HEAD"], cwd=tmp_path, env=GIT, check=True, capture_output=True, text=True
    ).stdout
    ours = Objects()

    sha = ours.commit(
        {"run": Executable(b"#!"), "a.txt": b"3", "a/x": b"1", "a-b/y": b"2", "link": Symlink("/etc/passwd")}, None
    )

    assert said.startswith(f"tree {ours.commits[sha].tree}\nauthor Someone <someone@example.org> 1700000000 +0000\n")


def test_commit__changes_on_top_of_its_parent() -> None:
    with FakeGitHub() as github:
        repo = github.repository("acme/model")
        first = repo.commit({"a": b"1", "b": b"2"})
        second = repo.commit({"b": None, "c": b"3"}, first)

        assert repo.objects.files[second] == {"a": b"1", "c": b"3"}
        assert list(repo.objects.history(second)) == [second, first]


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "says"),
    [
        ("POST", "/repos/acme/model/issues/1/comments", {}, HEADERS, "'body' is a required property"),
        ("POST", "/repos/acme/model/statuses/abc", {"state": "neutral"}, HEADERS, "'neutral' is not one of"),
        ("GET", "/repos/acme/model/issues/one/comments", None, HEADERS, "invalid literal for int"),
        ("GET", "/repos/acme/model/pulls/1?cache=no", None, HEADERS, "'cache', which is not declared"),
        ("GET", "/repos/acme/model/secrets", None, HEADERS, "Path not found"),
        ("PUT", "/repos/acme/model/pulls/1", None, HEADERS, "Operation put not found"),
        ("GET", "/repos/acme/model/pulls/1", None, {**HEADERS, "Accept": "*/*"}, "no media type"),
        ("GET", "/repos/acme/model/pulls/1", None, {"Accept": HEADERS["Accept"]}, "no version"),
    ],
)
def test_request__not_as_described_is_found(
    method: str, path: str, body: object, headers: Mapping[str, str], says: str
) -> None:
    lower = {name.lower(): value for name, value in headers.items()} | {"content-type": "application/json"}

    found = list(request_violations(Request(method, path, lower, b"" if body is None else json.dumps(body).encode())))

    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [(201, {"id": 1}, "is a required property"), (202, {}, "202"), (201, [], "is not of type 'object'")],
)
def test_response__not_as_described_is_found(status: int, body: object, says: str) -> None:
    asked = Request("POST", "/repos/acme/model/issues/1/comments")

    found = list(response_violations(asked, Response(status, json.dumps(body).encode())))

    assert says in "\n".join(found)


def test_exit__tells_violations() -> None:
    github = FakeGitHub()
    github.__enter__()
    pull_request(github)
    github.check()

    assert ask(github, "GET", "/repos/acme/model/pulls/1?cache=no")[0] == 200

    with pytest.raises(AssertionError, match="'cache', which is not declared"):
        github.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("rights", "method", "path", "body", "status"),
    [
        (("contents: read",), "GET", "/pulls/1", None, 403),
        (("pull-requests: read",), "GET", "/pulls/1", None, 200),
        (("pull-requests: read",), "POST", "/issues/1/comments", {"body": "x"}, 403),
        (("issues: write",), "POST", "/issues/1/comments", {"body": "x"}, 201),
        (("pull-requests: write",), "POST", "/issues/1/comments", {"body": "x"}, 201),
        (("pull-requests: write",), "GET", "/issues/1/comments", None, 200),
        (("pull-requests: write",), "POST", "/issues/1/comments", {"body": "x" * 65_536}, 201),
        (("pull-requests: write",), "POST", "/issues/1/comments", {"body": "x" * 65_537}, 422),
        (("pull-requests: write",), "POST", "/issues/1/comments", {"body": " "}, 422),
        (("pull-requests: write",), "POST", "/issues/2/comments", {"body": "x"}, 404),
        (("pull-requests: write",), "PATCH", "/issues/comments/1", {"body": "x"}, 404),
        (("pull-requests: write",), "POST", "/statuses/HEAD", {"state": "success"}, 403),
        (("statuses: write",), "POST", "/statuses/HEAD", {"state": "success"}, 201),
        (("statuses: write",), "POST", "/statuses/HEAD", {"state": "success", "description": "x" * 141}, 422),
        (("statuses: write",), "POST", f"/statuses/{'0' * 40}", {"state": "success"}, 422),
        (None, "GET", "/pulls/1", None, 200),
        (None, "POST", "/issues/1/comments", {"body": "x"}, 401),
    ],
)
def test_rights_and_limits(rights: tuple[str, ...] | None, method: str, path: str, body: object, status: int) -> None:
    with FakeGitHub() as github:
        repo, number = pull_request(github)
        token = "" if rights is None else github.token(*rights)

        answered, _ = ask(
            github, method, f"/repos/Acme/Model{path.replace('HEAD', repo.pulls[number].head)}", token, body
        )

    assert answered == status


def test_rights__of_a_private_repo_and_a_wrong_token() -> None:
    with FakeGitHub() as github:
        pull_request(github, private=True)

        assert ask(github, "GET", "/repos/acme/model/pulls/1")[0] == 404
        assert ask(github, "GET", "/repos/acme/model/pulls/1", "ghs_guessed") == (
            401,
            {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"},
        )


@pytest.mark.parametrize(
    ("method", "path", "body"), [("POST", "/issues/1/comments", [1]), ("GET", "/issues/one/comments", None)]
)
def test_request__not_as_described_is_answered_all_the_same(method: str, path: str, body: object) -> None:
    github = FakeGitHub()
    with github:
        pull_request(github)
        answered, _ = ask(github, method, f"/repos/acme/model{path}", github.token("pull-requests: write"), body)
        assert github.violations
        github.violations.clear()

    assert answered == 422


def test_token__of_a_person_writes_as_the_person() -> None:
    with FakeGitHub() as github:
        repo, number = pull_request(github)
        for user in (None, "ada"):
            token = github.token("pull-requests: write", user=user)
            ask(github, "POST", f"/repos/acme/model/issues/{number}/comments", token, {"body": "x"})

        assert [(each.author, each.bot) for each in repo.comments(number)] == [
            ("github-actions[bot]", True),
            ("ada", False),
        ]


def test_faults__are_used_up_in_turn() -> None:
    with FakeGitHub() as github:
        pull_request(github)
        github.fail("GET", "pulls/1$", status=502)
        github.fail("GET", "pulls", status=500, body={"message": "x"}, times=2)

        statuses = [_status(github, "/repos/acme/model/pulls/1") for _ in range(4)]

    assert statuses == [502, 500, 500, 200]


def _status(github: FakeGitHub, path: str) -> int:
    return github.handle("GET", path, {name.lower(): value for name, value in HEADERS.items()}, b"").status
