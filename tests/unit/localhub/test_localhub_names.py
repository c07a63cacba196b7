"""What may be called what."""

import pytest

from evalmark.errors import UsageProblem
from evalmark.localhub import RepoId
from evalmark.localhub.names import is_entry_path, refs_that_may_be_meant


@pytest.mark.parametrize("name", ["org/bench", "0-hero/x_1.5", "_a/b"])
def test_repo_id__takes_names_of_the_hub(name: str) -> None:
    assert str(RepoId("datasets", name)) == f"datasets/{name}"


@pytest.mark.parametrize(
    "name", ["", "bench", "a/b/c", "../x", "a/..", "a/b..c", "-x/y", "a/.git", "a b/c", "a/b\n", "a/b?"]
)
def test_repo_id__refuses_other_names(name: str) -> None:
    with pytest.raises(UsageProblem, match="not the name of a Hub repo"):
        RepoId("models", name)


def test_refs__a_short_name_is_a_branch_before_it_is_a_tag() -> None:
    assert refs_that_may_be_meant("feature/x") == ("refs/heads/feature/x", "refs/tags/feature/x")


@pytest.mark.parametrize("revision", ["refs/pr/12", "refs/heads/main", "refs/convert/parquet"])
def test_refs__a_full_name_is_itself(revision: str) -> None:
    assert refs_that_may_be_meant(revision) == (revision,)


@pytest.mark.parametrize(
    "revision",
    [
        "",
        "-x",
        "--output=/tmp/x",
        "/etc/passwd",
        "../../x",
        "a..b",
        "main~1",
        "main^{tree}",
        "main:eval.yaml",
        "main@{1}",
        "a b",
        "a\nb",
        "a\0b",
        "a\ud800",
        "x.lock",
        "x/",
        "refs/remotes/origin/main",
        "refs/stash",
        "refs/pr/",
    ],
)
def test_refs__odd_revisions_stand_for_nothing(revision: str) -> None:
    assert refs_that_may_be_meant(revision) == ()


@pytest.mark.parametrize("path", ["eval.yaml", ".eval_results/a b.yaml", "données/ü.txt", "a/...", ".gitignore"])
def test_entry_path__inside(path: str) -> None:
    assert is_entry_path(path)


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "..", "a/../b", "./a", "a//b", "a/", ".git/config", "x/.GIT/y", "a\\b", "a\0", "a\n"]
)
def test_entry_path__outside(path: str) -> None:
    assert not is_entry_path(path)
