"""What every `Reviews` must do: the fake, the real adapter on the fake GitHub, and on the real one if it is asked for.

The real one (`-m online`) needs EVALMARK_ONLINE_GITHUB_REPOSITORY, EVALMARK_ONLINE_GITHUB_TOKEN and
EVALMARK_ONLINE_PULL_REQUEST; it is only read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from evalmark.adapters.github import GitHubClient, GitHubReviews
from evalmark.errors import Forbidden, Refused, UsageProblem
from evalmark.ports import Reviews
from evalmark.review import ListedFile, PullRequest
from tests.fake_reviews import FakeReviews
from tests.github.fake import Executable, FakeGitHub, Submodule, Symlink
from tests.github.objects import Content, name_of
from tests.github.online import Online, online

RESULTS = b"- dataset: {id: acme/quiz}\n"
HOSTILE = "\u202egnp.\n'$(x)'.yaml"
BASE: Mapping[str, Content] = {
    "README.md": b"# Model\n",
    ".eval_results/a.yaml": RESULTS,
    ".eval_results/run.yaml": Executable(RESULTS),
    ".eval_results/link.yaml": Symlink("/etc/passwd"),
    ".eval_results/sub": Submodule("5" * 40),
    ".eval_results/deep/b.yaml": b"deep",
    "models/one/.eval_results/a.yaml": b"",
    "models/two/.eval_results/a.yaml": b"",
    "models.md": b"git lists it before the folder `models`",
    "linked": Symlink("models"),
    "module": Submodule("6" * 40),
}


@dataclass(frozen=True, slots=True)
class World:
    """Pull requests to look at: who reads them, and what there is."""

    reviews: Reviews
    base: str
    head: str
    moved: str
    """What the target branch is at now: a commit on top of `base`."""
    numbers: Mapping[str, int]

    def pull_request(self, kind: str) -> PullRequest:
        """One by its kind: `ours`, `fork`, `deleted fork`, `closed`."""
        return self.reviews.pull_request(self.numbers[kind])

    def paths(self, folder: str) -> list[str]:
        """What lies in a folder of the base."""
        return [file.path for file in self.reviews.listing(self.base, folder)]


HEAD: Mapping[str, Content] = {**BASE, f".eval_results/{HOSTILE}": b"new"}
KINDS = ("ours", "fork", "deleted fork", "closed")


def in_memory() -> World:
    base, head, moved = "b" * 40, "e" * 40, "d" * 40
    kinds = {1: (False, True), 2: (True, True), 3: (True, True), 4: (False, False)}
    pulls = {
        number: PullRequest(number, head, base, moved, from_fork=from_fork, is_open=is_open)
        for number, (from_fork, is_open) in kinds.items()
    }
    reviews = FakeReviews(pulls, {base: BASE, head: HEAD}, {(base, head): base, (moved, base): base})
    return World(reviews, base, head, moved, dict(zip(KINDS, pulls, strict=True)))


def on_github(github: FakeGitHub) -> World:
    repo = github.repository("acme/model")
    base = repo.commit(BASE)
    head = repo.commit({f".eval_results/{HOSTILE}": b"new"}, base)
    moved = repo.commit({".eval_results/a.yaml": b"the target moved on"}, base)
    forks = (None, "mallory/model", "mallory/model", "ACME/Model")  # names of repos know no upper and lower case
    numbers = {kind: repo.pull_request(head, moved, fork) for kind, fork in zip(KINDS, forks, strict=True)}
    repo.delete_fork(numbers["deleted fork"])
    repo.close(numbers["closed"])
    token = github.token("contents: read", "pull-requests: read")
    return World(GitHubReviews(GitHubClient(github.url, token), "acme/model"), base, head, moved, numbers)


@pytest.fixture(params=["fake", "github"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "fake":
        yield in_memory()
    else:
        with FakeGitHub() as github:
            yield on_github(github)


@pytest.fixture(params=["fake", "github", pytest.param("online", marks=pytest.mark.online)])
def any_pull_request(request: pytest.FixtureRequest) -> Iterator[tuple[Reviews, int]]:
    """Reviews of a repo of which nothing is known but a pull request."""
    if request.param == "fake":
        yield in_memory().reviews, 1
    elif request.param == "online":
        there: Online = online()
        yield GitHubReviews(there.client, there.repository), there.pull_request
    else:
        with FakeGitHub() as github:
            yield on_github(github).reviews, 1


def test_pull_request__of_any_host(any_pull_request: tuple[Reviews, int]) -> None:
    reviews, number = any_pull_request

    found = reviews.pull_request(number)

    assert found.number == number
    assert re.fullmatch("[0-9a-f]{40}", found.head)
    assert re.fullmatch("[0-9a-f]{40}", found.base)


def test_files__of_any_host_have_their_digests(any_pull_request: tuple[Reviews, int]) -> None:
    reviews, number = any_pull_request

    listed = reviews.listing(reviews.pull_request(number).head, "")

    assert listed == tuple(sorted(listed))
    small = next(file for file in listed if file.kind == "file" and file.size < 100_000)
    content = reviews.content(small)
    assert (len(content), name_of("blob", content)) == (small.size, small.digest)


def test_pull_request__that_is_not_there(any_pull_request: tuple[Reviews, int]) -> None:
    with pytest.raises(UsageProblem, match="999999999"):
        any_pull_request[0].pull_request(999_999_999)


def test_pull_request__is_compared_with_where_it_left_the_target(world: World) -> None:
    expected = PullRequest(world.numbers["ours"], world.head, world.base, world.moved, from_fork=False, is_open=True)

    assert world.pull_request("ours") == expected


def test_merge_base__of_two_commits(world: World) -> None:
    assert world.reviews.merge_base(world.moved, world.head) == world.base
    assert world.reviews.merge_base(world.base, world.head) == world.base
    assert world.reviews.merge_base(world.moved, world.base) == world.base


def test_merge_base__of_a_commit_that_is_not_there(world: World) -> None:
    with pytest.raises(Forbidden):
        world.reviews.merge_base("0" * 40, world.head)


@pytest.mark.parametrize(
    ("kind", "from_fork", "is_open"),
    [("ours", False, True), ("fork", True, True), ("deleted fork", True, True), ("closed", False, False)],
)
def test_pull_request__its_kinds(world: World, kind: str, from_fork: bool, is_open: bool) -> None:
    found = world.pull_request(kind)

    assert (found.from_fork, found.is_open) == (from_fork, is_open)


def test_listing__kinds_sizes_and_digests_in_order_of_name(world: World) -> None:
    digest = name_of("blob", RESULTS)

    listed = world.reviews.listing(world.base, ".eval_results")

    assert [(file.path.removeprefix(".eval_results/"), file.kind, file.size) for file in listed] == [
        ("a.yaml", "file", len(RESULTS)),
        ("deep", "folder", 0),
        ("link.yaml", "symlink", len("/etc/passwd")),
        ("run.yaml", "file", len(RESULTS)),
        ("sub", "submodule", 0),
    ]
    assert listed[0].digest == listed[3].digest == digest
    assert listed[4].digest == "5" * 40


def test_listing__names_come_as_they_are(world: World) -> None:
    assert f".eval_results/{HOSTILE}" in {file.path for file in world.reviews.listing(world.head, ".eval_results")}
    assert f".eval_results/{HOSTILE}" not in world.paths(".eval_results")


def test_listing__of_the_root(world: World) -> None:
    assert world.paths("") == [".eval_results", "README.md", "linked", "models", "models.md", "module"]


def test_listing__of_folders_that_are_alike(world: World) -> None:
    """The same tree in two places: each is listed where it is."""
    assert world.paths("models/one/.eval_results") == ["models/one/.eval_results/a.yaml"]
    assert world.paths("models/two/.eval_results") == ["models/two/.eval_results/a.yaml"]


@pytest.mark.parametrize("folder", ["absent", ".eval_results/absent", "README.md/inside", "models/one/.EVAL_results"])
def test_listing__of_no_folder_is_empty(world: World, folder: str) -> None:
    assert world.paths(folder) == []


@pytest.mark.parametrize(
    ("folder", "path", "kind"),
    [
        pytest.param("linked", "linked", "symlink", id="a link"),
        pytest.param("module", "module", "submodule", id="a submodule"),
        pytest.param("linked/one/.eval_results", "linked", "symlink", id="below a link"),
        pytest.param("module/.eval_results", "module", "submodule", id="below a submodule"),
        pytest.param("README.md", "README.md", "file", id="a file"),
        pytest.param("models/one/.eval_results/a.yaml", "models/one/.eval_results/a.yaml", "file", id="a file below"),
    ],
)
def test_listing__of_what_is_no_folder_is_itself_alone(world: World, folder: str, path: str, kind: str) -> None:
    assert [(file.path, file.kind) for file in world.reviews.listing(world.base, folder)] == [(path, kind)]


def test_listing__of_a_commit_that_is_not_there(world: World) -> None:
    with pytest.raises(Forbidden):
        world.reviews.listing("0" * 40, "")


def test_content__of_listed_files(world: World) -> None:
    contents = {
        file.path: world.reviews.content(file)
        for folder in (".eval_results", "models/one/.eval_results")
        for file in world.reviews.listing(world.base, folder)
        if file.kind == "file"
    }

    assert contents == {
        ".eval_results/a.yaml": RESULTS,
        ".eval_results/run.yaml": RESULTS,
        "models/one/.eval_results/a.yaml": b"",
    }


def _named(name: str) -> Callable[[ListedFile], bool]:
    return lambda file: file.path == f".eval_results/{name}"


@pytest.mark.parametrize("name", ["link.yaml", "sub", "deep"])
def test_content__of_anything_but_a_file_is_refused(world: World, name: str) -> None:
    file = next(filter(_named(name), world.reviews.listing(world.base, ".eval_results")))

    with pytest.raises(Refused):
        world.reviews.content(file)
