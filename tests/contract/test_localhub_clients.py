"""The unmodified huggingface_hub, datasets and inspect_ai work against the local Hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile, RepoFolder
from huggingface_hub.hf_file_system import HfFileSystem

from evalmark.localhub import LocalHub, RepoId
from evalmark.localhub.routes import parse_target
from tests.contract.localhub_fixtures import (
    EVAL_YAML,
    ROWS,
    STRICT,
    BenchShas,
    commit,
    git,
    init,
    lfs_pointer,
    make_bench,
    run_client,
    write,
)

BENCH = RepoId("datasets", "org/bench")
MODEL = RepoId("models", "org/model")
LFS = RepoId("models", "org/lfs")
AT_HAND, MISSING = b"real weights " * 50, b"weights that nobody fetched"


@dataclass(frozen=True)
class World:
    """A running local Hub, and what is in it."""

    hub: LocalHub
    api: HfApi
    shas: BenchShas

    def revisions(self) -> dict[str, str]:
        """Every way to write a revision, and the sha that it means."""
        shas = self.shas
        return {"main": shas.main, "dev": shas.dev, "v1": shas.v1, shas.v1: shas.v1, "refs/pr/1": shas.pr}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("sources")
    shas = make_bench(root / "bench")
    write(root / "model", {"config.json": "{}\n", ".eval_results/a.yaml": "[]\n", "README.md": "# Model\n"})
    commit(
        init(root / "lfs"),
        "Weights",
        {"here.bin": lfs_pointer(AT_HAND), "missing.bin": lfs_pointer(MISSING)},
    )
    # As after `git lfs pull`: the work tree has the real file, the commit has the pointer.
    (root / "lfs" / "here.bin").write_bytes(AT_HAND)
    sources = {BENCH: root / "bench", MODEL: root / "model", LFS: root / "lfs"}
    with LocalHub(sources, read_only=True) as hub:
        yield World(hub, HfApi(endpoint=hub.url, token="hf_any"), shas)


KINDS_OF_REVISION = pytest.mark.parametrize("at", range(5), ids=["main", "branch", "tag", "sha", "pull-request"])


@KINDS_OF_REVISION
def test_dataset_info__says_the_sha_of_any_kind_of_revision(world: World, at: int) -> None:
    revision, sha = list(world.revisions().items())[at]
    assert world.api.dataset_info("org/bench", revision=revision).sha == sha


@KINDS_OF_REVISION
def test_download__gives_the_file_of_that_revision(world: World, at: int, tmp_path: Path) -> None:
    revision, sha = list(world.revisions().items())[at]
    path = world.api.hf_hub_download(
        "org/bench", "eval.yaml", repo_type="dataset", revision=revision, cache_dir=tmp_path
    )
    assert Path(path).read_text() == EVAL_YAML.format(scorer=STRICT if sha == world.shas.pr else "includes")


@KINDS_OF_REVISION
def test_tree__has_the_files_of_that_revision(world: World, at: int) -> None:
    revision, sha = list(world.revisions().items())[at]
    paths = {item.path for item in world.api.list_repo_tree("org/bench", repo_type="dataset", revision=revision)}
    expected = {"eval.yaml"} if sha == world.shas.v1 else {"README.md", "data", "eval.yaml"}
    assert paths == expected | ({"dev.txt"} if sha == world.shas.dev else set())


@KINDS_OF_REVISION
def test_paths_info__has_the_oid_that_git_has(world: World, at: int, tmp_path: Path) -> None:
    revision, sha = list(world.revisions().items())[at]
    [info] = world.api.get_paths_info("org/bench", ["eval.yaml", "absent"], repo_type="dataset", revision=revision)
    assert isinstance(info, RepoFile)
    listed = world.api.list_repo_tree("org/bench", repo_type="dataset", revision=sha)
    assert info.blob_id in {item.blob_id for item in listed if isinstance(item, RepoFile)}


@KINDS_OF_REVISION
def test_commits__start_at_that_revision(world: World, at: int) -> None:
    revision, sha = list(world.revisions().items())[at]
    assert world.api.list_repo_commits("org/bench", repo_type="dataset", revision=revision)[0].commit_id == sha


@KINDS_OF_REVISION
def test_file_exists__knows_what_is_not_there(world: World, at: int) -> None:
    revision, sha = list(world.revisions().items())[at]
    exists = world.api.file_exists("org/bench", "dev.txt", repo_type="dataset", revision=revision)
    assert exists == (sha == world.shas.dev)


def test_snapshot_download__gives_the_whole_folder(world: World, tmp_path: Path) -> None:
    folder = Path(world.api.snapshot_download("org/model", cache_dir=tmp_path))
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {"config.json", ".eval_results/a.yaml", "README.md"}


def test_snapshot_download__of_a_pull_request(world: World, tmp_path: Path) -> None:
    folder = world.api.snapshot_download(
        "org/bench", repo_type="dataset", revision="refs/pr/1", allow_patterns="*.yaml", cache_dir=tmp_path
    )
    assert folder.endswith(world.shas.pr)


def test_model_info__lists_files_with_their_sizes(world: World) -> None:
    info = world.api.model_info("org/model", files_metadata=True)
    assert {file.rfilename: file.size for file in info.siblings or []} == {
        ".eval_results/a.yaml": 3,
        "README.md": 8,
        "config.json": 3,
    }


def test_model_info__is_public(world: World) -> None:
    info = world.api.model_info("org/model")
    assert (info.private, info.gated, info.author) == (False, False, "org")


def test_model_info__tolerates_expand(world: World) -> None:
    assert world.api.model_info("org/model", expand=["sha", "siblings"]).sha == world.hub.sha(MODEL)


def test_dataset_info__has_the_date_of_the_commit_in_utc(world: World) -> None:
    modified = world.api.dataset_info("org/bench").last_modified
    assert modified is not None
    assert modified.isoformat() == "2026-01-02T02:04:05+00:00"


def test_tree__of_a_sub_folder_with_everything_below(world: World) -> None:
    found = world.api.list_repo_tree("org/bench", "data", repo_type="dataset", recursive=True)
    assert [item.path for item in found] == ["data/deep", "data/deep/note.txt", "data/test.jsonl"]


def test_tree__of_a_folder_two_levels_down(world: World) -> None:
    found = world.api.list_repo_tree("org/bench", "data/deep", repo_type="dataset")
    assert [item.path for item in found] == ["data/deep/note.txt"]


def test_tree__expanded_says_which_commit_changed_a_file_last(world: World) -> None:
    found = world.api.list_repo_tree("org/bench", repo_type="dataset", expand=True)
    commits = {item.path: item.last_commit.oid for item in found if item.last_commit}
    assert commits == {"eval.yaml": world.shas.v1, "README.md": world.shas.main, "data": world.shas.main}


def test_tree__of_a_missing_folder_is_entry_not_found(world: World) -> None:
    with pytest.raises(RemoteEntryNotFoundError, match=r"no folder '\.eval_results'"):
        list(world.api.list_repo_tree("org/bench", ".eval_results", repo_type="dataset"))


def test_paths_info__knows_folders(world: World) -> None:
    [info] = world.api.get_paths_info("org/bench", "data/deep", repo_type="dataset")
    assert isinstance(info, RepoFolder)


def test_refs__lists_branches_tags_and_pull_requests(world: World) -> None:
    refs = world.api.list_repo_refs("org/bench", repo_type="dataset", include_pull_requests=True)
    shas = world.shas
    assert {ref.ref: ref.target_commit for ref in [*refs.branches, *refs.tags, *(refs.pull_requests or [])]} == {
        "refs/heads/dev": shas.dev,
        "refs/heads/main": shas.main,
        "refs/tags/v1": shas.v1,
        "refs/pr/1": shas.pr,
    }


def test_refs__leaves_pull_requests_out_unless_asked(world: World) -> None:
    assert world.api.list_repo_refs("org/bench", repo_type="dataset").pull_requests is None


def test_commits__have_title_message_and_author(world: World) -> None:
    first = world.api.list_repo_commits("org/bench", repo_type="dataset")[-1]
    assert (first.title, first.message, first.authors) == ("First", "The body.", ["Ada"])


def test_download__is_cached_by_sha(world: World, tmp_path: Path) -> None:
    for _ in range(2):
        world.api.hf_hub_download(
            "org/bench", "README.md", repo_type="dataset", revision=world.shas.main, cache_dir=tmp_path
        )
    asked = [served for served in world.hub.requests if served.target.endswith(f"{world.shas.main}/README.md")]
    assert [served.method for served in asked] == ["HEAD", "GET"]


def test_download__of_a_range_through_the_file_system(world: World) -> None:
    files = HfFileSystem(endpoint=world.hub.url, token="hf_any", skip_instance_cache=True)
    assert files.cat_file("datasets/org/bench/README.md", start=4, end=11) == b"configs"


def test_download__of_a_large_file_is_whole(world: World, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40_000
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "model.bin").write_bytes(data)
    with LocalHub({MODEL: tmp_path / "large"}) as hub:
        path = HfApi(endpoint=hub.url, token=False).hf_hub_download(
            "org/model", "model.bin", cache_dir=tmp_path / "cache"
        )
    assert Path(path).read_bytes() == data


def test_lfs__tree_tells_the_real_size_and_digest(world: World) -> None:
    found = {item.path: item for item in world.api.list_repo_tree("org/lfs") if isinstance(item, RepoFile)}
    lfs = found["missing.bin"].lfs
    assert lfs is not None
    assert (found["missing.bin"].size, lfs.size, lfs.pointer_size) == (len(MISSING), len(MISSING), 127)


def test_lfs__siblings_tell_the_digest(world: World) -> None:
    found = {file.rfilename: file for file in world.api.model_info("org/lfs", files_metadata=True).siblings or []}
    lfs = found["here.bin"].lfs
    assert lfs is not None
    assert lfs.sha256 in lfs_pointer(AT_HAND)


def test_lfs__real_file_in_the_work_tree_is_served(world: World, tmp_path: Path) -> None:
    path = world.api.hf_hub_download("org/lfs", "here.bin", cache_dir=tmp_path)
    assert Path(path).read_bytes() == AT_HAND


def test_lfs__pointer_alone_is_entry_not_found_and_says_why(world: World, tmp_path: Path) -> None:
    with pytest.raises(RemoteEntryNotFoundError, match="git lfs pull"):
        world.api.hf_hub_download("org/lfs", "missing.bin", cache_dir=tmp_path)


def test_whoami__with_any_token_is_local(world: World) -> None:
    assert world.api.whoami()["name"] == "local"


def test_discussions__are_the_pull_requests_that_main_does_not_hold(world: World) -> None:
    (pull_request,) = world.api.get_repo_discussions("org/bench", repo_type="dataset", discussion_status="open")

    assert (pull_request.num, pull_request.title, pull_request.author) == (1, "Be strict", "Ada")
    assert (pull_request.is_pull_request, pull_request.repo_type) == (True, "dataset")


@pytest.mark.parametrize("asked", [{"discussion_status": "closed"}, {"discussion_type": "discussion"}])
def test_discussions__of_another_status_or_type_there_are_none(world: World, asked: Any) -> None:
    assert list(world.api.get_repo_discussions("org/bench", repo_type="dataset", **asked)) == []


def test_discussions__come_in_pages(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo")
    commit(repo, "One", {"a": "1\n"})
    sha = commit(repo, "Two", {"a": "2\n"})
    git(repo, "update-ref", "refs/heads/main", "HEAD~1")
    for number in range(1, 24):
        git(repo, "update-ref", f"refs/pr/{number}", sha)
    with LocalHub({MODEL: repo}) as hub:
        listed = HfApi(endpoint=hub.url, token=False).get_repo_discussions("org/model")
        assert [pull_request.num for pull_request in listed] == list(range(23, 0, -1))


def test_discussion__has_a_description_and_the_diff_against_main(world: World) -> None:
    details = world.api.get_discussion_details("org/bench", 1, repo_type="dataset")

    assert "+      - name: match" in (details.diff or "")
    assert details.target_branch == "refs/heads/main"
    assert [event.type for event in details.events] == ["comment"]


def test_discussion__that_is_not_there(world: World) -> None:
    with pytest.raises(HfHubHTTPError, match="no discussion or pull request 7"):
        world.api.get_discussion_details("org/bench", 7, repo_type="dataset")


def test_discussion__without_a_common_commit_is_all_new(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo")
    commit(repo, "One", {"a": "1\n"})
    git(repo, "checkout", "--quiet", "--orphan", "other")
    git(repo, "update-ref", "refs/pr/1", commit(repo, "Alone", {"b": "2\n"}))
    git(repo, "checkout", "--quiet", "main")
    with LocalHub({MODEL: repo}) as hub:
        diff = HfApi(endpoint=hub.url, token=False).get_discussion_details("org/model", 1).diff or ""
        assert "+++ b/a" in diff
        assert "+++ b/b" in diff


def test_leaderboard__of_a_benchmark_that_nobody_ran(world: World) -> None:
    assert world.api.get_dataset_leaderboard("org/bench") == []


def test_error__missing_repo(world: World) -> None:
    with pytest.raises(RepositoryNotFoundError, match="no repo datasets/org/absent here"):
        world.api.dataset_info("org/absent")


def test_error__repo_without_an_owner(world: World, tmp_path: Path) -> None:
    with pytest.raises(RepositoryNotFoundError, match="no repo 'gpt2'"):
        world.api.hf_hub_download("gpt2", "config.json", cache_dir=tmp_path)


def test_error__a_dataset_is_not_a_model(world: World) -> None:
    with pytest.raises(RepositoryNotFoundError):
        world.api.model_info("org/bench")


def test_error__missing_revision(world: World, tmp_path: Path) -> None:
    with pytest.raises(RevisionNotFoundError, match="full sha 'nope'"):
        world.api.hf_hub_download("org/bench", "eval.yaml", repo_type="dataset", revision="nope", cache_dir=tmp_path)


def test_error__missing_file(world: World, tmp_path: Path) -> None:
    with pytest.raises(RemoteEntryNotFoundError, match=r"no file 'absent\.yaml'"):
        world.api.hf_hub_download("org/bench", "absent.yaml", repo_type="dataset", cache_dir=tmp_path)


def test_error__a_write_says_that_this_hub_is_read_only(world: World) -> None:
    with pytest.raises(HfHubHTTPError, match="read-only"):
        world.api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="org/model")


def test_error__a_comment_says_that_this_hub_is_read_only(world: World) -> None:
    with pytest.raises(HfHubHTTPError, match="read-only"):
        world.api.comment_discussion("org/model", 1, "hello")


def test_revision__a_commit_made_while_serving_is_served(tmp_path: Path) -> None:
    commit(init(tmp_path / "repo"), "One", {"a": "1\n"})
    with LocalHub({MODEL: tmp_path / "repo"}) as hub:
        api = HfApi(endpoint=hub.url, token=False)
        before = api.model_info("org/model").sha
        after = commit(tmp_path / "repo", "Two", {"a": "2\n"})
        assert (before, api.model_info("org/model").sha) != (after, before)
        assert api.model_info("org/model").sha == after


def test_revision__bare_repository_whose_branch_is_master(tmp_path: Path) -> None:
    sha = commit(init(tmp_path / "repo", branch="master"), "One", {"a": "1\n"})
    git(tmp_path, "clone", "--quiet", "--bare", "repo", "bare.git")
    with LocalHub({MODEL: tmp_path / "bare.git"}) as hub:
        refs = HfApi(endpoint=hub.url, token=False).list_repo_refs("org/model")
    assert {ref.name: ref.target_commit for ref in refs.branches} == {"main": sha, "master": sha}


EVALUATE = """
import json, sys
from datasets import load_dataset
from inspect_ai import eval
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

class Parrot(ModelAPI):
    async def generate(self, input, tools, tool_choice, config):
        sure = "2+2" in input[-1].text
        output = ModelOutput.from_content("parrot", "4" if sure else "It is 6.")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

@modelapi(name="parrot")
def parrot():
    return Parrot

def accuracy(revision):
    log = eval(f"hf/org/bench@{revision}", model="parrot/x", display="none", log_dir="logs")[0]
    assert log.status == "success", log.error
    return log.results.scores[0].metrics["accuracy"].value

sha = sys.argv[1]
rows = load_dataset("org/bench", revision=sha, split="test").to_list()
print(json.dumps({"rows": rows, "sha": accuracy(sha), "pr": accuracy("refs/pr/1")}))
"""


@pytest.fixture(scope="module")
def evaluated(world: World, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What one child process with `datasets` and `inspect_ai` saw; one, because importing them takes seconds."""
    return run_client(EVALUATE, world.hub.url, tmp_path_factory.mktemp("home"), world.shas.main)


@pytest.mark.slow
@pytest.mark.slow
def test_load_dataset__at_a_sha(evaluated: Any) -> None:
    assert evaluated["rows"] == ROWS


@pytest.mark.slow
def test_inspect_eval__at_a_sha(evaluated: Any) -> None:
    assert evaluated["sha"] == 1.0


@pytest.mark.slow
def test_inspect_eval__at_a_pull_request_uses_its_scorer(evaluated: Any) -> None:
    assert evaluated["pr"] == 0.5


def test_clients__never_made_this_hub_fail(world: World, evaluated: Any) -> None:
    reads = [served for served in world.hub.requests if served.method in {"GET", "HEAD"}]
    assert [served for served in reads if served.status >= 500] == []


def test_clients__asked_nothing_that_this_hub_does_not_know(world: World, evaluated: Any) -> None:
    reads = {served.target for served in world.hub.requests if served.method in {"GET", "HEAD"}}
    assert {target for target in reads if parse_target(target) is None} == set()
