"""The unmodified git clones from the local Hub and pushes to it."""

import gzip
import os
import re
import shutil
import subprocess
import sysconfig
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from evalmark.localhub import LocalHub, Person, RepoId, Token, Users, git_http
from evalmark.localhub.events import ContentUpdated, DiscussionUpdated, Event, RefUpdate
from tests.contract.localhub_fixtures import BenchShas, commit, git, init, make_bench, write

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
MODEL, BENCH = RepoId("models", "org/model"), RepoId("datasets", "org/bench")
SECRET, GATED = RepoId("models", "org/secret"), RepoId("models", "org/gated")
OWNER, ADA = Token(Person("owner", write=("org/*",))), Token(Person("ada"))
USERS = Users(
    {"hf_owner": OWNER, "hf_ada": ADA, "hf_bob": Token(Person("bob")), "hf_read": Token(OWNER.person, "read")},
    private={str(SECRET): ()},
    gated={str(GATED): ()},
)
GOOD = "- dataset: {id: acme/sums, task_id: sums}\n  value: 57.0\n"
BAD = GOOD.replace("57.0", "'57%'")


@pytest.fixture(scope="module")
def shas(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BenchShas]:
    root = tmp_path_factory.mktemp("sources")
    write(root / "model", {"config.json": "{}\n"})
    return root, make_bench(root / "bench")


@pytest.fixture
def hub(shas: tuple[Path, BenchShas]) -> Iterator[LocalHub]:
    root, _ = shas
    sources = {MODEL: root / "model", BENCH: root / "bench", SECRET: root / "model", GATED: root / "model"}
    with LocalHub(sources, users=USERS) as hub:
        yield hub


@pytest.fixture
def events(hub: LocalHub) -> list[Event]:
    heard: list[Event] = []
    hub.state.listeners.append(heard.append)
    return heard


def address(hub: LocalHub, repo: RepoId = MODEL, who: str = "") -> str:
    """Where git finds a repo; with the token of `who` in it."""
    prefix = "datasets/" if repo.kind == "datasets" else ""
    base = hub.url.replace("//", f"//{who}:hf_{who}@") if who else hub.url
    return f"{base}/{prefix}{repo.name}"


def clone(hub: LocalHub, folder: Path, repo: RepoId = MODEL, who: str = "") -> Path:
    git(folder, "clone", "--quiet", address(hub, repo, who), "clone")
    return folder / "clone"


def refused(folder: Path, *arguments: str) -> str:
    """What git says to what does not work."""
    with pytest.raises(subprocess.CalledProcessError) as failed:
        git(folder, *arguments)
    return str(failed.value.stderr)


# ── clone and fetch ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("version", ["0", "1", "2"])
def test_clone__has_all_that_the_hub_shows(
    hub: LocalHub, shas: tuple[Path, BenchShas], tmp_path: Path, version: str
) -> None:
    git(tmp_path, "-c", f"protocol.version={version}", "clone", "--quiet", "--mirror", address(hub, BENCH), "m.git")
    found = dict(line.split()[::-1] for line in git(tmp_path / "m.git", "show-ref").splitlines())
    assert {ref: found[ref] for ref in found if "tags" not in ref} == {
        "refs/heads/main": shas[1].main,
        "refs/heads/dev": shas[1].dev,
        "refs/pr/1": shas[1].pr,
    }


def test_clone__of_a_folder_and_with_a_suffix(hub: LocalHub, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", f"{address(hub)}.git", "clone")
    assert git(tmp_path / "clone", "rev-parse", "HEAD") == hub.sha(MODEL)


def test_clone__does_not_show_the_stash(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo")
    commit(repo, "One", {"a": "1\n"})
    write(repo, {"a": "secret\n"})
    git(repo, "stash")
    with LocalHub({MODEL: repo}) as hub:
        assert git(tmp_path, "ls-remote", address(hub)).count("\n") == 1


def test_fetch__of_a_shallow_history_and_a_pull_request(
    hub: LocalHub, shas: tuple[Path, BenchShas], tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", "--filter=blob:none", address(hub, BENCH), "clone")
    git(tmp_path / "clone", "fetch", "--quiet", "origin", "refs/pr/1:pr1")
    assert git(tmp_path / "clone", "rev-parse", "pr1") == shas[1].pr


def test_clone__while_a_source_is_not_written_is_live(tmp_path: Path) -> None:
    repo = init(tmp_path / "repo")
    commit(repo, "One", {"a": "1\n"})
    with LocalHub({MODEL: repo}) as hub:
        sha = commit(repo, "Two", {"a": "2\n"})
        assert git(clone(hub, tmp_path), "rev-parse", "HEAD") == sha


@pytest.mark.parametrize(
    ("repo", "who", "works"),
    [
        (SECRET, "", False),
        (SECRET, "ada", False),
        (SECRET, "owner", True),
        (GATED, "ada", False),
        (GATED, "owner", True),
        (MODEL, "read", True),
        (MODEL, "nobody", True),  # git sends a token only when it is asked for one
        (RepoId("models", "org/absent"), "owner", False),
    ],
)
def test_clone__by(hub: LocalHub, tmp_path: Path, repo: RepoId, who: str, works: bool) -> None:
    if works:
        assert (clone(hub, tmp_path, repo, who) / "config.json").exists()
    else:
        assert "fatal:" in refused(tmp_path, "clone", "--quiet", address(hub, repo, who), "clone")


# ── push ────────────────────────────────────────────────────────────────────────────────────


def test_push__to_main_is_a_commit_like_any_other(hub: LocalHub, tmp_path: Path, events: list[Event]) -> None:
    folder, old = clone(hub, tmp_path, who="owner"), hub.sha(MODEL)
    new = commit(folder, "Score", {".eval_results/a.yaml": GOOD})
    git(folder, "push", "--quiet", "origin", "main")

    assert hub.sha(MODEL) == new
    [event] = events
    assert isinstance(event, ContentUpdated)
    assert (event.who.name, event.refs) == ("owner", (RefUpdate("refs/heads/main", old, new),))
    api = HfApi(endpoint=hub.url, token="hf_ada")
    [entry] = api.model_info("org/model", expand=["evalResults"]).eval_results or []
    assert entry.value == 57.0


def test_push__of_branches_and_tags_and_their_end(hub: LocalHub, tmp_path: Path) -> None:
    folder = clone(hub, tmp_path, who="owner")
    git(folder, "tag", "v1")
    git(folder, "push", "--quiet", "origin", "v1", "HEAD:refs/heads/other")
    api = HfApi(endpoint=hub.url, token=False)
    refs = api.list_repo_refs("org/model")
    assert ([ref.name for ref in refs.branches], [ref.name for ref in refs.tags]) == (["main", "other"], ["v1"])
    git(folder, "push", "--quiet", "origin", ":other")
    assert [ref.name for ref in api.list_repo_refs("org/model").branches] == ["main"]


def test_push__larger_than_gits_buffer_comes_in_chunks(hub: LocalHub, tmp_path: Path) -> None:
    folder = clone(hub, tmp_path, who="owner")
    data = os.urandom(500_000)
    (folder / "model.gguf").write_bytes(data)
    new = commit(folder, "Weights", {})
    git(folder, "-c", "http.postBuffer=65536", "push", "--quiet", "origin", "main")
    assert hub.sha(MODEL) == new
    shutil.rmtree(folder)
    assert (clone(hub, tmp_path) / "model.gguf").read_bytes() == data


def test_push__to_an_older_main_is_refused_by_git(hub: LocalHub, tmp_path: Path) -> None:
    folder = clone(hub, tmp_path, who="owner")
    HfApi(endpoint=hub.url, token="hf_owner").upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model")
    commit(folder, "Late", {"y": "y"})
    assert "rejected" in refused(folder, "push", "origin", "main")


def test_push__to_ones_own_pull_request(hub: LocalHub, tmp_path: Path, events: list[Event]) -> None:
    api = HfApi(endpoint=hub.url, token="hf_ada")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model", create_pr=True)
    folder = clone(hub, tmp_path, who="ada")
    git(folder, "fetch", "--quiet", "origin", "refs/pr/1:mine")
    git(folder, "checkout", "--quiet", "mine")
    new = commit(folder, "More", {"y": "y"})
    del events[:]
    git(folder, "push", "--quiet", "origin", "mine:refs/pr/1")

    assert hub.sha(MODEL, "refs/pr/1") == new
    details = api.get_discussion_details("org/model", 1)
    assert [event.type for event in details.events] == ["comment", "commit", "commit"]
    assert [type(event) for event in events] == [ContentUpdated]


def test_push__of_a_merge_makes_the_pull_request_merged(hub: LocalHub, tmp_path: Path, events: list[Event]) -> None:
    api = HfApi(endpoint=hub.url, token="hf_ada")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model", create_pr=True)
    folder = clone(hub, tmp_path, who="owner")
    git(folder, "fetch", "--quiet", "origin", "refs/pr/1")
    git(folder, "merge", "--quiet", "--no-ff", "FETCH_HEAD")
    del events[:]
    git(folder, "push", "--quiet", "origin", "main")

    details = api.get_discussion_details("org/model", 1)
    assert (details.status, details.merge_commit_oid) == ("merged", hub.sha(MODEL))
    assert [type(event) for event in events] == [ContentUpdated, DiscussionUpdated]


@pytest.mark.parametrize(
    ("who", "target", "says"),
    [
        ("ada", "main", "may not write to refs/heads/main"),
        ("ada", "refs/tags/v1", "may not write to refs/tags/v1"),
        ("bob", "refs/pr/1", "may not write to refs/pr/1"),
        ("owner", "refs/pr/2", "there is no pull request refs/pr/2"),
        ("owner", "refs/evil/x", "only branches, tags and refs/pr/<number>"),
        ("read", "main", "403"),
        ("nobody", "main", "Authentication failed"),
    ],
)
def test_push__that_is_refused(hub: LocalHub, tmp_path: Path, who: str, target: str, says: str) -> None:
    api = HfApi(endpoint=hub.url, token="hf_ada")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model", create_pr=True)
    before = hub.sha(MODEL), hub.sha(MODEL, "refs/pr/1")
    folder = clone(hub, tmp_path)
    commit(folder, "Mine", {"y": "y"})
    target = target if target.startswith("refs/") else f"refs/heads/{target}"
    assert says in refused(folder, "push", address(hub, MODEL, who), f"+HEAD:{target}")
    assert (hub.sha(MODEL), hub.sha(MODEL, "refs/pr/1")) == before


def test_push__that_is_refused_leaves_a_source_live(shas: tuple[Path, BenchShas], tmp_path: Path) -> None:
    repo = init(tmp_path / "repo")
    commit(repo, "One", {"a": "1\n"})
    with LocalHub({MODEL: repo}, users=USERS) as hub:
        folder = clone(hub, tmp_path, who="bob")
        commit(folder, "Mine", {"y": "y"})
        refused(folder, "push", "origin", "main")
        with pytest.raises(HfHubHTTPError, match="Forbidden"):
            HfApi(endpoint=hub.url, token="hf_bob").upload_file(
                path_or_fileobj=b"x", path_in_repo="x", repo_id="org/model"
            )
        assert hub.sha(MODEL) == git(repo, "rev-parse", "HEAD")
        live = commit(repo, "Two", {"a": "2\n"})
        assert hub.sha(MODEL) == live


def test_push__without_a_token_asks_for_one(hub: LocalHub, tmp_path: Path) -> None:
    folder = clone(hub, tmp_path)
    commit(folder, "Mine", {"y": "y"})
    assert "could not read Username" in refused(folder, "-c", "core.askPass=", "push", "origin", "main")


def test_push__of_a_tree_that_would_leave_the_folder_is_refused(hub: LocalHub, tmp_path: Path) -> None:
    folder = clone(hub, tmp_path, who="owner")
    blob = git(folder, "hash-object", "-w", "config.json")
    raw = b"100644 ..\0" + bytes.fromhex(blob)
    (tmp_path / "tree").write_bytes(raw)
    tree = git(folder, "hash-object", "-t", "tree", "-w", "--literally", str(tmp_path / "tree"))
    sha = git(folder, "commit-tree", "-p", "HEAD", "-m", "evil", tree)
    before = hub.sha(MODEL)
    assert "error" in refused(folder, "push", "origin", f"{sha}:main")
    assert hub.sha(MODEL) == before


def test_push__runs_no_hook_of_a_source(tmp_path: Path) -> None:
    commit(init(tmp_path / "repo"), "One", {"a": "1\n"})
    git(tmp_path, "clone", "--quiet", "--bare", "repo", "bare.git")
    mark = tmp_path / "mark"
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction", "proc-receive"):
        hook = tmp_path / "bare.git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
        hook.chmod(0o755)
    with LocalHub({MODEL: tmp_path / "bare.git"}) as hub:
        folder = clone(hub, tmp_path, who="any")
        new = commit(folder, "Two", {"a": "2\n"})
        git(folder, "push", "--quiet", "origin", "main")
    assert git(tmp_path / "bare.git", "rev-parse", "main") == new
    assert not mark.exists()


# ── the hooks ───────────────────────────────────────────────────────────────────────────────


def run_git(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Git that finds `evalmark` beside this Python; it may fail."""
    names = {f"GIT_{role}_{what}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    path = f"{SCRIPTS}:{os.environ['PATH']}"
    environment = {**os.environ, **names, "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": path, **more}
    return subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def score(folder: Path, text: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Commit a score; the hooks may stop it."""
    write(folder, {".eval_results/a.yaml": text})
    run_git(folder, "add", "-A")
    return run_git(folder, "commit", "-m", "score", **more)


def test_native_hooks__stop_a_bad_score_and_a_good_one_is_pushed(hub: LocalHub, tmp_path: Path) -> None:
    folder = clone(hub, tmp_path, who="owner")
    for hook in ("pre-commit", "pre-push"):
        (folder / ".git/hooks").mkdir(exist_ok=True)
        shutil.copy(ROOT / "hooks" / hook, folder / ".git/hooks" / hook)
    stopped, passed = score(folder, BAD), score(folder, GOOD)
    pushed = run_git(folder, "push", "origin", "main")

    assert (stopped.returncode, "value-not-a-number" in stopped.stdout + stopped.stderr) == (1, True)
    assert (passed.returncode, pushed.returncode) == (0, 0), passed.stderr + pushed.stderr
    assert hub.sha(MODEL) == run_git(folder, "rev-parse", "HEAD").stdout.strip()


@pytest.mark.slow
def test_pre_commit__installed_stops_a_bad_score_and_a_good_one_is_pushed(hub: LocalHub, tmp_path: Path) -> None:
    folder = clone(hub, tmp_path, who="owner")
    config = (ROOT / "hooks/model-repo.pre-commit-config.yaml").read_text()
    head = run_git(ROOT, "rev-parse", "HEAD").stdout.strip()
    config = re.sub(r"rev: \S+", f"rev: {head}", re.sub(r"repo: \S+", f"repo: {ROOT}", config))
    write(folder, {".pre-commit-config.yaml": config})
    home = {"PRE_COMMIT_HOME": str(tmp_path / "pc")}
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", **home}
    subprocess.run([SCRIPTS / "pre-commit", "install"], cwd=folder, env=environment, check=True, capture_output=True)
    stopped, passed = score(folder, BAD, **home), score(folder, GOOD, **home)
    pushed = run_git(folder, "push", "origin", "main")

    assert (stopped.returncode, "value-not-a-number" in stopped.stdout + stopped.stderr) == (1, True)
    assert (passed.returncode, pushed.returncode) == (0, 0), passed.stderr + pushed.stderr
    assert hub.sha(MODEL) == run_git(folder, "rev-parse", "HEAD").stdout.strip()


# ── hostile ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def target(shas: tuple[Path, BenchShas]) -> Iterator[LocalHub]:
    with LocalHub({MODEL: shas[0] / "model"}) as hub:
        yield hub


def ask(hub: LocalHub, path: str, body: bytes | None, **headers: str) -> int:
    request = urllib.request.Request(f"{hub.url}{path}", body)
    for name, value in ({"Authorization": "Bearer hf_any"} | headers).items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request) as answer:
            answer.read()
            return int(answer.status)
    except urllib.request.HTTPError as problem:
        problem.close()
        return problem.code


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/org/model/info/refs", 403),
        ("/org/model/info/refs?service=git-upload-archive", 403),
        ("/org/model/info/refs?service=--upload-pack=x", 403),
        ("/org/model/git-upload-pack", 405),
        ("/org/model/HEAD", 404),
        ("/org/model/objects/info/packs", 404),
        ("/org/model/config", 404),
        ("/org/..%2f..%2fetc/info/refs?service=git-upload-pack", 404),
    ],
)
def test_hostile_address(target: LocalHub, path: str, status: int) -> None:
    assert ask(target, path, None) == status


@pytest.mark.parametrize(
    "body",
    [
        b"xxxx",
        b"0003",
        b"ffff",
        b"0010hello worl",
        b"00001",
        b"0032want nothing that anybody has ever heard of\n0000",
        b"0" * 100,
        b"0087" + b"0" * 40 + b" " + b"1" * 40 + b" refs/heads/main\0 report-status",
    ],
)
@pytest.mark.parametrize("service", ["git-receive-pack", "git-upload-pack"])
def test_hostile_body__changes_nothing_and_is_no_server_error(target: LocalHub, service: str, body: bytes) -> None:
    before = target.sha(MODEL)
    assert ask(target, f"/org/model/{service}", body) in {200, 400}
    assert target.sha(MODEL) == before


@pytest.mark.parametrize("body", [b"no gzip", gzip.compress(b"0000", mtime=0)[:-4]], ids=["other", "cut off"])
def test_hostile_gzip__is_a_bad_request(target: LocalHub, body: bytes) -> None:
    assert ask(target, "/org/model/git-receive-pack", body, Content_Encoding="gzip") == 400


def test_hostile_gzip__that_explodes_is_too_large(target: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_http, "LARGEST_UPLOAD", 1 << 20)
    bomb = gzip.compress(bytes(2 << 20))
    assert ask(target, "/org/model/git-upload-pack", bomb, Content_Encoding="gzip") == 413


@pytest.mark.parametrize("protocol", ["version=2:x", "version=99", "version=2\tx", "x" * 3000])
def test_hostile_protocol__is_ignored(target: LocalHub, protocol: str) -> None:
    path = "/org/model/info/refs?service=git-upload-pack"
    assert ask(target, path, None, Git_Protocol=protocol) == 200
