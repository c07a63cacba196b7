"""What every `Claims` must do: the fake in tests/fakes.py, and the real client on the embedded Hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evalmark.adapters.hub import HubClient
from evalmark.errors import CouldNotFinish
from evalmark.facts import BoardRow, ResultsFile
from evalmark.localhub import LocalHub, RepoId
from evalmark.ports import Claims
from tests.builders import entry_text, eval_yaml
from tests.contract.localhub_fixtures import commit, git, init, write
from tests.fakes import FakeClaims

SUMS, OTHER = ".eval_results/sums.yaml", ".eval_results/other.yaml"
ON_MAIN, CHANGED, ADDED = entry_text("57.0"), entry_text("58.0"), entry_text("61.0", more="  notes: With tools\n")
BROKEN = "- value: 1\n"


@dataclass(frozen=True)
class Repos:
    """A running Hub, and the commits of the model repo: of main, and of its open pull requests."""

    hub: LocalHub
    main: str
    pulls: dict[int, str]


@pytest.fixture(scope="module")
def repos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repos]:
    """`acme/model` has a score on main, changed in PR 2, another added in PR 3; PR 1 is merged, 4 touches no score."""
    root = tmp_path_factory.mktemp("repos")
    model = init(root / "model")
    first = commit(model, "Report a score", {SUMS: ON_MAIN, "README.md": "# Model\n"})
    git(model, "update-ref", "refs/pr/1", first)
    pulls = {2: {SUMS: CHANGED}, 3: {OTHER: ADDED}, 4: {"README.md": "# Better\n"}}
    shas = {}
    for number, files in pulls.items():
        git(model, "checkout", "--quiet", "--detach", first)
        shas[number] = commit(model, f"Change {number}", files)
        git(model, "update-ref", f"refs/pr/{number}", shas[number])
    git(model, "checkout", "--quiet", "main")
    # Main has moved on since: what a pull request leaves alone is not its claim.
    main = commit(model, "Measure again", {SUMS: entry_text("57.5")})
    write(root / "second", {SUMS: entry_text("40.0")})
    write(root / "broken", {SUMS: entry_text("99.0") + BROKEN})
    write(root / "sums", {"eval.yaml": eval_yaml()})
    sources = {RepoId("models", f"acme/{name}"): root / name for name in ("model", "second", "broken")}
    with LocalHub(sources | {RepoId("datasets", "acme/sums"): root / "sums"}) as hub:
        yield Repos(hub, main, shas)


@pytest.fixture(params=["fake", "real"])
def claims(request: pytest.FixtureRequest, repos: Repos, tmp_path: Path) -> Claims:
    if request.param == "real":
        return HubClient(repos.hub.url, tmp_path)
    rows = (("model", 61.0), ("model", 58.0), ("model", 57.5), ("second", 40.0))
    files = (
        ResultsFile(SUMS, entry_text("57.5").encode(), repos.main),
        ResultsFile(OTHER, ADDED.encode(), repos.pulls[3], 3),
        ResultsFile(SUMS, CHANGED.encode(), repos.pulls[2], 2),
    )
    board = tuple(BoardRow(f"acme/{name}", value) for name, value in rows)
    return FakeClaims({"acme/sums": board}, {"acme/model": files})


def test_board__has_the_scores_of_main_and_of_open_pull_requests(claims: Claims) -> None:
    rows = claims.board("acme/sums")

    assert [(row.model, row.value) for row in rows] == [
        ("acme/model", 61.0),
        ("acme/model", 58.0),
        ("acme/model", 57.5),
        ("acme/second", 40.0),
    ]


def test_board__that_is_not_there_has_no_rows(claims: Claims) -> None:
    assert claims.board("acme/absent") == ()


def test_results_files__are_those_of_main_and_what_open_pull_requests_change(claims: Claims, repos: Repos) -> None:
    files = claims.results_files("acme/model")

    assert [(file.path, file.pull_request, file.commit) for file in files] == [
        (SUMS, None, repos.main),
        (OTHER, 3, repos.pulls[3]),
        (SUMS, 2, repos.pulls[2]),
    ]
    assert files[2].content == CHANGED.encode()


def test_results_files__of_a_repo_that_is_not_there(claims: Claims) -> None:
    assert claims.results_files("acme/absent") == ()


# ── the real client alone ───────────────────────────────────────────────────────────────────


def test_client__a_model_without_results(repos: Repos, tmp_path: Path) -> None:
    write(tmp_path / "bare", {"README.md": "# Bare\n"})
    with LocalHub({RepoId("models", "acme/bare"): tmp_path / "bare"}) as hub:
        assert HubClient(hub.url, tmp_path / "cache").results_files("acme/bare") == ()


@pytest.mark.parametrize(("most", "numbers"), [(2, [3]), (None, [3, 2])])
def test_client__looks_at_so_many_pull_requests_or_at_all(
    repos: Repos, tmp_path: Path, most: int | None, numbers: list[int]
) -> None:
    files = HubClient(repos.hub.url, tmp_path, most_pull_requests=most).results_files("acme/model")

    assert [file.pull_request for file in files if file.pull_request] == numbers


def test_client__trouble_is_not_taken_for_absence(tmp_path: Path) -> None:
    client = HubClient("http://127.0.0.1:9", tmp_path)

    with pytest.raises(CouldNotFinish, match="the leaderboard of acme/sums could not be looked up"):
        client.board("acme/sums")
    with pytest.raises(CouldNotFinish, match="what acme/model already reports could not be looked up"):
        client.results_files("acme/model")
