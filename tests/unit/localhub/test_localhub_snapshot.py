"""A plain folder becomes one commit that depends on nothing but its content."""

import os
import stat
from pathlib import Path

import pytest

from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.snapshot import snapshot
from tests.contract.localhub_fixtures import commit, git, init, write

FILES = {"eval.yaml": "name: x\r\n", "data/ü b.jsonl": '{"a": 1}\n', 'odd"name': "", ".eval_results/x.yaml": "[]\n"}


def sha_of(folder: Path, git_dir: Path) -> str:
    """The sha of a folder's snapshot."""
    snapshot(folder, git_dir)
    return git(git_dir, "log", "-1", "--format=%H", "refs/heads/main")


def paths_of(git_dir: Path) -> list[str]:
    """The files in a snapshot."""
    return git(git_dir, "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "main").splitlines()


def test_sha__is_pinned(tmp_path: Path) -> None:
    write(tmp_path / "a", FILES)
    assert sha_of(tmp_path / "a", tmp_path / "a.git") == "47dc87cc5b6cf4895ce5688ca8074580c9255b27"


def test_sha__does_not_depend_on_dates_and_modes(tmp_path: Path) -> None:
    write(tmp_path / "a", FILES)
    before = os.umask(0o077)
    try:
        write(tmp_path / "b", dict(reversed(FILES.items())))
    finally:
        os.umask(before)
    os.utime(tmp_path / "b" / "eval.yaml", (1, 1))
    (tmp_path / "b" / "eval.yaml").chmod(0o755)
    assert sha_of(tmp_path / "a", tmp_path / "a.git") == sha_of(tmp_path / "b", tmp_path / "b.git")


def test_sha__does_not_depend_on_git_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a", FILES)
    plain = sha_of(tmp_path / "a", tmp_path / "a.git")
    config = tmp_path / "config"
    config.write_text("[core]\n autocrlf = true\n[init]\n defaultBranch = odd\n defaultObjectFormat = sha256\n")
    for name, value in {
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_AUTHOR_NAME": "Eve",
        "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z",
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "objects"),
    }.items():
        monkeypatch.setenv(name, value)
    assert sha_of(tmp_path / "a", tmp_path / "b.git") == plain


def test_sha__depends_on_content(tmp_path: Path) -> None:
    write(tmp_path / "a", FILES)
    write(tmp_path / "b", FILES | {"eval.yaml": "name: y\r\n"})
    assert sha_of(tmp_path / "a", tmp_path / "a.git") != sha_of(tmp_path / "b", tmp_path / "b.git")


def test_content__is_byte_for_byte_despite_gitattributes(tmp_path: Path) -> None:
    write(tmp_path / "a", {".gitattributes": "* text eol=lf\n*.bin filter=lfs\n"})
    (tmp_path / "a" / "x.txt").write_bytes(b"a\r\nb\r\n")
    snapshot(tmp_path / "a", tmp_path / "a.git")
    assert git(tmp_path / "a.git", "cat-file", "-s", "main:x.txt") == "6"


def test_content__of_large_files_is_the_same_object(tmp_path: Path) -> None:
    write(tmp_path / "a", {})
    data = b"0123456789abcdef" * 300_000
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "big.bin").write_bytes(data)
    snapshot(tmp_path / "a", tmp_path / "a.git")
    assert git(tmp_path / "a.git", "rev-parse", "main:big.bin") == git(
        tmp_path, "hash-object", str(tmp_path / "a" / "big.bin")
    )


def test_files__all_names_survive(tmp_path: Path) -> None:
    write(tmp_path / "a", FILES)
    snapshot(tmp_path / "a", tmp_path / "a.git")
    repository = GitRepository(tmp_path / "a.git")
    found = repository.tree(repository.resolve("main") or "")
    repository.close()
    assert {entry.path for entry in found or () if entry.kind == "file"} == set(FILES)


@pytest.mark.parametrize("folder", [".git", ".venv", "__pycache__", "sub/.git", "sub/__pycache__"])
def test_files__leaves_out_what_is_no_content(tmp_path: Path, folder: str) -> None:
    write(tmp_path / "a", {"keep": "", f"{folder}/config": "secret"})
    snapshot(tmp_path / "a", tmp_path / "a.git")
    assert paths_of(tmp_path / "a.git") == ["keep"]


def test_files__sub_folder_of_a_git_repository_is_plain(tmp_path: Path) -> None:
    commit(init(tmp_path / "repo"), "One", {"examples/b/eval.yaml": "old\n", "secret": "x"})
    write(tmp_path / "repo", {"examples/b/eval.yaml": "new and not committed\n"})
    snapshot(tmp_path / "repo" / "examples" / "b", tmp_path / "a.git")
    assert git(tmp_path / "a.git", "show", "main:eval.yaml") == "new and not committed"


def test_files__empty_folder_is_a_commit_without_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    snapshot(tmp_path / "a", tmp_path / "a.git")
    assert paths_of(tmp_path / "a.git") == []


@pytest.mark.parametrize("target", ["/etc/passwd", "inside", "nowhere", "."])
def test_link__is_refused_by_name(tmp_path: Path, target: str) -> None:
    write(tmp_path / "a", {"inside": "", "sub/x": ""})
    (tmp_path / "a" / "sub" / "link").symlink_to(target)
    with pytest.raises(UsageProblem, match="sub/link is a symbolic link"):
        snapshot(tmp_path / "a", tmp_path / "a.git")


def test_special_file__is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a" / "pipe")
    with pytest.raises(UsageProblem, match="pipe is neither a file nor a folder"):
        snapshot(tmp_path / "a", tmp_path / "a.git")


@pytest.mark.parametrize("name", [b"a\nb", b"a\\b", b"\xff"])
def test_odd_name__is_refused(tmp_path: Path, name: bytes) -> None:
    (tmp_path / "a").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path / "a") + b"/" + name)).write_text("")
    with pytest.raises(UsageProblem, match="a name that a Hub repo cannot hold"):
        snapshot(tmp_path / "a", tmp_path / "a.git")


def test_missing_git__says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CouldNotFinish, match="needs git, which is not installed"):
        snapshot(tmp_path / "a", tmp_path / "a.git")


def test_snapshot__does_not_touch_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "a", {"x": "1"})
    before = stat.S_IMODE((tmp_path / "a").stat().st_mode), (tmp_path / "a").stat().st_mtime_ns
    snapshot(tmp_path / "a", tmp_path / "a.git")
    assert before == (stat.S_IMODE((tmp_path / "a").stat().st_mode), (tmp_path / "a").stat().st_mtime_ns)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x"]
