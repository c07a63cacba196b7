"""What GitHub sends is looked at before it is believed: odd shapes, odd values, other bytes than were listed."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalmark.adapters.github import GitHubClient, GitHubPublisher, GitHubReviews
from evalmark.adapters.github.reply import Reply, said
from evalmark.adapters.github.transport import Answer, Transport
from evalmark.errors import CouldNotFinish, EvalmarkError, Refused
from evalmark.review import ListedFile, Status
from tests.github.fake import FakeGitHub
from tests.github.objects import name_of

REPOSITORY = "acme/model"
SHA = "a" * 40
FILE = ListedFile("x.yaml", "file", 2, name_of("blob", b"hi"))
JOB = "github-actions[bot]"
PULL = {
    "state": "open",
    "head": {"sha": SHA, "repo": {"full_name": REPOSITORY}},
    "base": {"sha": SHA, "repo": {"full_name": REPOSITORY}},
}
COMPARED = {"merge_base_commit": {"sha": SHA}}
TREE = {"truncated": False, "tree": [{"path": "x", "mode": "100644", "size": 1, "sha": SHA}]}
BLOB = {"content": base64.b64encode(b"hi").decode(), "encoding": "base64"}
COMMENT = {"id": 1, "user": {"login": "ada", "type": "User"}, "body": "x", "html_url": "https://github.com"}


class Adapters:
    """Both of them, on the GitHub at `url`."""

    def __init__(self, url: str) -> None:
        client = GitHubClient(url, "", sleep=lambda _: None)
        self.reviews = GitHubReviews(client, REPOSITORY)
        self.publisher = GitHubPublisher(client, REPOSITORY, JOB)


class World(Adapters):
    """The adapters on a fake GitHub, which can be made to send anything."""

    def __init__(self, github: FakeGitHub) -> None:
        super().__init__(github.url)
        self.github = github
        self.repo = github.repository(REPOSITORY)

    def sends(self, path: str, body: object) -> None:
        """From now on."""
        self.github.fail("*", path, status=200, body=body, times=None)


@pytest.fixture
def world() -> Iterator[World]:
    with FakeGitHub() as github:
        yield World(github)


Act = Callable[[Adapters], object]
ACTS: Mapping[str, tuple[str, object, Act]] = {
    "pull request": ("pulls", PULL, lambda on: on.reviews.pull_request(1)),
    "comparison": ("compare", COMPARED, lambda on: on.reviews.merge_base(SHA, SHA)),
    "tree": ("trees", TREE, lambda on: on.reviews.listing(SHA, "")),
    "blob": ("blobs", BLOB, lambda on: on.reviews.content(FILE)),
    "comments": ("comments", [COMMENT], lambda on: on.publisher.comments(1)),
    "created": ("comments", COMMENT, lambda on: on.publisher.create_comment(1, "x")),
    "updated": ("comments", COMMENT, lambda on: on.publisher.update_comment(1, "1", "x")),
}
ODD: tuple[object, ...] = (None, True, 0, -1, 1.5, "", "x", [], {}, [None], {"sha": 7})


def places(value: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all values in JSON."""
    yield way
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from places(each, (*way, key))


def with_odd(value: object, way: tuple[Any, ...], odd: object) -> object:
    """A copy with another value in one place."""
    if not way:
        return odd
    copy = json.loads(json.dumps(value))
    inside = copy
    for key in way[:-1]:
        inside = inside[key]
    inside[way[-1]] = odd
    return copy


@pytest.mark.parametrize("name", ACTS)
def test_reply__as_it_should_be(world: World, name: str) -> None:
    path, good, act = ACTS[name]
    world.sends(path, good)
    world.sends("compare", COMPARED)

    assert act(world)


class Canned:
    """In place of the network, where it would be asked a thousand times: answers by the part of a path."""

    def __init__(self, bodies: Mapping[str, object], status: int = 200) -> None:
        self._bodies = bodies
        self._status = status

    def send(self, method: str, url: str, *_: object) -> Answer:
        """The answer for the first part that fits."""
        body = next(body for part, body in self._bodies.items() if part in url)
        return Answer(self._status, {}, json.dumps(body).encode())


def outcome(act: Act, canned: Canned) -> str:
    """What an act says if the network answers so: empty if it is fine. Any error but ours goes through."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transport, "send", lambda _, *asked: canned.send(*asked))
        try:
            act(Adapters("http://127.0.0.1:9"))
        except EvalmarkError as error:
            return f"{error.message}. {error.advice}"
        return ""


@pytest.mark.parametrize("name", ACTS)
def test_reply__an_odd_value_anywhere_is_our_error_or_harmless(name: str) -> None:
    path, good, act = ACTS[name]
    ways = list(places(good))

    said_of = [
        outcome(act, Canned({"compare": COMPARED} | {path: with_odd(good, way, odd)})) for way in ways for odd in ODD
    ]

    assert sum(map(bool, said_of)) > len(ways)
    assert any("is not as GitHub describes it: not " in each for each in said_of)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["sha", "tree", "head", "base", "repo", "message", "errors", "id", "user"]), inner
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from([200, 201, 204, 400, 403, 409, 418, 422]),
)
def test_reply__any_json_is_our_error_or_harmless(body: object, status: int) -> None:
    for _, _, act in ACTS.values():
        outcome(act, Canned({"": body}, status)).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b'{"a": ',
        b"[" * 100_000,
        b"9" * 5_000,
        b'{"state": NaN}',
        b"null",
        b"[]",
        b'"x"',
    ],
    ids=lambda body: repr(body[:12]),
)
@pytest.mark.parametrize("name", ["pull request", "tree", "blob", "created"])
def test_reply__that_is_none(world: World, name: str, body: bytes) -> None:
    path, _, act = ACTS[name]
    world.sends(path, body)

    with pytest.raises(CouldNotFinish, match="is not as GitHub describes it"):
        act(world)


def test_reply__says_where_it_is_odd(world: World) -> None:
    world.sends("pulls", with_odd(PULL, ("head", "sha"), "HEAD"))

    with pytest.raises(CouldNotFinish, match=r"GET /repos/acme/model/pulls/1 .* not 40 hex digits at `head.sha`"):
        world.reviews.pull_request(1)


def test_comparison__is_asked_for_without_its_files(world: World) -> None:
    """GitHub lists the changed files, up to 300 with their diffs, on the first page only."""
    commit = world.repo.commit({"a": b"1"})

    world.reviews.merge_base(commit, commit)

    assert world.github.requests[0][1].endswith(f"/compare/{commit}...{commit}?per_page=1&page=2")


# ── files ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("100644", "file"),
        ("100755", "file"),
        ("120000", "symlink"),
        ("160000", "submodule"),
        ("040000", "folder"),
    ],
)
def test_tree__kinds(world: World, mode: str, kind: str) -> None:
    world.sends("trees", with_odd(TREE, ("tree", 0, "mode"), mode))

    assert [file.kind for file in world.reviews.listing(SHA, "")] == [kind]


@pytest.mark.parametrize("mode", ["100664", "40000", "", "x" * 10_000])
def test_tree__a_mode_that_git_does_not_have(world: World, mode: str) -> None:
    world.sends("trees", with_odd(TREE, ("tree", 0, "mode"), mode))

    with pytest.raises(CouldNotFinish, match="which git does not have") as raised:
        world.reviews.listing(SHA, "")
    assert len(raised.value.message) < 200


def test_tree__too_many_files(world: World) -> None:
    world.sends("trees", with_odd(TREE, ("truncated",), True))

    with pytest.raises(CouldNotFinish, match="only a part"):
        world.reviews.listing(SHA, "")


def test_tree__is_read_once(world: World) -> None:
    commits = [world.repo.commit({".eval_results/a": b"1", "other": bytes([each])}) for each in range(2)]

    for commit in commits * 2:
        assert len(world.reviews.listing(commit, ".eval_results")) == 1

    assert len(world.github.requests) == 3  # two roots, and the folder that both have


@pytest.mark.parametrize("content", [b"ho", b"hi ", b"", b"hi" * 1000])
def test_blob__that_was_not_listed_is_refused(world: World, content: bytes) -> None:
    world.sends("blobs", {"content": base64.b64encode(content).decode(), "encoding": "base64"})

    with pytest.raises(Refused, match=r"'x.yaml' is not what it listed"):
        world.reviews.content(FILE)


def test_blob__of_another_size_than_listed_is_refused(world: World) -> None:
    world.sends("blobs", BLOB)

    with pytest.raises(Refused):
        world.reviews.content(ListedFile(FILE.path, "file", FILE.size + 1, FILE.digest))


@pytest.mark.parametrize(
    ("content", "encoding"), [("hi", "utf-8"), ("aGk", "base64"), ("a!Gk=", "base64"), ("ä", "base64")]
)
def test_blob__in_another_encoding(world: World, content: str, encoding: str) -> None:
    world.sends("blobs", {"content": content, "encoding": encoding})

    with pytest.raises(CouldNotFinish, match="base64"):
        world.reviews.content(FILE)


def test_content__any_bytes(world: World) -> None:
    data = bytes(range(256)) * 20
    commit = world.repo.commit({"x": data})

    assert [world.reviews.content(file) for file in world.reviews.listing(commit, "")] == [data]


# ── comments ────────────────────────────────────────────────────────────────────────────────


def numbered(world: World, count: int) -> int:
    number = world.repo.pull_request(world.repo.commit({"a": b"1"}), world.repo.commit({}))
    for place in range(count):
        world.repo.add_comment(number, "ada", f"{place}")
    return number


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
def test_comments__on_all_pages(world: World, count: int, pages: int) -> None:
    number = numbered(world, count)

    assert [comment.body for comment in world.publisher.comments(number)] == [str(place) for place in range(count)]
    assert len(world.github.requests) == pages


def test_comments__without_an_end(world: World) -> None:
    number = numbered(world, 1)
    world.github.link("comments", f"{world.github.url}/repos/acme/model/issues/{number}/comments?page=1")

    with pytest.raises(CouldNotFinish, match="over 100 pages"):
        world.publisher.comments(number)
    assert len(world.github.requests) == 100


@pytest.mark.parametrize(
    ("login", "bot", "author"),
    [
        pytest.param(JOB, True, JOB, id="a job"),
        pytest.param("ada", False, "ada", id="a person"),
        pytest.param(JOB, False, "", id="a person called like a job"),
        pytest.param("evil[bot]", False, "", id="a person called like a bot"),
        pytest.param("", False, "", id="a deleted account"),
    ],
)
def test_comments__authors(world: World, login: str, bot: bool, author: str) -> None:
    number = numbered(world, 0)
    world.repo.add_comment(number, login, "x", bot=bot)

    assert [comment.author for comment in world.publisher.comments(number)] == [author]


def test_status__is_sent_whole() -> None:
    with FakeGitHub() as github:
        repo = github.repository(REPOSITORY)
        commit = repo.commit({"a": b"1"})
        client = GitHubClient(github.url, github.token("statuses: write"))
        publisher = GitHubPublisher(client, REPOSITORY, JOB)

        publisher.set_status(commit, Status("evalmark", "failure", "1 mismatch", "https://github.com/acme/model"))
        publisher.set_status(commit, Status("evalmark", "success", ""))

        told = [(each.context, each.state, each.description, each.target_url) for each in repo.statuses[commit]]
    assert told == [
        ("evalmark", "failure", "1 mismatch", "https://github.com/acme/model"),
        ("evalmark", "success", "", None),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"message": "Not Found"}', "Not Found"),
        (b'{"message": "Failed", "errors": [{"message": "too long"}, {"code": "x"}]}', "Failed: too long"),
        (b'{"message": "Failed", "errors": ["text"]}', ""),
        (b'{"message": 7}', ""),
        (b"[]", ""),
        (b"<html>", ""),
    ],
)
def test_said__by_an_error(body: bytes, text: str) -> None:
    assert said(body) == text


def test_reply__a_flag_is_no_number() -> None:
    with pytest.raises(CouldNotFinish, match="whole number"):
        Reply("GET /x", True).number()
