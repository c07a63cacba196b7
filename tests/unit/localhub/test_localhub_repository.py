"""What a repository's objects say."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalmark.errors import CouldNotFinish
from evalmark.localhub.folder import open_repository
from evalmark.localhub.repository import GitRepository
from tests.contract.localhub_fixtures import BenchShas, commit, git, init, lfs_pointer, make_bench, write


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[GitRepository, BenchShas]]:
    shas = make_bench(tmp_path / "bench")
    repository = open_repository(tmp_path / "bench", tmp_path / "unused")
    yield repository, shas
    repository.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[GitRepository]:
    """The repository at `tmp_path / "repo"`, which a test may still change."""
    init(tmp_path / "repo")
    repository = GitRepository(tmp_path / "repo" / ".git", tmp_path / "repo")
    yield repository
    repository.close()


def test_resolve__an_annotated_tag_is_its_commit(bench: tuple[GitRepository, BenchShas]) -> None:
    assert bench[0].resolve("v1") == bench[1].v1


def test_resolve__a_sha_that_is_no_commit(bench: tuple[GitRepository, BenchShas], tmp_path: Path) -> None:
    blob = git(tmp_path / "bench", "rev-parse", "main:eval.yaml")
    assert bench[0].resolve(blob) is None


@pytest.mark.parametrize("revision", ["HEAD", "0" * 40, "--all", "main^", "main:data", "refs/heads/absent"])
def test_resolve__unknown_or_odd_is_none(bench: tuple[GitRepository, BenchShas], revision: str) -> None:
    assert bench[0].resolve(revision) is None


def test_resolve__short_shas_are_not_served(bench: tuple[GitRepository, BenchShas]) -> None:
    assert bench[0].resolve(bench[1].main[:10]) is None


def test_resolve__detached_head_without_main_is_main(tmp_path: Path) -> None:
    sha = commit(init(tmp_path / "repo", branch="trunk"), "One", {"a": ""})
    git(tmp_path / "repo", "checkout", "--quiet", "--detach")
    repository = open_repository(tmp_path / "repo", tmp_path / "unused")
    assert repository.resolve("main") == sha
    repository.close()


def test_resolve__works_in_a_linked_work_tree(tmp_path: Path) -> None:
    commit(init(tmp_path / "repo"), "One", {"a": ""})
    git(tmp_path / "repo", "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    repository = open_repository(tmp_path / "side", tmp_path / "unused")
    assert repository.resolve("side") == git(tmp_path / "repo", "rev-parse", "main")
    repository.close()


def test_content__uncommitted_changes_do_not_exist(tmp_path: Path, opened: GitRepository) -> None:
    sha = commit(tmp_path / "repo", "One", {"a": "committed"})
    write(tmp_path / "repo", {"a": "changed", "b": "new"})
    entry = opened.entry(sha, "a")
    assert entry is not None
    content = opened.content(entry)
    assert content is not None
    assert (b"".join(content.chunks(0, content.size)), opened.entry(sha, "b")) == (b"committed", None)


@pytest.mark.parametrize("target", ["/etc/passwd", "a"])
def test_entry__links_are_not_served(tmp_path: Path, opened: GitRepository, target: str) -> None:
    (tmp_path / "repo" / "link").symlink_to(target)
    sha = commit(tmp_path / "repo", "One", {"a": ""})
    assert [entry.path for entry in opened.tree(sha) or ()] == ["a"]


def test_entry__names_that_leave_the_repo_are_not_served(tmp_path: Path, opened: GitRepository) -> None:
    commit(tmp_path / "repo", "One", {"a": "evil"})
    blob = git(tmp_path / "repo", "rev-parse", "HEAD:a")
    # git itself refuses to make such a tree, but reads one that somebody made by hand.
    record = b"100644 ..\0" + bytes.fromhex(blob) + b"100644 ok\0" + bytes.fromhex(blob)
    made = subprocess.run(
        ["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"],
        input=record,
        cwd=tmp_path / "repo",
        check=True,
        capture_output=True,
    )
    sha = git(tmp_path / "repo", "commit-tree", "-m", "x", made.stdout.decode().strip())
    assert [entry.path for entry in opened.tree(sha) or ()] == ["ok"]


def test_tree__without_recursion_has_one_level(bench: tuple[GitRepository, BenchShas]) -> None:
    repository, shas = bench
    found = repository.tree(shas.main, "data", recursive=False) or ()
    assert [entry.path for entry in found] == ["data/deep", "data/test.jsonl"]


@pytest.mark.parametrize("path", ["absent", "eval.yaml", "dat", ".."])
def test_tree__of_what_is_no_folder_is_none(bench: tuple[GitRepository, BenchShas], path: str) -> None:
    assert bench[0].tree(bench[1].main, path) is None


def test_commits__message_with_anything_in_it(tmp_path: Path, opened: GitRepository) -> None:
    sha = commit(tmp_path / "repo", "Tïtle\n\ncommit 0123\n\n--\nbody", {"a": ""})
    [found] = opened.commits(sha)
    assert (found.sha, found.title, found.message) == (sha, "Tïtle", "commit 0123\n\n--\nbody")


def test_last_commit__path_is_not_a_pattern(tmp_path: Path, opened: GitRepository) -> None:
    first = commit(tmp_path / "repo", "One", {"[ab]": "1"})
    second = commit(tmp_path / "repo", "Two", {"a": "2"})
    assert opened.last_commit(second, "[ab]").sha == first


def test_lfs__work_tree_file_with_other_bytes_is_not_served(tmp_path: Path, opened: GitRepository) -> None:
    sha = commit(tmp_path / "repo", "One", {"w.bin": lfs_pointer(b"right")})
    (tmp_path / "repo" / "w.bin").write_bytes(b"wrong")
    entry = opened.entry(sha, "w.bin")
    assert entry is not None
    assert opened.content(entry) is None


def test_lfs__link_to_the_real_file_elsewhere_is_not_followed(tmp_path: Path, opened: GitRepository) -> None:
    sha = commit(tmp_path / "repo", "One", {"w.bin": lfs_pointer(b"right")})
    (tmp_path / "elsewhere").write_bytes(b"right")
    (tmp_path / "repo" / "w.bin").unlink()
    (tmp_path / "repo" / "w.bin").symlink_to(tmp_path / "elsewhere")
    entry = opened.entry(sha, "w.bin")
    assert entry is not None
    assert opened.content(entry) is None


def test_lfs__object_in_the_store_of_git_lfs_is_served(tmp_path: Path, opened: GitRepository) -> None:
    pointer = lfs_pointer(b"right")
    sha = commit(tmp_path / "repo", "One", {"w.bin": pointer})
    digest = pointer.split("sha256:")[1][:64]
    write(tmp_path / "repo" / ".git" / "lfs" / "objects" / digest[:2] / digest[2:4], {digest: "right"})
    entry = opened.entry(sha, "w.bin")
    assert entry is not None
    content = opened.content(entry)
    assert content is not None
    assert b"".join(content.chunks(1, 4)) == b"igh"


def test_git_failure__is_told_in_git_words(tmp_path: Path) -> None:
    (tmp_path / "no.git").mkdir()
    repository = GitRepository(tmp_path / "no.git")
    with pytest.raises(CouldNotFinish, match="not a git repository"):
        repository.resolve("main")
    repository.close()


def test_git_failure__of_one_read_does_not_break_the_next(tmp_path: Path, opened: GitRepository) -> None:
    sha = commit(tmp_path / "repo", "One", {"a": ""})
    (tmp_path / "repo" / ".git").rename(tmp_path / "away")
    with pytest.raises(CouldNotFinish):
        opened.resolve("main")
    (tmp_path / "away").rename(tmp_path / "repo" / ".git")
    assert opened.resolve("main") == sha


def test_hostile_configuration__starts_no_program(tmp_path: Path, opened: GitRepository) -> None:
    sha = commit(tmp_path / "repo", "One", {"a": ""})
    mark = tmp_path / "mark"
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "remote.origin.uploadpack"):
        git(tmp_path / "repo", "config", key, f"touch {mark}")
    for key, value in {"log.showSignature": "true", "remote.origin.promisor": "true", "remote.origin.url": "."}.items():
        git(tmp_path / "repo", "config", key, value)
    assert (opened.resolve("f" * 40), len(opened.commits(sha)), len(opened.refs())) == (None, 1, 1)
    assert not mark.exists()
