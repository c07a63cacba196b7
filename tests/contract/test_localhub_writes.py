"""The unmodified huggingface_hub writes to the local Hub: commits, pull requests, repos; and what it keeps of them."""

import json
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitInfo, CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.errors import HfHubHTTPError, RemoteEntryNotFoundError, RevisionNotFoundError

from evalmark.errors import CouldNotFinish
from evalmark.localhub import LocalHub, RepoId, api_commits
from evalmark.localhub.events import ContentUpdated, DiscussionCreated, Event, RefUpdate, RepoCreated
from evalmark.localhub.writing import make_commit
from tests.contract.localhub_fixtures import EVAL_YAML, ROWS, commit, git, init, make_bench, run_client, write

MODEL = RepoId("models", "org/model")
BENCH = RepoId("datasets", "org/bench")
RESULT = b"- dataset: {id: org/bench, task_id: tiny}\n  value: 57.0\n"
PATH = ".eval_results/tiny.yaml"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[RepoId, Path]:
    """For all tests the same: a folder and a work tree, which no Hub ever writes."""
    root = tmp_path_factory.mktemp("sources")
    write(root / "model", {"config.json": "{}\n", "old/a.txt": "a", "old/b.txt": "b", "c.txt": "c"})
    make_bench(root / "bench")
    return {MODEL: root / "model", BENCH: root / "bench"}


@pytest.fixture
def hub(sources: dict[RepoId, Path]) -> Iterator[LocalHub]:
    with LocalHub(sources) as hub:
        yield hub


@pytest.fixture
def api(hub: LocalHub) -> HfApi:
    return HfApi(endpoint=hub.url, token="hf_any")


@pytest.fixture
def events(hub: LocalHub) -> list[Event]:
    heard: list[Event] = []
    hub.state.listeners.append(heard.append)
    return heard


def upload(api: HfApi, data: bytes = RESULT, path: str = PATH, **more: Any) -> CommitInfo:
    info: CommitInfo = api.upload_file(path_or_fileobj=data, path_in_repo=path, repo_id="org/model", **more)
    return info


def read(api: HfApi, path: str, tmp_path: Path, revision: str = "main") -> bytes:
    return Path(api.hf_hub_download("org/model", path, revision=revision, cache_dir=tmp_path / "cache")).read_bytes()


# ── commits ─────────────────────────────────────────────────────────────────────────────────


def test_commit__to_main_is_read_back(hub: LocalHub, api: HfApi, tmp_path: Path) -> None:
    info = upload(api, commit_message="Add a score", commit_description="Measured twice.")

    assert info.oid == hub.sha(MODEL)
    assert info.commit_url.startswith(f"{hub.url}/org/model/commit/")
    assert read(api, PATH, tmp_path) == RESULT
    newest = api.list_repo_commits("org/model")[0]
    assert (newest.title, newest.message, newest.authors) == ("Add a score", "Measured twice.", ["local"])


def test_commit__adds_changes_and_deletes_at_once(api: HfApi) -> None:
    operations: list[CommitOperationAdd | CommitOperationDelete] = [
        CommitOperationAdd("README.md", b"---\nlicense: mit\n---\n# Model\n"),
        CommitOperationAdd("config.json", b'{"a": 1}\n'),
        CommitOperationDelete("c.txt"),
        CommitOperationDelete("old/", is_folder=True),
    ]
    api.create_commit("org/model", operations, commit_message="Tidy up")

    assert sorted(api.list_repo_files("org/model")) == ["README.md", "config.json"]


def test_commit__of_any_bytes_and_any_name(api: HfApi, tmp_path: Path) -> None:
    for data, path in ((bytes(range(256)) * 300, 'a "b" ü/c\td'.replace("\t", " ")), (b"", "empty.bin")):
        upload(api, data, path)
        assert read(api, path, tmp_path) == data


def test_commit__larger_than_a_json_body_may_be(api: HfApi, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40_000
    upload(api, data, "model.gguf")
    assert read(api, "model.gguf", tmp_path) == data


def test_commit__of_what_is_there_already_is_none(hub: LocalHub, api: HfApi) -> None:
    first = upload(api)
    again = upload(api, create_pr=True)

    assert (again.oid, again.pr_url) == (first.oid, None)
    assert list(api.get_repo_discussions("org/model")) == []


def test_commit__deleting_what_is_not_there(api: HfApi) -> None:
    with pytest.raises(RemoteEntryNotFoundError, match=r"no 'absent\.txt' to delete"):
        api.delete_file("absent.txt", "org/model")


def test_commit__to_a_branch_that_is_not_there(api: HfApi) -> None:
    with pytest.raises(RevisionNotFoundError):
        upload(api, revision="nope")


def test_commit__to_a_branch(hub: LocalHub, api: HfApi) -> None:
    info = api.upload_file(
        path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="org/bench", repo_type="dataset", revision="dev"
    )
    assert info.oid == hub.sha(BENCH, "dev")


@pytest.mark.parametrize("revision", ["v1", "sha"])
def test_commit__to_a_tag_or_a_sha_is_refused(hub: LocalHub, api: HfApi, revision: str) -> None:
    with pytest.raises(RevisionNotFoundError):
        api.upload_file(
            path_or_fileobj=b"x",
            path_in_repo="x.txt",
            repo_id="org/bench",
            repo_type="dataset",
            revision=hub.sha(BENCH) if revision == "sha" else revision,
        )


def test_commit__for_an_older_commit_is_refused(hub: LocalHub, api: HfApi) -> None:
    old = hub.sha(MODEL)
    upload(api)
    with pytest.raises(HfHubHTTPError, match="The branch was updated since you opened this page") as refused:
        upload(api, b"[]\n", parent_commit=old)
    assert refused.value.response.status_code == 412


def test_commit__for_the_newest_commit(hub: LocalHub, api: HfApi) -> None:
    assert upload(api, parent_commit=hub.sha(MODEL)[:7]).oid == hub.sha(MODEL)


def test_race__of_two_for_one_parent_is_won_by_one(hub: LocalHub) -> None:
    parent = hub.sha(MODEL)
    start = threading.Barrier(2)

    def write_file(name: str) -> int:
        start.wait()
        try:
            upload(HfApi(endpoint=hub.url, token="hf_any"), name.encode(), name, parent_commit=parent)
        except HfHubHTTPError as refused:
            return refused.response.status_code
        return 200

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(write_file, ["one", "two"])) == [200, 412]


def test_race__without_a_parent_loses_nothing(hub: LocalHub, api: HfApi) -> None:
    names = [f"file{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: upload(api, name.encode(), name), names))
    assert set(names) <= set(api.list_repo_files("org/model"))


def test_race__with_somebody_who_pushes_into_the_source_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(init(tmp_path / "repo"), "One", {"a": "1\n"})
    git(tmp_path, "clone", "--quiet", "--bare", "repo", "bare.git")
    theirs = commit(tmp_path / "repo", "Two", {"b": "2\n"})

    def slow(*arguments: Any) -> str:
        made = make_commit(*arguments)
        git(tmp_path / "repo", "push", "--quiet", str(tmp_path / "bare.git"), "main")
        return made

    monkeypatch.setattr(api_commits, "make_commit", slow)
    with LocalHub({MODEL: tmp_path / "bare.git"}) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        upload(api)
        history = [found.commit_id for found in api.list_repo_commits("org/model")]
    assert history[1] == theirs


def test_event__of_a_commit(hub: LocalHub, api: HfApi, events: list[Event]) -> None:
    old = hub.sha(MODEL)
    info = upload(api)
    [event] = events
    assert isinstance(event, ContentUpdated)
    assert (event.repo, event.who.name) == (MODEL, "local")
    assert event.refs == (RefUpdate("refs/heads/main", old, info.oid),)


# ── pull requests ───────────────────────────────────────────────────────────────────────────


def test_pull_request__is_open_at_once_and_leaves_main_alone(hub: LocalHub, api: HfApi, tmp_path: Path) -> None:
    before = hub.sha(MODEL)
    info = upload(api, create_pr=True, commit_message="A score", commit_description="See the log.")

    assert (info.pr_num, info.pr_revision) == (1, "refs/pr/1")
    assert (hub.sha(MODEL), hub.sha(MODEL, "refs/pr/1")) == (before, info.oid)
    assert read(api, PATH, tmp_path, "refs/pr/1") == RESULT
    details = api.get_discussion_details("org/model", 1)
    assert (details.title, details.status, details.author) == ("A score", "open", "local")
    assert (details.target_branch, details.conflicting_files) == ("refs/heads/main", [])
    assert [event.type for event in details.events] == ["comment", "commit"]
    assert "+  value: 57.0" in (details.diff or "")


def test_pull_request__gets_more_commits(hub: LocalHub, api: HfApi, events: list[Event]) -> None:
    first = upload(api, create_pr=True)
    del events[:]
    second = upload(api, RESULT.replace(b"57", b"41"), revision="refs/pr/1", commit_message="True score")

    assert hub.sha(MODEL, "refs/pr/1") == second.oid
    assert [commit.commit_id for commit in api.list_repo_commits("org/model", revision="refs/pr/1")][:2] == [
        second.oid,
        first.oid,
    ]
    details = api.get_discussion_details("org/model", 1)
    commits = [event for event in details.events if event.type == "commit"]
    assert [getattr(event, "oid", "") for event in commits] == [first.oid, second.oid]
    assert events == [ContentUpdated(MODEL, events[0].who, (RefUpdate("refs/pr/1", first.oid, second.oid),))]


def test_pull_request__against_a_branch(hub: LocalHub, api: HfApi) -> None:
    info = api.create_commit(
        "org/bench",
        [CommitOperationAdd("y.txt", b"y")],
        commit_message="For dev",
        repo_type="dataset",
        revision="dev",
        create_pr=True,
    )
    details = api.get_discussion_details("org/bench", info.pr_num or 0, repo_type="dataset")
    assert (info.pr_num, details.target_branch) == (2, "refs/heads/dev")
    api.merge_pull_request("org/bench", 2, repo_type="dataset")
    assert api.file_exists("org/bench", "y.txt", repo_type="dataset", revision="dev")
    assert not api.file_exists("org/bench", "y.txt", repo_type="dataset")


def test_pull_request__against_a_sha_is_refused(hub: LocalHub, api: HfApi) -> None:
    with pytest.raises(RevisionNotFoundError):
        upload(api, revision=hub.sha(MODEL), create_pr=True)


@pytest.mark.parametrize("summary", ["x", "y" * 300, "Two\nlines"])
def test_pull_request__with_a_summary_of_any_length(api: HfApi, summary: str) -> None:
    upload(api, create_pr=True, commit_message=summary)
    assert api.get_discussion_details("org/model", 1).title == summary.splitlines()[0][:200]


def test_pull_request__from_a_commit_that_is_not_of_its_branch(api: HfApi) -> None:
    with pytest.raises(HfHubHTTPError, match="is not a commit of main") as refused:
        upload(api, create_pr=True, parent_commit="0" * 40)
    assert refused.value.response.status_code == 412


def test_pull_request__from_an_older_commit(hub: LocalHub, api: HfApi) -> None:
    old = hub.sha(MODEL)
    upload(api, b"x", "x.txt")
    upload(api, create_pr=True, parent_commit=old)
    assert api.list_repo_commits("org/model", revision="refs/pr/1")[1].commit_id == old


def test_pull_request__with_only_a_git_ref_gets_stored_when_it_is_written_to(hub: LocalHub, api: HfApi) -> None:
    api.upload_file(
        path_or_fileobj=b"x", path_in_repo="x.txt", repo_id="org/bench", repo_type="dataset", revision="refs/pr/1"
    )
    details = api.get_discussion_details("org/bench", 1, repo_type="dataset")
    assert (details.title, details.author, details.status) == ("Be strict", "Ada", "open")
    assert [event.type for event in details.events] == ["comment", "commit"]


def test_pull_request__by_upload_folder(api: HfApi, tmp_path: Path) -> None:
    write(tmp_path / "more", {"d.txt": "d", "e/f.txt": "f"})
    info = api.upload_folder(repo_id="org/model", folder_path=tmp_path / "more", create_pr=True)
    assert info.pr_url is not None
    assert {"d.txt", "e/f.txt"} <= set(api.list_repo_files("org/model", revision="refs/pr/1"))


def test_event__of_a_pull_request(api: HfApi, events: list[Event]) -> None:
    info = upload(api, create_pr=True, commit_message="A score")
    opened, pushed = events
    assert isinstance(opened, DiscussionCreated)
    assert (opened.discussion.number, opened.discussion.title, opened.discussion.base) == (
        1,
        "A score",
        "refs/heads/main",
    )
    assert isinstance(pushed, ContentUpdated)
    assert pushed.refs == (RefUpdate("refs/pr/1", None, info.oid),)


# ── what is reported ────────────────────────────────────────────────────────────────────────


def raw(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def test_eval_results__are_read_from_the_files(hub: LocalHub, api: HfApi) -> None:
    upload(api)
    upload(api, b"- value: many\n", ".eval_results/bad.yaml")
    upload(api, RESULT.replace(b"57", b"99"), create_pr=True)

    bad, main, proposed = raw(f"{hub.url}/api/models/org/model?expand=evalResults")["evalResults"]
    assert bad["filename"] == ".eval_results/bad.yaml"
    assert bad["error"]
    data = {"dataset": {"id": "org/bench", "task_id": "tiny"}, "value": 57.0}
    assert main == {"filename": PATH, "verified": False, "data": data}
    assert (proposed["pullRequest"], proposed["data"]["value"]) == (1, 99.0)
    assert raw(f"{hub.url}/api/models?author=org&expand=evalResults")[0]["evalResults"] == [bad, main, proposed]


def test_eval_results__reach_the_client(api: HfApi) -> None:
    upload(api)
    [entry] = api.model_info("org/model", expand=["evalResults"]).eval_results or []
    assert (entry.dataset_id, entry.value) == ("org/bench", 57.0)
    [model] = api.list_models(author="org", limit=1, expand=["evalResults"])
    assert [entry.value for entry in model.eval_results or []] == [57.0]


def test_list__models_of_an_author(api: HfApi) -> None:
    assert [model.id for model in api.list_models(author="org")] == ["org/model"]
    assert list(api.list_models(author="nobody")) == []


def test_list__benchmarks(api: HfApi) -> None:
    assert [dataset.id for dataset in api.list_datasets(benchmark=True)] == ["org/bench"]


def test_leaderboard__has_open_pull_requests_only(api: HfApi) -> None:
    upload(api)
    upload(api, RESULT.replace(b"57", b"99"), create_pr=True)
    upload(api, RESULT.replace(b"57", b"77"), create_pr=True)
    api.change_discussion_status("org/model", 1, "closed")

    rows = api.get_dataset_leaderboard("org/bench")
    assert [(row.rank, row.value, row.pull_request) for row in rows] == [(1, 77.0, 2), (2, 57.0, None)]


# ── repos ───────────────────────────────────────────────────────────────────────────────────


def test_create_repo__can_be_written_to(hub: LocalHub, api: HfApi, events: list[Event]) -> None:
    url = api.create_repo("org/new", repo_type="dataset")
    assert (url.repo_id, url.repo_type, str(url)) == ("org/new", "dataset", f"{hub.url}/datasets/org/new")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/new", repo_type="dataset")
    assert api.list_repo_files("org/new", repo_type="dataset") == ["x"]
    assert isinstance(events[0], RepoCreated)


def test_create_repo__twice_is_a_conflict(api: HfApi) -> None:
    with pytest.raises(HfHubHTTPError, match="already created this model repo: org/model") as refused:
        api.create_repo("org/model")
    assert refused.value.response.status_code == 409
    assert api.create_repo("org/model", exist_ok=True).repo_id == "org/model"


def test_create_repo__without_an_owner_is_the_callers(api: HfApi) -> None:
    assert api.create_repo("mine").repo_id == "local/mine"


@pytest.mark.parametrize("name", ["org/..", "org/a b", "org/.git"])
def test_create_repo__odd_name_is_a_bad_request(hub: LocalHub, name: str) -> None:
    owner, _, repo = name.partition("/")
    body = json.dumps({"name": repo, "organization": owner, "type": "model"}).encode()
    request = urllib.request.Request(
        f"{hub.url}/api/repos/create", body, headers={"Authorization": "Bearer hf_any"}, method="POST"
    )
    with pytest.raises(urllib.request.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 400


# ── where it is written ─────────────────────────────────────────────────────────────────────


def test_source__folder_is_never_written(sources: dict[RepoId, Path], api: HfApi) -> None:
    before = sorted(sources[MODEL].rglob("*"))
    upload(api)
    assert sorted(sources[MODEL].rglob("*")) == before


def test_source__work_tree_is_live_until_the_first_write_and_never_written(tmp_path: Path) -> None:
    bench = tmp_path / "bench"
    make_bench(bench)
    with LocalHub({BENCH: bench}) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        live = commit(bench, "Live", {"live.txt": "x"})
        assert hub.sha(BENCH) == live
        info = api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/bench", repo_type="dataset")
        commit(bench, "Too late", {"late.txt": "x"})

        assert hub.sha(BENCH) == info.oid
        assert git(bench, "rev-parse", "HEAD~1") == live
        assert not (bench / "x").exists()
        refs = api.list_repo_refs("org/bench", repo_type="dataset", include_pull_requests=True)
    assert {ref.ref for ref in [*refs.branches, *refs.tags, *(refs.pull_requests or [])]} == {
        "refs/heads/main",
        "refs/heads/dev",
        "refs/tags/v1",
        "refs/pr/1",
    }


@pytest.mark.parametrize("branch", ["main", "master"])
def test_source__bare_repository_is_written_in_place(tmp_path: Path, branch: str) -> None:
    commit(init(tmp_path / "repo", branch=branch), "One", {"a": "1\n"})
    git(tmp_path, "clone", "--quiet", "--bare", "repo", "bare.git")
    with LocalHub({MODEL: tmp_path / "bare.git"}) as hub:
        info = upload(HfApi(endpoint=hub.url, token="hf_any"))
    assert git(tmp_path / "bare.git", "rev-parse", branch) == info.oid
    assert git(tmp_path / "bare.git", "for-each-ref", "--format=%(refname)") == f"refs/heads/{branch}"


def test_source__work_tree_with_a_detached_head(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo", branch="work")
    git(repo, "checkout", "--quiet", "--detach", commit(repo, "One", {"a": "1\n"}))
    git(repo, "branch", "--delete", "--force", "work")
    with LocalHub({MODEL: repo}) as hub:
        info = upload(HfApi(endpoint=hub.url, token="hf_any"))
        assert hub.sha(MODEL) == info.oid


def test_source__shallow_clone(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo")
    commit(repo, "One", {"a": "1\n"})
    commit(repo, "Two", {"a": "2\n"})
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", "shallow")
    with LocalHub({MODEL: tmp_path / "shallow"}) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        upload(api)
        assert len(api.list_repo_commits("org/model")) == 2


def test_state__survives_a_restart(sources: dict[RepoId, Path], tmp_path: Path) -> None:
    state = tmp_path / "state"
    with LocalHub(sources, state=state) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        upload(api, create_pr=True, commit_message="A score")
        comment = api.comment_discussion("org/model", 1, "First")
        api.edit_discussion_comment("org/model", 1, comment.id, "Second")
        api.create_repo("org/new", private=True)
        before = api.get_discussion_details("org/model", 1)
    with LocalHub(sources, state=state) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        after = api.get_discussion_details("org/model", 1)
        assert (after.events, after.diff, after.title) == (before.events, before.diff, before.title)
        assert api.model_info("org/new").private
        assert upload(api, b"new", create_pr=True).pr_num == 2


def test_state__of_two_hubs_is_refused(tmp_path: Path) -> None:
    with (
        LocalHub({}, state=tmp_path),
        pytest.raises(CouldNotFinish, match="another local Hub is using"),
        LocalHub({}, state=tmp_path),
    ):
        pass


def test_state__without_a_folder_is_gone_at_the_end(hub: LocalHub, api: HfApi, sources: dict[RepoId, Path]) -> None:
    upload(api, create_pr=True)
    with LocalHub(sources) as other:
        assert list(HfApi(endpoint=other.url, token="hf_any").get_repo_discussions("org/model")) == []


def test_read_only__takes_nothing(sources: dict[RepoId, Path]) -> None:
    with LocalHub(sources, read_only=True) as hub:
        api = HfApi(endpoint=hub.url, token="hf_any")
        with pytest.raises(HfHubHTTPError, match="read-only"):
            api.create_repo("org/new")
        with pytest.raises(HfHubHTTPError, match="read-only"):
            api.create_discussion("org/model", "A question")
        done = subprocess.run(
            ["git", "push", f"{hub.url.replace('//', '//u:t@')}/datasets/org/bench", "HEAD:new"],
            cwd=sources[BENCH],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0


# ── datasets ────────────────────────────────────────────────────────────────────────────────

LOAD = """
import json, sys
from datasets import load_dataset
from huggingface_hub import HfApi
before = load_dataset("org/bench", split="test").to_list()
row = '{"question": "4+4?", "answer": "8"}\\n'
info = HfApi(token="hf_any").upload_file(
    path_or_fileobj=row.encode(), path_in_repo="data/test.jsonl", repo_id="org/bench", repo_type="dataset"
)
after = load_dataset("org/bench", split="test", revision=info.oid).to_list()
print(json.dumps([before, after]))
"""


@pytest.mark.slow
def test_load_dataset__sees_what_was_pushed(hub: LocalHub, tmp_path: Path) -> None:
    assert run_client(LOAD, hub.url, tmp_path / "home") == [ROWS, [{"question": "4+4?", "answer": "8"}]]


EVALUATE = """
import json, subprocess, sys
from huggingface_hub import HfApi
from pathlib import Path
text = sys.argv[1]
info = HfApi(token="hf_any").upload_file(
    path_or_fileobj=text.encode(), path_in_repo="eval.yaml", repo_id="org/bench", repo_type="dataset", create_pr=True
)
Path("parrot.py").write_text(sys.argv[2])
sys.path.insert(0, ".")
import parrot
from inspect_ai import eval
log = eval(f"hf/org/bench@{info.pr_revision}", model="parrot/x", display="none", log_dir="logs")[0]
print(json.dumps([info.pr_revision, log.status, log.results.scores[0].name]))
"""
PARROT = """
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

class Parrot(ModelAPI):
    async def generate(self, input, tools, tool_choice, config):
        output = ModelOutput.from_content("parrot", "4")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

@modelapi(name="parrot")
def parrot():
    return Parrot
"""


@pytest.mark.slow
def test_inspect_eval__of_a_pull_request_that_was_just_opened(hub: LocalHub, tmp_path: Path) -> None:
    changed = EVAL_YAML.format(scorer="exact")
    assert run_client(EVALUATE, hub.url, tmp_path / "home", changed, PARROT) == ["refs/pr/2", "success", "exact"]


# ── hostile ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def target(sources: dict[RepoId, Path]) -> Iterator[LocalHub]:
    """One Hub for all attacks: none of them changes it."""
    with LocalHub(sources) as hub:
        HfApi(endpoint=hub.url, token="hf_any").create_discussion("org/model", "A question")
        yield hub


HEADER = '{"key": "header", "value": {"summary": "x"}}'


def post(hub: LocalHub, path: str, body: bytes, **headers: str) -> int:
    request = urllib.request.Request(f"{hub.url}{path}", body, method="POST")
    for name, value in ({"Authorization": "Bearer hf_any"} | headers).items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.request.HTTPError as refused:
        refused.close()
        return refused.code


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", ".git/config", "a/.GIT/hooks/x", "a//b", "a/./b", "a\\b", "a\0b", "a\nb", "", "x" * 2000],
)
@pytest.mark.parametrize("key", ["file", "deletedFile", "deletedFolder"])
def test_hostile_path__is_a_bad_request(target: LocalHub, path: str, key: str) -> None:
    before = target.sha(MODEL)
    value = {"path": path, "content": "eA==", "encoding": "base64"}
    body = f"{HEADER}\n{json.dumps({'key': key, 'value': value})}\n".encode()
    assert post(target, "/api/models/org/model/commit/main", body) == 400
    assert target.sha(MODEL) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'{"key": "header", "value": []}',
        b'{"key": "file", "value": {"path": "a", "content": ""}}',
        b'{"key": "header", "value": {"summary": ""}}',
        b'{"key": "header", "value": {"summary": 1}}',
        b'{"key": "header", "value": {"summary": "\\ud800"}}',
        f'{HEADER}\n{{"key": "file", "value": {{"path": "a", "content": "?", "encoding": "base64"}}}}'.encode(),
        f'{HEADER}\n{{"key": "file", "value": {{"path": "a", "content": "x", "encoding": "rot13"}}}}'.encode(),
        f'{HEADER}\n{{"key": "lfsFile", "value": {{"path": "a"}}}}'.encode(),
        f'{HEADER}\n{{"key": "file", "value": {{"path": ["a"], "content": ""}}}}'.encode(),
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_hostile_commit__is_a_bad_request(target: LocalHub, body: bytes) -> None:
    assert post(target, "/api/models/org/model/commit/main", body) == 400


@pytest.mark.parametrize(
    "body",
    [b'{"files": 1}', b'{"files": [1]}', b'{"files": [{}]}', b'{"files": [{"path": 1}]}', b"[1]", b"{"],
)
def test_hostile_preupload__is_a_bad_request(target: LocalHub, body: bytes) -> None:
    assert post(target, "/api/models/org/model/preupload/main", body) == 400


@pytest.mark.parametrize("path", ["..", "/etc/passwd", "a\0b", ".git/config"])
def test_hostile_preupload__knows_nothing_outside_of_the_repo(target: LocalHub, path: str) -> None:
    assert post(target, "/api/models/org/model/preupload/main", json.dumps({"files": [{"path": path}]}).encode()) == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("discussions/1/status", b'{"status": "merged"}', 400),
        ("discussions/1/status", b'{"status": "draft"}', 400),
        ("discussions/1/comment/0123456789abcdef01234567/edit", b'{"content": "x"}', 404),
        ("discussions/1/comment/%2e%2e/hide", b"", 404),
        ("discussions", b'{"title": "A title", "description": 1}', 400),
        ("discussions", b'{"title": ["a", "b", "c"]}', 400),
    ],
)
def test_hostile_step__is_refused(target: LocalHub, path: str, body: bytes, status: int) -> None:
    assert post(target, f"/api/models/org/model/{path}", body) == status


@pytest.mark.parametrize("steps", ["comment", "title", "status", "merge", "comment/abc/edit", "comment/abc/hide"])
@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "1e3", "9" * 40, "%2e%2e"])
def test_hostile_number__is_not_found(target: LocalHub, number: str, steps: str) -> None:
    body = b'{"comment": "hello", "content": "hello", "title": "hello", "status": "closed"}'
    assert post(target, f"/api/models/org/model/discussions/{number}/{steps}", body) == 404


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b'{"comment": 1}', b'{"comment": ""}', b'{"comment": "\\ud800"}'])
def test_hostile_comment__is_a_bad_request(target: LocalHub, body: bytes) -> None:
    path = "/api/models/org/model/discussions/1/comment"
    assert post(target, path, body) == 400
    assert post(target, path, body, Content_Type="text/html") == 400


def test_hostile_body__of_more_than_5_mb_is_too_large(target: LocalHub) -> None:
    assert post(target, "/api/repos/create", b" " * (6 << 20)) == 413


def test_client_process__leaves_no_trace_of_its_token(tmp_path: Path) -> None:
    write(tmp_path / "model", {"a": "b"})
    with LocalHub({MODEL: tmp_path / "model"}, state=tmp_path / "state") as hub:
        upload(HfApi(endpoint=hub.url, token="hf_canary"), create_pr=True)
        served = str(hub.requests)
    files = [path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert "hf_canary" not in served
    assert not any(b"hf_canary" in data for data in files)
