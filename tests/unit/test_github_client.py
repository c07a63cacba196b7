"""The client in a hostile world: limits, trouble, servers that send it elsewhere, and answers that are none."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from evalmark.adapters.github import GitHubClient, GitHubPublisher, GitHubReviews
from evalmark.adapters.github.transport import LARGEST_BODY, Origin
from evalmark.errors import CouldNotFinish, EvalmarkError, Forbidden, Refused, UsageProblem
from evalmark.review import Status
from tests.github.fake import FakeGitHub, Repo

NOW = 1_800_000_000.0
REPOSITORY = "acme/model"
LATER = {"message": "You have exceeded a secondary rate limit.", "documentation_url": "https://docs.github.com"}


class World:
    """A repo with one pull request on a fake GitHub; a client whose clock moves only when it sleeps."""

    def __init__(self, github: FakeGitHub, *rights: str) -> None:
        self.github = github
        self.sleeps: list[float] = []
        self.token = github.token(*(rights or ("contents: read", "pull-requests: write", "statuses: write")))
        self.client = self.client_at(github.url)
        self.reviews = GitHubReviews(self.client, REPOSITORY)
        self.publisher = GitHubPublisher(self.client, REPOSITORY, "github-actions[bot]")

    def client_at(self, url: str) -> GitHubClient:
        return GitHubClient(url, self.token, sleep=self.sleeps.append, clock=lambda: NOW + sum(self.sleeps))

    @property
    def repo(self) -> Repo:
        return self.github.repository_named(REPOSITORY)

    @property
    def asked(self) -> int:
        """How often GitHub was asked."""
        return len(self.github.requests)


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub(clock=lambda: NOW) as running:
        repo = running.repository(REPOSITORY)
        base = repo.commit({"README.md": b"# Model\n"})
        repo.pull_request(repo.commit({"a": b"1"}, base), base)
        yield running


@pytest.fixture
def world(github: FakeGitHub) -> World:
    return World(github)


@pytest.fixture
def elsewhere() -> Iterator[FakeGitHub]:
    """Another server, that nothing must be sent to."""
    with FakeGitHub() as running:
        yield running
        assert running.requests == []


# ── limits ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "headers", "waits"),
    [
        pytest.param(429, {"Retry-After": "17"}, 17, id="429 that says when"),
        pytest.param(403, {"Retry-After": "17"}, 17, id="secondary limit"),
        pytest.param(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) + 25)}, 25, id="primary"),
        pytest.param(
            429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW) - 9)}, 1, id="clocks differ"
        ),
        pytest.param(403, {}, 60, id="a limit that does not say when"),
        pytest.param(429, {"Retry-After": "soon"}, 60, id="nonsense"),
        pytest.param(429, {"Retry-After": "-5"}, 60, id="negative"),
    ],
)
@pytest.mark.parametrize("writes", [False, True])
def test_limit__is_waited_for_as_told(
    world: World, status: int, headers: dict[str, str], waits: int, writes: bool
) -> None:
    world.github.fail("*", "comments", status=status, headers=headers, body=LATER)

    if writes:
        world.publisher.create_comment(1, "x")
    else:
        world.publisher.comments(1)

    assert world.sleeps == [waits]
    assert len(world.repo.comments(1)) == writes


def test_limit__is_known_by_its_header_alone(world: World) -> None:
    abuse = {"message": "You have triggered an abuse detection mechanism."}
    world.github.fail("POST", "comments", status=403, headers={"Retry-After": "8"}, body=abuse)

    assert world.publisher.create_comment(1, "x").body == "x"
    assert world.sleeps == [8]


def test_limit__of_the_hour(world: World) -> None:
    world.github.limit(90)

    world.publisher.comments(1)

    assert world.sleeps == [90]


@pytest.mark.parametrize("seconds", [121, 3600, 10**12 - 1])
def test_limit__longer_than_we_wait_says_until_when(world: World, seconds: int) -> None:
    world.github.fail("GET", "comments", status=429, headers={"Retry-After": str(seconds)}, body=LATER)

    with pytest.raises(CouldNotFinish, match=r"limit is reached; it holds until (2027-01-15|a day)") as raised:
        world.publisher.comments(1)

    assert world.sleeps == []
    assert not isinstance(raised.value, Forbidden)


def test_limit__all_waits_together_are_bounded(world: World) -> None:
    world.github.fail("GET", "comments", status=429, headers={"Retry-After": "70"}, body=LATER, times=None)

    with pytest.raises(CouldNotFinish, match="limit is reached"):
        world.publisher.comments(1)

    assert world.sleeps == [70]


def test_limit__three_tries_are_enough(world: World) -> None:
    world.github.fail("POST", "comments", status=429, headers={"Retry-After": "2"}, body=LATER, times=None)

    with pytest.raises(CouldNotFinish, match="limit is reached"):
        world.publisher.create_comment(1, "x")

    assert (world.asked, world.sleeps) == (3, [2, 2])


# ── trouble ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_trouble__of_the_service_is_tried_again(world: World, status: int) -> None:
    world.github.fail("GET", "pulls/1", status=status, body=b"<html>", times=2)

    assert world.reviews.pull_request(1).number == 1
    assert world.sleeps == [1, 4]


def test_trouble__that_says_when(world: World) -> None:
    world.github.fail("GET", "pulls/1", status=503, headers={"Retry-After": "30"})

    assert world.reviews.pull_request(1).number == 1
    assert world.sleeps == [30]


@pytest.mark.parametrize("cut", [{"content-length": "1000"}, None])
def test_trouble__dropped_connections_are_tried_again(world: World, cut: dict[str, str] | None) -> None:
    if cut is None:
        world.github.drop("GET", "pulls/1", times=2)
    else:
        world.github.fail("GET", "pulls/1", status=200, headers=cut, body=b'{"number": 1}', times=2)

    assert world.reviews.pull_request(1).number == 1
    assert world.sleeps == [1, 4]


def test_trouble__that_stays(world: World) -> None:
    world.github.fail("GET", "pulls/1", status=502, times=None)

    with pytest.raises(CouldNotFinish, match="status 502"):
        world.reviews.pull_request(1)

    assert world.asked == 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://no..host"])
def test_trouble__nobody_there(url: str) -> None:
    sleeps: list[float] = []
    client = GitHubClient(url, "", sleep=sleeps.append)

    with pytest.raises(CouldNotFinish, match="cannot be asked") as raised:
        GitHubReviews(client, REPOSITORY).pull_request(1)

    assert "network" in raised.value.advice
    assert sleeps == [1, 4]


@pytest.mark.parametrize("dropped", [False, True])
def test_trouble__a_comment_that_was_stored_is_not_written_twice(world: World, dropped: bool) -> None:
    if dropped:
        world.github.drop("POST", "comments", after_storing=True)
    else:
        world.github.fail("POST", "comments", status=502, after_storing=True)

    with pytest.raises(CouldNotFinish, match="may still have been done"):
        world.publisher.create_comment(1, "x")

    assert [each.body for each in world.publisher.comments(1)] == ["x"]
    assert world.sleeps == []


def test_trouble__changes_and_deletions_may_be_done_twice(world: World) -> None:
    comment = world.publisher.create_comment(1, "x")
    world.github.fail("PATCH", "comments", status=502, after_storing=True)
    world.github.drop("DELETE", "comments", after_storing=True)

    assert world.publisher.update_comment(1, comment.id, "y").body == "y"
    world.publisher.delete_comment(1, comment.id)

    assert world.publisher.comments(1) == ()
    assert world.sleeps == [1, 1]


def test_trouble__too_large_an_answer(world: World) -> None:
    world.github.fail("GET", "pulls/1", status=200, body=b" " * (LARGEST_BODY + 1))

    with pytest.raises(CouldNotFinish, match="over 5,242,880 bytes"):
        world.reviews.pull_request(1)


# ── rights ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("act", "needed"),
    [
        ("create", "pull-requests: write"),
        ("update", "pull-requests: write"),
        ("delete", "pull-requests: write"),
        ("status", "statuses: write"),
        ("read", "pull-requests: read"),
        ("list", "contents: read"),
    ],
)
def test_rights__that_are_missing_are_named(github: FakeGitHub, act: str, needed: str) -> None:
    world = World(github, "metadata: read")
    actions: dict[str, Callable[[], object]] = {
        "create": lambda: world.publisher.create_comment(1, "x"),
        "update": lambda: world.publisher.update_comment(1, "1", "x"),
        "delete": lambda: world.publisher.delete_comment(1, "1"),
        "status": lambda: world.publisher.set_status("a" * 40, Status("evalmark", "success", "fine")),
        "read": lambda: world.reviews.pull_request(1),
        "list": lambda: world.reviews.listing("a" * 40, ""),
    }

    with pytest.raises(Forbidden, match="Resource not accessible by integration") as raised:
        actions[act]()

    assert f"`permissions: {needed}`" in raised.value.advice
    assert world.sleeps == []


def test_rights__a_token_that_is_not_known(github: FakeGitHub) -> None:
    client = GitHubClient(github.url, "ghs_expired")

    with pytest.raises(UsageProblem, match=r"does not take the token .*Bad credentials") as raised:
        GitHubReviews(client, REPOSITORY).pull_request(1)

    assert "github-token" in raised.value.advice
    assert "ghs_expired" not in f"{raised.value.message}{raised.value.advice}{client!r}"


def test_rights__nobody_may_read_what_is_public_and_write_nothing(github: FakeGitHub) -> None:
    client = GitHubClient(github.url, "")

    assert GitHubReviews(client, REPOSITORY).pull_request(1).number == 1
    with pytest.raises(UsageProblem, match="there is none"):
        GitHubPublisher(client, REPOSITORY, "ada").create_comment(1, "x")
    assert not any("authorization" in headers for _, _, headers in github.requests)


def test_rights__what_is_not_there_may_be_hidden(world: World) -> None:
    with pytest.raises(Forbidden, match="of what a token may not see") as raised:
        world.reviews.listing("0" * 40, "")
    assert "contents: read" in raised.value.advice

    with pytest.raises(UsageProblem, match="acme/absent has no pull request 1 that") as other:
        GitHubReviews(world.client, "acme/absent").pull_request(1)
    assert "pull-requests: read" in other.value.advice


def test_refusal__is_quoted_with_its_details(world: World) -> None:
    with pytest.raises(CouldNotFinish, match="422: Validation Failed: Body is too long"):
        world.publisher.create_comment(1, "x" * 65_537)


# ── other servers ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect__to_another_server_is_refused(world: World, elsewhere: FakeGitHub, status: int) -> None:
    world.github.redirect("", f"{elsewhere.url}/repos/acme/model/pulls/1", status=status)

    with pytest.raises(Refused, match="leads to another server"):
        world.reviews.pull_request(1)
    with pytest.raises(Refused, match="leads to another server"):
        world.publisher.create_comment(1, "x")


def test_link__to_another_server_is_refused(world: World, elsewhere: FakeGitHub) -> None:
    world.github.link("comments", f"{elsewhere.url}/repos/acme/model/issues/1/comments?page=2")

    with pytest.raises(Refused, match="leads to another server"):
        world.publisher.comments(1)


@pytest.mark.parametrize(
    "url",
    [
        "//127.0.0.1:9/x",
        "https://127.0.0.1/x",
        "http://someone@{host}/x",
        "http://{host}\\@127.0.0.1:9/x",
        "http://127.0.0.1:99999999/x",
        "http://[::1/x",
        "ftp://{host}/x",
        "file:///etc/passwd",
    ],
)
def test_redirect__to_an_address_that_is_odd_is_refused(world: World, url: str) -> None:
    world.github.redirect("pulls", url.format(host=world.github.url.removeprefix("http://")))

    with pytest.raises(Refused):
        world.reviews.pull_request(1)
    assert world.asked == 1


def test_redirect__within_the_server_is_followed(world: World) -> None:
    world.github.redirect("/pulls/1$", f"{world.github.url}/repos/acme/model/pulls/2", times=1)
    world.github.redirect("/pulls/2$", "/repos/acme/model/pulls/3", times=1)
    world.github.redirect("/pulls/3$", "1", times=1)

    assert world.reviews.pull_request(1).number == 1


def test_redirect__in_circles(world: World) -> None:
    world.github.redirect("/pulls/1$", "/repos/acme/model/pulls/1")

    with pytest.raises(CouldNotFinish, match="on and on"):
        world.reviews.pull_request(1)
    assert world.asked == 4


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect__of_a_write_is_not_followed(world: World, status: int) -> None:
    world.github.redirect("comments", "/repositories/1/issues/1/comments", status=status)

    with pytest.raises(CouldNotFinish, match="has moved"):
        world.publisher.create_comment(1, "x")
    assert world.asked == 1


# ── addresses and tokens ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "url",
    [
        "http://api.github.com",
        "http://10.0.0.1",
        "http://localhost.example.org",
        "https://someone:password@api.github.com",
        "https://api.github.com?x=y",
        "https://api.github.com#x",
        "https://api github.com",
        "https://",
        "api.github.com",
        "file:///etc/passwd",
        "",
        "https://api.github.com:port",
    ],
)
def test_address__that_would_not_be_safe(url: str) -> None:
    with pytest.raises(UsageProblem) as raised:
        GitHubClient(url, "ghs_secret")
    assert not {"secret", "password"} & set(raised.value.message.split())


@pytest.mark.parametrize(
    "url", ["https://api.github.com", "https://ghe.example/api/v3/", "http://localhost:1", "http://[::1]:1"]
)
def test_address__that_is_safe(url: str) -> None:
    assert repr(GitHubClient(url, "ghs_secret")) == f"GitHubClient({url.rstrip('/')!r})"


def test_address__of_a_company() -> None:
    with FakeGitHub(base="/api/v3") as github:
        repo = github.repository(REPOSITORY)
        number = repo.pull_request(repo.commit({"a": b"1"}), repo.commit({}))
        for _ in range(101):
            repo.add_comment(number, "ada", "x")
        client = GitHubClient(f"{github.url}/", github.token("pull-requests: read"))

        assert len(GitHubPublisher(client, REPOSITORY, "ada").comments(number)) == 101
        assert {path.split("?")[0] for _, path, _ in github.requests} == {
            f"/api/v3/repos/acme/model/issues/{number}/comments"
        }


@pytest.mark.parametrize("token", ["ghs_a\r\nX-Evil: 1", "ghs a", "ghs_ä", "ghs_\x00"])
def test_token__that_is_none(token: str) -> None:
    with pytest.raises(UsageProblem) as raised:
        GitHubClient("https://api.github.com", token)
    assert "ghs" not in raised.value.message + raised.value.advice


def test_token__spaces_around_it_are_left_out(world: World) -> None:
    client = GitHubClient(world.github.url, f"\n {world.token}\n")

    assert GitHubReviews(client, REPOSITORY).pull_request(1).number == 1


def test_token__is_never_told(world: World) -> None:
    """Even if the server, or something between, sends it back."""
    echo = f"the token {world.token}\x1b[31m\n was refused"
    for fault in (403, 404, 401, 422, 500, 418):
        world.github.fail("*", "", status=fault, body={"message": echo, "errors": [{"message": echo}]}, times=3)
        with pytest.raises(EvalmarkError) as raised:
            world.publisher.create_comment(1, "x")
        said = f"{raised.value.message}{raised.value.advice}{raised.value!r}{world.client!r}"
        assert world.token not in said
        assert not {"\x1b", "\n"} & set(said)
        world.github.clear_faults()
    world.github.redirect("", f"http://127.0.0.1:9/{world.token}")
    with pytest.raises(Refused) as refused:
        world.reviews.pull_request(1)
    assert world.token not in refused.value.message


@pytest.mark.parametrize(
    "name", ["", "acme", "acme/", "/model", "a/b/c", "acme/..", "../model", "a b/c", "a/b\n", "ä/b"]
)
def test_repository__that_is_none(world: World, name: str) -> None:
    with pytest.raises(UsageProblem, match="no repo on GitHub"):
        GitHubReviews(world.client, name)


@pytest.mark.parametrize("name", [".", "..", ""])
def test_call__no_value_leads_out_of_its_path(world: World, name: str) -> None:
    with pytest.raises(ValueError, match="segment"):
        world.reviews.listing(name, "")
    assert world.asked == 0


def test_call__values_are_quoted(world: World) -> None:
    with pytest.raises(Forbidden):
        world.reviews.listing("../../user?x=#y", "")
    assert world.github.requests[0][1] == "/repos/acme/model/git/trees/..%2F..%2Fuser%3Fx%3D%23y"


def test_proxy__of_the_environment_is_not_asked_for_this_machine(
    world: World, elsewhere: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    reviews = GitHubReviews(world.client_at(world.github.url), REPOSITORY)

    assert reviews.pull_request(1).number == 1


def test_proxy__of_the_environment_is_asked_for_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    client = GitHubClient("https://github.invalid/api", "ghs_secret", sleep=lambda _: None)

    with pytest.raises(CouldNotFinish, match="refused"):  # by the proxy: the name itself would not resolve
        GitHubReviews(client, REPOSITORY).pull_request(1)


def test_origin__same_server_or_not() -> None:
    same = ["https://GitHub.example/x", "https://github.example:443/y", "HTTPS://github.example"]
    others = ["http://github.example", "https://github.example:444", "https://github.example.org", "x", "https:///y"]

    assert len({Origin.of(url) for url in same}) == 1
    assert all(Origin.of(one) != Origin.of(other) for one, other in itertools.product(same, others))
