"""`evalmark sync` as a user runs it: from the embedded Hub, a stand-in for GitHub, and folders."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from evalmark.adapters.duck import DuckRecords, writing
from evalmark.localhub import LocalHub, RepoId
from evalmark.localhub.people import Person, Token, Users
from evalmark.record import ClaimRecord, EventRecord, FindingRecord, HubRowRecord, ModelRecord, TaskRecord
from tests.acceptance.conftest import Ran, World
from tests.acceptance.score_world import RESULTS, GitRepo, as_json, claims, events
from tests.builders import entry_text
from tests.git_server import git_server
from tests.github.fake import FakeGitHub, Pull
from tests.waiting import until

MODEL = "acme/adder"
USERS = Users(tokens={f"hf_{name}": Token(Person(name)) for name in ("acme", "ada", "mallory")})


@pytest.fixture
def repo(world: World) -> GitRepo:
    made = GitRepo.made(world.model)
    made.commit({"README.md": "---\nbase_model: beta/base\nbase_model_relation: finetune\n---\n# Adder\n"})
    return made


@pytest.fixture
def hub(world: World, repo: GitRepo) -> Iterator[LocalHub]:
    """The Hub; what is committed to the folder's git is on it."""
    repo.score("52.0")
    sources = {RepoId("models", MODEL): world.model, RepoId("datasets", "acme/sums"): world.benchmark}
    with LocalHub(sources, users=USERS, state=world.folder / "hub") as running:
        yield running


def sync(world: World, hub: LocalHub, *arguments: str) -> Ran:
    return world.run("sync", *arguments, HF_ENDPOINT=hub.url, HF_TOKEN="hf_acme")


def api(hub: LocalHub, who: str) -> HfApi:
    return HfApi(endpoint=hub.url, token=f"hf_{who}")


def proposed(hub: LocalHub, who: str, value: str, path: str = RESULTS) -> int:
    done = api(hub, who).create_commit(
        MODEL, [CommitOperationAdd(path, entry_text(value).encode())], commit_message="Add a score", create_pr=True
    )
    assert done.pr_num is not None
    return done.pr_num


def records(world: World) -> DuckRecords:
    return DuckRecords(world.folder / "evalmark.duckdb")


def test_hub__a_claim_with_all_that_is_known_of_it(world: World, hub: LocalHub) -> None:
    ran = sync(world, hub, MODEL)

    assert (ran.code, ran.err) == (0, "")
    claim = records(world).find(ClaimRecord)[0]
    assert (claim.model, claim.digits, claim.unit, claim.rung, claim.rank) == (MODEL, "52.0", "percent", "benchmark", 1)
    assert (claim.base_model, claim.hub_shown, claim.author, claim.file) == ("beta/base", True, "ada", RESULTS)
    task = records(world).find(TaskRecord)[0]
    assert (task.name, task.unit_from, task.known, task.claims) == ("Sums", "declared", True, 1)
    shown = records(world).find(HubRowRecord, (), ("rank",))
    assert [(row.rank, row.value) for row in shown] == [(1, 52.0), (None, 52.0)]


def test_hub__the_story_of_pull_requests(world: World, hub: LocalHub) -> None:
    merged, closed = proposed(hub, "ada", "57.0"), proposed(hub, "mallory", "99.0", ".eval_results/more.yaml")
    waiting = proposed(hub, "mallory", "88.0", ".eval_results/open.yaml")
    api(hub, "acme").merge_pull_request(MODEL, merged)
    api(hub, "acme").change_discussion_status(MODEL, closed, "closed")

    assert sync(world, hub, MODEL).code == 0

    assert claims(world) == [(MODEL, "88.0", "open", waiting), (MODEL, "57.0", "main", None)]
    told = events(world)
    assert ("submitted", None, "52.0", "ada", None) in told
    assert ("amended", "52.0", "57.0", "ada", merged) in told
    assert ("merged", "52.0", "57.0", "acme", merged) in told
    assert ("submitted", None, "99.0", "mallory", closed) in told
    assert ("closed", "99.0", None, "acme", closed) in told
    assert ("submitted", None, "88.0", "mallory", waiting) in told
    assert len(told) == 6


def test_hub__nothing_new_costs_three_questions_and_no_fetch(world: World, hub: LocalHub) -> None:
    sync(world, hub, MODEL, "--no-leaderboards")
    version = records(world).version
    asked = len(hub.requests)

    ran = sync(world, hub, "--no-leaderboards")

    assert "1 repo: 0 collected, 1 unchanged, 0 in trouble" in ran.out
    assert records(world).version == version
    new = [str(request) for request in hub.requests[asked:]]
    assert len(new) <= 4
    assert not [request for request in new if "git-upload-pack" in request]


def test_hub__what_is_new_is_collected(world: World, hub: LocalHub) -> None:
    sync(world, hub, MODEL)
    number = proposed(hub, "mallory", "99.0", ".eval_results/more.yaml")
    sync(world, hub)
    api(hub, "acme").change_discussion_status(MODEL, number, "closed")

    assert claims(world) == [(MODEL, "99.0", "open", number), (MODEL, "52.0", "main", None)]
    sync(world, hub)
    assert claims(world) == [(MODEL, "52.0", "main", None)]
    assert events(world)[-1] == ("closed", "99.0", None, "acme", number)


def test_hub__what_was_pushed_away_stays_on_record(world: World, hub: LocalHub, repo: GitRepo) -> None:
    first = repo.propose("refs/pr/1", {RESULTS: entry_text("99.0")}, by="mallory", onto="main")
    with LocalHub({RepoId("models", MODEL): world.model}, users=USERS) as other:
        sync(world, other, MODEL)
    repo.propose("refs/pr/1", {RESULTS: entry_text("61.0")}, by="mallory", onto="main")
    with LocalHub({RepoId("models", MODEL): world.model}, users=USERS) as other:
        sync(world, other, MODEL)

    gone = [event for event in records(world).find(EventRecord) if event.gone]
    assert [(event.new, event.commit, event.by) for event in gone] == [("99.0", first, "mallory")]
    assert (MODEL, "61.0", "open", 1) in claims(world)
    assert (MODEL, "99.0", "open", 1) not in claims(world)


def test_hub__a_bad_file_is_a_finding_and_hides_nothing_else(world: World, hub: LocalHub) -> None:
    bad = [CommitOperationAdd(".eval_results/bad.yaml", b"- dataset: [\n")]
    api(hub, "acme").create_commit(MODEL, bad, commit_message="bad")

    ran = sync(world, hub, MODEL)

    assert claims(world) == [(MODEL, "52.0", "main", None)]
    finding = records(world).find(FindingRecord)[0]
    assert (finding.path, finding.severity, finding.repo) == (".eval_results/bad.yaml", "error", MODEL)
    assert finding.rule in ran.out


def test_hub__trouble_with_one_repo_ends_nothing(world: World, hub: LocalHub) -> None:
    ran = sync(world, hub, "acme/none", MODEL)

    assert ran.code == 3
    assert "acme/none: " in ran.err
    assert "Traceback" not in ran.err
    assert claims(world) == [(MODEL, "52.0", "main", None)]


@pytest.mark.parametrize(
    "how", [("--author=acme",), ("--on-board=acme/sums",), ("--search=add",), ("--list=models.txt",)], ids=str
)
def test_hub__models_are_found(world: World, hub: LocalHub, how: tuple[str, ...]) -> None:
    (world.folder / "models.txt").write_text(f"# ours\n{MODEL}  # the adder\n\n")

    ran = sync(world, hub, *how)

    assert (ran.code, ran.err) == (0, "")
    assert claims(world) == [(MODEL, "52.0", "main", None)]


def test_hub__the_size_of_a_model_is_counted(world: World, hub: LocalHub) -> None:
    import struct

    head = b'{"a":{"dtype":"BF16","shape":[3,4],"data_offsets":[0,24]}}'
    weights = struct.pack("<Q", len(head)) + head + bytes(24)
    api(hub, "acme").create_commit(MODEL, [CommitOperationAdd("model.safetensors", weights)], commit_message="weights")

    sync(world, hub, MODEL)

    assert records(world).find(ModelRecord)[0].parameters == 12
    assert records(world).find(ClaimRecord)[0].parameters == 12


def test_folder__a_checkout_with_its_history(world: World, repo: GitRepo) -> None:
    repo.score("52.0")
    repo.score("57.0", by="bob")
    repo.propose("refs/pull/4/head", {".eval_results/more.yaml": entry_text("70.0")}, by="carol")

    ran = world.run("sync", f"model={MODEL}", "--benchmark=acme/sums=benchmark", "--no-leaderboards")

    assert (ran.code, ran.err) == (0, "")
    assert claims(world) == [(MODEL, "70.0", "open", 4), (MODEL, "57.0", "main", None)]
    assert events(world) == [
        ("submitted", None, "52.0", "ada", None),
        ("amended", "52.0", "57.0", "bob", None),
        ("submitted", None, "70.0", "carol", 4),
    ]


def test_folder__files_without_git(world: World) -> None:
    world.claim("52.0")
    world.run("sync", f"model={MODEL}", "--benchmark=acme/sums=benchmark", "--no-leaderboards")
    world.claim("57.0")

    ran = world.run("sync", "--benchmark=acme/sums=benchmark", "--no-leaderboards")

    assert ran.code == 0
    assert claims(world) == [(MODEL, "57.0", "main", None)]
    assert [event[:3] for event in events(world)] == [("submitted", None, "52.0"), ("amended", "52.0", "57.0")]


def test_github__a_repo_with_its_pull_requests(world: World, tmp_path: Path) -> None:
    repo = GitRepo.made(tmp_path / "work")
    repo.score("52.0")
    base = repo.git("rev-parse", "HEAD")
    heads = {
        1: repo.propose("refs/pull/1/head", {RESULTS: entry_text("57.0")}, onto=base),
        2: repo.propose("refs/pull/2/head", {".eval_results/b.yaml": entry_text("99.0")}, by="mallory", onto=base),
        3: repo.propose("refs/pull/3/head", {".eval_results/c.yaml": entry_text("60.0")}, by="carol", onto=base),
    }
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", heads[1], by="owner")
    merge = repo.git("rev-parse", "HEAD")
    shutil.copytree(repo.folder / ".git", tmp_path / "served/lab/scores")
    with FakeGitHub() as github, git_server(tmp_path / "served") as address:
        there = github.repository("lab/scores")
        ended = "2026-02-01T00:00:00Z"
        there.pulls[1] = Pull(1, heads[1], base, "bob/scores", is_open=False, merged_at=ended, closed_at=ended,
                              merge_commit=merge)  # fmt: skip
        there.pulls[2] = Pull(2, heads[2], base, "mallory/scores", is_open=False, closed_at=ended)
        there.pulls[3] = Pull(3, heads[3], base, None)

        ran = world.run(
            *("sync", "--github", f"lab/scores={MODEL}", "--benchmark=acme/sums=benchmark", "--no-leaderboards"),
            GITHUB_API_URL=github.url, GITHUB_SERVER_URL=address,
            GITHUB_TOKEN=github.token("contents: read", "pull-requests: read"),
        )  # fmt: skip

    assert (ran.code, ran.err) == (0, "")
    assert claims(world) == [(MODEL, "60.0", "open", 3), (MODEL, "57.0", "main", None)]
    told = events(world)
    assert ("merged", "52.0", "57.0", "owner", 1) in told
    assert ("closed", "99.0", None, "", 2) in told
    assert records(world).find(ClaimRecord, (), ("pull_request",))[0].origin == "github"


def test_verdicts__make_claims_verified_and_events(world: World, repo: GitRepo) -> None:
    repo.score("52.0")
    verdict(world, "52.0", "verified")

    ran = world.run(
        *("sync", f"model={MODEL}", "--benchmark=acme/sums=benchmark", "--no-leaderboards", "--verdicts=report"),
        "--verified-by=prover",
    )

    assert (ran.code, ran.err) == (0, "")
    claim = records(world).find(ClaimRecord)[0]
    assert (claim.verdict, claim.rung, claim.stale, claim.verified_by) == ("verified", "full", None, "prover")
    assert (claim.measured, claim.score_low, claim.score_high) == (47.0, 47.0, 52.0)
    assert [event[0] for event in events(world)] == ["submitted", "verified"]
    board = world.run("leaderboard", "acme/sums", "--verified", "--min-rung=full", "--format=json")
    assert [row["digits"] for row in as_json(board)["rows"]] == ["52.0"]


def test_verdicts__go_stale_when_the_score_changes(world: World, repo: GitRepo) -> None:
    repo.score("52.0")
    verdict(world, "52.0", "verified")
    options = ("--benchmark=acme/sums=benchmark", "--no-leaderboards", "--verdicts=report")
    world.run("sync", f"model={MODEL}", *options)
    repo.score("55.0")

    world.run("sync", *options)

    claim = records(world).find(ClaimRecord)[0]
    assert (claim.digits, claim.stale) == ("55.0", "the score was 52.0 when it was looked at, and is 55.0 now")
    assert as_json(world.run("leaderboard", "acme/sums", "--verified", "--format=json"))["total"] == 0
    conflicts = as_json(world.run("conflicts", "--format=json"))
    assert [each["kind"] for each in conflicts] == ["stale-verdict"]


def test_verdicts__go_stale_when_the_benchmark_changes(world: World, repo: GitRepo) -> None:
    repo.score("52.0")
    verdict(world, "52.0", "verified")
    options = ("--benchmark=acme/sums=benchmark", "--no-leaderboards", "--verdicts=report")
    world.run("sync", f"model={MODEL}", *options)
    (world.benchmark / "README.md").write_text("# New questions\n")

    ran = world.run("sync", *options)

    assert "1 collected" in ran.out
    assert (records(world).find(ClaimRecord)[0].stale or "").startswith("the benchmark has changed: ")


def test_verdicts__a_contradiction_takes_the_rank(world: World, repo: GitRepo) -> None:
    repo.score("99.0")
    verdict(world, "99.0", "mismatch")

    world.run("sync", f"model={MODEL}", "--benchmark=acme/sums=benchmark", "--no-leaderboards", "--verdicts=report")

    claim = records(world).find(ClaimRecord)[0]
    assert (claim.verdict, claim.rank, claim.strength) == ("mismatch", None, -1)
    assert [event[0] for event in events(world)] == ["submitted", "contradicted"]
    assert world.run("conflicts", "--fail").code == 1


def verdict(world: World, digits: str, answer: str) -> None:
    """What `evalmark verify` would have written about the folder's claim."""
    from evalmark.report.as_json import verdicts_as_json
    from evalmark.verdict import Answer
    from tests import builders

    head = (world.model / ".git/refs/heads/main").read_text().strip()
    given = builders.verdict(
        Answer(answer),
        claim=builders.claim(digits, model=MODEL, model_revision=head),
        run=builders.run_record(dataset_revision=benchmark_commit(world)),
    )
    (world.folder / "report").mkdir(exist_ok=True)
    (world.folder / "report/verdict.json").write_text(verdicts_as_json([given], []))


def benchmark_commit(world: World) -> str:
    with LocalHub({RepoId("datasets", "acme/sums"): world.benchmark}, read_only=True) as hub:
        return hub.checked_out(RepoId("datasets", "acme/sums"))


def test_two_syncs_at_once__one_says_so(world: World, hub: LocalHub) -> None:
    with writing(world.folder / "evalmark.duckdb"):
        ran = sync(world, hub, MODEL)

    assert ran.code == 3
    assert "another evalmark is writing to evalmark.duckdb" in ran.err


def test_interrupted__leaves_the_store_as_it_was(world: World, hub: LocalHub) -> None:
    sync(world, hub, MODEL)
    before = (world.folder / "evalmark.duckdb").read_bytes()
    proposed(hub, "ada", "57.0")
    hub.state.extras["faults"].slow(20.0, "GET", "/refs")
    with world.start("sync", HF_ENDPOINT=hub.url, HF_TOKEN="hf_acme") as process:
        until(lambda: not hub.state.extras["faults"].left)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert process.returncode == 3
    assert "stopped" in err
    assert (world.folder / "evalmark.duckdb").read_bytes() == before


@pytest.mark.parametrize("seconds", [0.3, 0.8, 1.3, 2.0])
def test_killed__the_store_opens_and_a_second_run_completes_it(world: World, hub: LocalHub, seconds: float) -> None:
    sync(world, hub, MODEL)
    proposed(hub, "ada", "57.0")
    with world.start("sync", HF_ENDPOINT=hub.url, HF_TOKEN="hf_acme") as process:
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)

    assert (MODEL, "52.0", "main", None) in claims(world)
    assert sync(world, hub).code == 0
    assert (MODEL, "57.0", "open", 1) in claims(world)


def test_push__puts_the_store_into_a_dataset_and_import_brings_it_back(world: World, hub: LocalHub) -> None:
    import datasets

    pushed = sync(world, hub, MODEL, "--push=acme/scores")
    again = sync(world, hub, "--push=acme/scores")
    there = {"HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_acme"}
    brought = world.run("store", "import", "acme/scores", "--store=again.duckdb", **there)

    assert (pushed.code, again.code, brought.code) == (0, 0, 0), (pushed.err, again.err, brought.err)
    assert pushed.out.splitlines()[0].startswith("acme/scores at ")
    one, other = records(world), DuckRecords(world.folder / "again.duckdb")
    assert one.find(ClaimRecord) == other.find(ClaimRecord)
    path = api(hub, "acme").hf_hub_download(
        "acme/scores", "data/claims.parquet", repo_type="dataset", cache_dir=world.cache
    )
    assert list(datasets.Dataset.from_parquet(path, cache_dir=str(world.cache))["digits"]) == ["52.0"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "there is nothing to collect yet"),
        (("acme/adder@main",), "neither a folder nor a model"),
        (("nowhere=acme/adder",), "there is no folder nowhere"),
        (("--list=none.txt",), "cannot be read"),
        (("--verdicts=model",), "holds no verdict.json"),
        (("--github=x",), "a repo is named owner/name"),
    ],
)
def test_usage(world: World, arguments: tuple[str, ...], said: str) -> None:
    ran = world.run("sync", *arguments)

    assert ran.code == 2
    assert said in ran.err


def many_folders(world: World, count: int) -> list[str]:
    """Folders of two models each, one of which cannot be read."""
    for number in range(count):
        folder = world.folder / f"many/m{number}/.eval_results"
        folder.mkdir(parents=True)
        first = entry_text(f"{number}.5", task="sums" if number % 3 else "other")
        (folder / "sums.yaml").write_text(first + entry_text("1.0", dataset=f"a/b{number % 4}"))
    (world.folder / "many/m7/.eval_results/sums.yaml").unlink()
    return [f"many/m{number}=own/m{number}" for number in range(count)]


def test_many_folders__are_collected_as_few_are(world: World) -> None:
    targets = many_folders(world, 70)
    options = ("--benchmark=acme/sums=benchmark", "--no-leaderboards")

    many = world.run("sync", *targets, *options, "--store=many.duckdb")
    for start in (0, 35):
        world.run("sync", *targets[start : start + 35], *options, "--store=few.duckdb")

    assert many.code == 3
    assert many.err.count("many/m7: ") == 1
    assert "70 repos: 69 collected, 0 unchanged, 1 in trouble" in many.out
    one, other = (DuckRecords(world.folder / f"{name}.duckdb") for name in ("many", "few"))
    for kind in (ClaimRecord, TaskRecord):
        assert timeless(one, kind) == timeless(other, kind)
    assert one.count(EventRecord) == other.count(EventRecord) == 138


def timeless(records: DuckRecords, kind: type[ClaimRecord] | type[TaskRecord]) -> list[str]:
    """The records without the moment at which the files were seen."""
    times = {"submitted_at", "changed_at"}
    rows = (asdict(row) for row in records.find(kind))
    return sorted(repr({name: value for name, value in row.items() if name not in times}) for row in rows)
