"""`evalmark check --online` as a user runs it, against the embedded Hub, and with a lock file without any."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.conftest import COMMAND, Ran
from tests.builders import entry_text, eval_yaml
from tests.contract.localhub_fixtures import commit, git, init, write

FILE = ".eval_results/sums.yaml"
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Author:
    """A clone of `acme/model` on the author's machine, and the Hub that it came from."""

    clone: Path
    url: str

    def check(self, *arguments: str, url: str | None = None) -> Ran:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.clone), "HF_ENDPOINT": url or self.url}
        command = [COMMAND, "check", *arguments, "--format=json"]
        ran = subprocess.run(command, cwd=self.clone, env=environment, capture_output=True, text=True, check=False)
        assert "Traceback" not in ran.stderr
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    def rules(self, text: str, *arguments: str, url: str | None = None) -> list[tuple[str, str]]:
        """Rule and message of each finding once the author's file says `text`."""
        write(self.clone, {FILE: text})
        ran = self.check(*arguments, url=url)
        return [(finding["rule"], finding["message"]) for finding in ran.report["findings"]]


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    """The Hub has `acme/sums`, three other models' scores on it, and `acme/model` with one score and one PR."""
    model = init(tmp_path / "model")
    first = commit(model, "First", {".eval_results/first.yaml": entry_text("57.0")})
    git(model, "checkout", "--quiet", "--detach")
    pull = commit(model, "More", {".eval_results/more.yaml": entry_text("61.0", more="  notes: With tools\n")})
    git(model, "update-ref", "refs/pr/1", pull)
    git(model, "checkout", "--quiet", "main")
    write(tmp_path / "sums", {"eval.yaml": eval_yaml()})
    sources = {RepoId("datasets", "acme/sums"): tmp_path / "sums", RepoId("models", "acme/model"): model}
    for number in (1, 2, 3):
        write(tmp_path / f"m{number}", {FILE: entry_text(f"4{number}.0")})
        sources[RepoId("models", f"acme/m{number}")] = tmp_path / f"m{number}"
    clone = init(tmp_path / "clone")
    git(clone, "fetch", "--quiet", str(model), first)
    git(clone, "reset", "--quiet", "--hard", first)
    git(clone, "remote", "add", "origin", "https://huggingface.co/acme/model")
    with LocalHub(sources) as hub:
        yield Author(clone, hub.url)


@pytest.mark.parametrize(
    ("text", "rule", "told"),
    [
        pytest.param(entry_text(dataset="acme/absent"), "benchmark-exists", "no benchmark `acme/absent`", id="dataset"),
        pytest.param(entry_text("57.0", dataset="acme/model"), "benchmark-exists", "acme/model", id="a model"),
        pytest.param(entry_text(task="sum"), "task-exists", "defines no task `sum`", id="task"),
        pytest.param(
            f"- dataset: {{id: acme/sums, task_id: sums, revision: {'ab' * 20}}}\n  value: 5\n",
            "revision-exists",
            "no such revision",
            id="revision",
        ),
        pytest.param(entry_text("0.6", more="  notes: 5-shot\n"), "unit-disagrees", "counts from 0 to 100", id="unit"),
        pytest.param(entry_text("57.0"), "already-claimed", "on main, in .eval_results/first.yaml", id="main"),
        pytest.param(
            entry_text("61.0", more="  notes: With tools\n"),
            "already-claimed",
            "open pull request 1",
            id="pull request",
        ),
        pytest.param(entry_text("60.0", more="  notes: With tools\n"), "contradicts-a-claim", "but 61.0", id="other"),
    ],
)
def test_online__entry_beside_what_the_hub_says(author: Author, text: str, rule: str, told: str) -> None:
    (author.clone / ".eval_results/first.yaml").unlink()

    ((found, message),) = author.rules(text, "--online")

    assert found == rule
    assert told in message


def test_online__the_authors_own_pull_request_is_no_other_claim(author: Author) -> None:
    git(author.clone, "fetch", "--quiet", str(author.clone.parent / "model"), "refs/pr/1")
    git(author.clone, "reset", "--quiet", "--hard", "FETCH_HEAD")

    assert author.check("--online").report["findings"] == []


def test_online__the_repo_can_be_named(author: Author) -> None:
    git(author.clone, "remote", "remove", "origin")
    text = entry_text("61.0", more="  notes: With tools\n")

    assert author.rules(text, "--online") == []
    assert [rule for rule, _ in author.rules(text, "--online", "--repo=acme/model")] == ["already-claimed"]


def test_lock__says_the_same_without_a_network(author: Author) -> None:
    wrong = entry_text("0.6", task="sum") + entry_text("1", dataset="acme/absent")
    online = author.rules(wrong, "--online", "--lock=facts.json")

    assert [rule for rule, _ in online] == ["task-exists", "benchmark-exists"]
    assert author.rules(wrong, "--lock=facts.json", url=NOWHERE) == online
    units = author.rules(entry_text("0.6"), "--lock=facts.json", url=NOWHERE)
    assert [rule for rule, _ in units if rule == "unit-disagrees"] == ["unit-disagrees"]


def test_lock__what_it_does_not_hold_is_one_warning(author: Author) -> None:
    author.check("--online", "--lock=facts.json")

    ((rule, message),) = author.rules(entry_text("5", dataset="acme/other"), "--lock=facts.json", url=NOWHERE)

    assert rule == "hub-unreachable"
    assert "`acme/other` is not in facts.json" in message


@pytest.mark.parametrize("text", ["", "{}", '{"kind": "lock/1"}', '{"kind": "lock/9"}', "[" * 100_000, "\xff"])
def test_lock__that_is_none(author: Author, text: str) -> None:
    (author.clone / "facts.json").write_text(text, encoding="latin-1")

    ran = author.check("--lock=facts.json")

    assert ran.code == 2
    assert "facts.json is no lock file of this version of evalmark" in ran.err
    assert "evalmark check --online --lock facts.json" in ran.err


def test_lock__that_is_not_there(author: Author) -> None:
    ran = author.check("--lock=absent.json")

    assert ran.code == 2
    assert "there is no lock file absent.json" in ran.err


def test_lock__and_a_benchmark_on_this_machine(author: Author) -> None:
    author.check("--online", "--lock=facts.json")
    write(author.clone, {"bench/eval.yaml": eval_yaml()})

    given = "--benchmark=acme/mine=bench"
    found = author.rules(entry_text("5", "acme/mine", "sum"), "--lock=facts.json", given, url=NOWHERE)

    assert [rule for rule, _ in found] == ["task-exists"]


def test_check__a_benchmark_whose_name_inspect_cannot_load(tmp_path: Path) -> None:
    repo = init(tmp_path / "bench")
    write(repo, {"eval.yaml": eval_yaml()})
    git(repo, "remote", "add", "origin", "git@hf.co:datasets/teamhf/sums")

    assert [finding["rule"] for finding in Author(repo, NOWHERE).check().report["findings"]] == ["dataset-id-hf"]


def test_lock__is_json_that_says_when(author: Author) -> None:
    author.check("--online", "--lock=facts.json")

    lock = json.loads((author.clone / "facts.json").read_text())

    assert lock["kind"] == "lock/1"
    assert len(lock["written"]) == len("2026-11-24")
    assert [each["dataset_id"] for each in lock["benchmarks"]] == ["acme/sums"]
