"""Commits of a stranger's repo: what is read, what is not, and that nothing of theirs runs."""

import os
from pathlib import Path

import pytest

from evalmark.adapters.git import GitCommits, Remote, checkout, fetched, fetching
from evalmark.adapters.git.fetching import GITHUB_REFS
from evalmark.adapters.git.process import environment
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.formats.text import LARGEST_FILE
from evalmark.ports.places import MOST_FILES
from tests.acceptance.score_world import RESULTS, GitRepo
from tests.builders import entry_text
from tests.git_server import git_server


@pytest.fixture
def repo(tmp_path: Path) -> GitRepo:
    return GitRepo.made(tmp_path / "scores")


def commits(repo: GitRepo) -> GitCommits:
    found = checkout(repo.folder)
    assert found is not None
    return found


def test_versions__only_those_that_changed_results(repo: GitRepo) -> None:
    repo.commit({"README.md": "a"})
    first = repo.score("52.0", by="Ada Lovelace")
    repo.commit({"README.md": "b"})
    last = repo.score("57.0", by="bob")

    found = commits(repo).versions(repo.git("rev-parse", "HEAD"))

    assert [(each.commit, each.by, each.files[RESULTS]) for each in found] == [
        (first, "Ada Lovelace", entry_text("52.0").encode()),
        (last, "bob", entry_text("57.0").encode()),
    ]
    assert found[0].at is not None
    assert found[0].at.isoformat() == "2026-01-01T00:02:00+00:00"


def test_versions__since_another_commit(repo: GitRepo) -> None:
    first = repo.score("52.0")
    last = repo.score("57.0")

    assert [each.commit for each in commits(repo).versions(last, since=first)] == [last]


def test_versions__along_the_line_of_the_branch(repo: GitRepo) -> None:
    base = repo.score("52.0")
    side = repo.propose("refs/pull/1/head", {RESULTS: entry_text("60.0")})
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", side, by="owner")
    tip = repo.git("rev-parse", "HEAD")

    found = commits(repo)

    assert [(each.commit, each.by) for each in found.versions(tip)] == [(base, "ada"), (tip, "owner")]
    assert found.refs() == {"refs/heads/main": tip, "refs/pull/1": side}


def test_branched_at__before_it_was_merged(repo: GitRepo) -> None:
    base = repo.score("52.0")
    side = repo.propose("refs/pull/1/head", {RESULTS: entry_text("60.0")})
    repo.commit({"README.md": "meanwhile"})
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", side, by="owner")
    repo.commit({"README.md": "since"})

    assert commits(repo).branched_at(repo.git("rev-parse", "HEAD"), side) == base


def test_branched_at__of_one_that_was_not_merged(repo: GitRepo) -> None:
    base = repo.score("52.0")
    side = repo.propose("refs/pull/1/head", {RESULTS: entry_text("60.0")})
    tip = repo.commit({"README.md": "meanwhile"})

    assert commits(repo).branched_at(tip, side) == base


def test_branched_at__of_what_is_not_there(repo: GitRepo) -> None:
    assert commits(repo).branched_at(repo.score("52.0"), "0" * 40) is None


def test_version__what_is_no_small_yaml_file_in_the_folder_is_not_read(repo: GitRepo) -> None:
    (repo.folder / ".eval_results").mkdir()
    (repo.folder / ".eval_results/link.yaml").symlink_to("/etc/passwd")
    head = repo.commit({
        RESULTS: entry_text("52.0"),
        ".eval_results/large.yaml": "x" * (LARGEST_FILE + 1),
        ".eval_results/deep/x.yaml": entry_text("1.0"),
        ".eval_results/notes.txt": "x",
        ".eval_results/odd\nname.yaml": entry_text("2.0"),
    })  # fmt: skip

    assert sorted(commits(repo).version(head).files) == [".eval_results/odd\nname.yaml", RESULTS]


def test_version__the_folder_may_be_a_link_or_a_file(repo: GitRepo) -> None:
    (repo.folder / ".eval_results").symlink_to("/etc")
    head = repo.commit({"README.md": "x"})

    assert commits(repo).version(head).files == {}


def test_version__at_most_so_many_files(repo: GitRepo) -> None:
    head = repo.commit({f".eval_results/{number:03}.yaml": entry_text("1.0") for number in range(MOST_FILES + 5)})

    assert len(commits(repo).version(head).files) == MOST_FILES


def test_weights__change_with_the_weights_alone(repo: GitRepo) -> None:
    none = repo.commit({"README.md": "x"})
    first = repo.commit({"model.safetensors": b"1"})
    other = repo.commit({"README.md": "y"})
    last = repo.commit({"model.safetensors": b"2"})
    found = commits(repo)

    assert found.weights(none) is None
    assert found.weights(first) == found.weights(other) != found.weights(last)
    assert found.weights("e" * 40) is None
    assert found.weights("--help") is None


def test_file_and_folder(repo: GitRepo) -> None:
    head = repo.commit(
        {"README.md": "hello", ".evalmark/receipts/a.json": "{}", ".evalmark/receipts/deep/b.json": "{}"}
    )
    found = commits(repo)

    assert found.file(head, "README.md") == b"hello"
    assert found.file(head, "README.md", most=3) is None
    assert found.file(head, "none.md") is None
    assert found.folder(head, ".evalmark/receipts") == {".evalmark/receipts/a.json": b"{}"}


def test_lost__what_no_ref_has_any_more(repo: GitRepo) -> None:
    kept = repo.score("52.0")
    gone = repo.propose("refs/pull/1/head", {RESULTS: entry_text("60.0")})
    repo.propose("refs/pull/1/head", {RESULTS: entry_text("61.0")}, onto=kept)

    assert commits(repo).lost(frozenset({kept, gone, "e" * 40})) == {gone, "e" * 40}
    assert commits(repo).lost(frozenset()) == frozenset()


def test_checkout__none_where_there_is_no_repository(tmp_path: Path) -> None:
    assert checkout(tmp_path) is None


def test_fetched__without_weights_and_again_only_what_is_new(repo: GitRepo, tmp_path: Path) -> None:
    weights = os.urandom(400_000)
    repo.commit({"model.safetensors": weights, "README.md": "hello"})
    first = repo.score("52.0")
    with git_server(tmp_path) as address:
        remote = Remote(f"{address}/scores/.git", GITHUB_REFS)
        found = fetched(tmp_path / "cache", remote)
        size = sum(file.stat().st_size for file in found.git_dir.rglob("*") if file.is_file())
        last = repo.score("57.0")
        again = fetched(tmp_path / "cache", remote)

    assert size < len(weights)
    assert [each.commit for each in found.versions(first)] == [first]
    assert [each.commit for each in again.versions(last)] == [first, last]
    assert again.file(last, "model.safetensors", most=1 << 30) is None
    assert again.weights(last) is not None


def test_fetched__a_host_that_sends_too_much_is_cut_off(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({f"{number}.txt": os.urandom(100_000) for number in range(9)})
    monkeypatch.setattr(fetching, "LARGEST_PACK", 500_000)
    with git_server(tmp_path) as address, pytest.raises(CouldNotFinish, match="git fetch failed"):
        fetched(tmp_path / "cache", Remote(f"{address}/scores/.git", GITHUB_REFS))

    written = [file.stat().st_size for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    assert max(written) <= 500_000


def test_fetched__says_that_there_is_no_such_repo(tmp_path: Path) -> None:
    with git_server(tmp_path) as address, pytest.raises(CouldNotFinish, match="git fetch failed"):
        fetched(tmp_path / "cache", Remote(f"{address}/none/.git", GITHUB_REFS))


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c touch% /tmp/owned",
        "file:///etc",
        "/etc",
        "ssh://host/x",
        "--upload-pack=touch /tmp/owned",
        "git://host/x",
    ],
)
def test_fetched__only_from_the_web(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageProblem, match="is no address of a repo"):
        fetched(tmp_path, Remote(address, GITHUB_REFS))


def test_nothing_of_the_repository_runs(repo: GitRepo, tmp_path: Path) -> None:
    """Its hooks, filters, monitors and alternates are programs of somebody else."""
    head = repo.score("52.0")
    owned = tmp_path / "owned"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {owned}\n")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "core.sshCommand", "core.alternateRefsCommand", "diff.external", "core.pager",
                 "filter.x.smudge", "filter.x.clean", "core.editor", "credential.helper"):  # fmt: skip
        repo.git("config", name, str(program))
    repo.git("config", "core.hooksPath", str(tmp_path))

    found = commits(repo)
    found.versions(head)
    found.weights(head)
    found.refs()

    assert not owned.exists()


def test_the_token_stands_in_no_command_line() -> None:
    told = environment("secret-token", "https://hub.example.org/")

    assert told["GIT_CONFIG_KEY_0"] == "http.https://hub.example.org/.extraHeader"
    assert "secret-token" not in str(told)
    assert "GIT_DIR" not in told
