"""Which repos a folder holds, and how one is opened."""

from pathlib import Path

import pytest

from evalmark.errors import UsageProblem
from evalmark.localhub import RepoId, find_repos
from evalmark.localhub.folder import open_repository
from tests.contract.localhub_fixtures import git, init, write


def test_find__models_and_datasets(tmp_path: Path) -> None:
    write(tmp_path, {"models/org/m/config.json": "", "datasets/org/b/eval.yaml": "", "models/README.md": ""})
    assert find_repos(tmp_path) == {
        RepoId("models", "org/m"): tmp_path / "models/org/m",
        RepoId("datasets", "org/b"): tmp_path / "datasets/org/b",
    }


def test_find__leaves_hidden_folders_out(tmp_path: Path) -> None:
    write(tmp_path, {"models/org/m/x": "", "models/.cache/m/x": "", "models/org/.tmp/x": ""})
    assert list(find_repos(tmp_path)) == [RepoId("models", "org/m")]


def test_find__nothing_says_where_repos_belong(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="holds no repo") as problem:
        find_repos(tmp_path)
    assert "datasets/<owner>/<name>" in problem.value.advice


def test_find__missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="absent is not a folder"):
        find_repos(tmp_path / "absent")


def test_find__name_that_the_hub_does_not_allow(tmp_path: Path) -> None:
    write(tmp_path, {"models/org/my model/x": ""})
    with pytest.raises(UsageProblem, match="my model' is not the name of a Hub repo"):
        find_repos(tmp_path)


@pytest.mark.parametrize("place", ["models", "models/org", "models/org/m"])
def test_find__link_is_refused_by_name(tmp_path: Path, place: str) -> None:
    write(tmp_path, {"real/org/m/x": "", "root/datasets/o/d/x": ""})
    link = tmp_path / "root" / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(tmp_path / "real")
    with pytest.raises(UsageProblem, match=f"{place} is a symbolic link"):
        find_repos(tmp_path / "root")


def test_open__missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="absent is not a folder"):
        open_repository(tmp_path / "absent", tmp_path / "scratch")


def test_open__git_repository_without_a_commit(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="without a commit"):
        open_repository(init(tmp_path / "repo"), tmp_path / "scratch")


def test_open__broken_git_repository(tmp_path: Path) -> None:
    write(tmp_path, {"repo/.git/HEAD": "nonsense"})
    with pytest.raises(UsageProblem, match="not a git repository that git can read"):
        open_repository(tmp_path / "repo", tmp_path / "scratch")


def test_open__sha256_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "repo")
    git(tmp_path / "repo", "commit", "--quiet", "--allow-empty", "--message", "x")
    with pytest.raises(UsageProblem, match="SHA-256"):
        open_repository(tmp_path / "repo", tmp_path / "scratch")


def test_open__git_directory_that_is_a_link(tmp_path: Path) -> None:
    init(tmp_path / "other")
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / ".git").symlink_to(tmp_path / "other" / ".git")
    with pytest.raises(UsageProblem, match=r"\.git is a symbolic link"):
        open_repository(tmp_path / "repo", tmp_path / "scratch")
