"""A folder of this machine is taken as it is checked out, whatever its branches are called."""

from pathlib import Path

import pytest

from evalmark.cli.settings import Settings
from evalmark.cli.surroundings import surroundings
from evalmark.facts import BenchmarkRef
from evalmark.ports import BenchmarkFiles
from tests.contract.localhub_fixtures import commit, git, init


@pytest.fixture
def on_a_branch(tmp_path: Path) -> tuple[Path, str, str]:
    """A git repo with another branch than main checked out; the commit of main, and the one checked out."""
    repo = tmp_path / "repo"
    init(repo)
    main = commit(repo, "first", {"eval.yaml": "on: main\n"})
    git(repo, "checkout", "-q", "-b", "dev")
    return repo, main, commit(repo, "second", {"eval.yaml": "on: dev\n"})


def settings(tmp_path: Path) -> Settings:
    return Settings(endpoint="http://127.0.0.1:9", token=None, cache=tmp_path / "cache", colour=False, environment={})


def test_benchmark__is_the_one_that_is_checked_out(on_a_branch: tuple[Path, str, str], tmp_path: Path) -> None:
    repo, _main, dev = on_a_branch

    with surroundings({"acme/sums": repo}, settings(tmp_path)) as places:
        found = places.benchmark(BenchmarkRef("acme/sums"))

    assert found == BenchmarkFiles(dev, b"on: dev\n", None)


def test_benchmark__at_a_named_revision_is_that_one(on_a_branch: tuple[Path, str, str], tmp_path: Path) -> None:
    repo, main, _dev = on_a_branch

    with surroundings({"acme/sums": repo}, settings(tmp_path)) as places:
        found = places.benchmark(BenchmarkRef("acme/sums", main))

    assert found == BenchmarkFiles(main, b"on: main\n", None)


def test_model__is_the_one_that_is_checked_out(on_a_branch: tuple[Path, str, str], tmp_path: Path) -> None:
    repo, _main, dev = on_a_branch

    with surroundings({}, settings(tmp_path), {"acme/model": repo}) as places:
        assert places.checked_out_model("acme/model").revision == dev
