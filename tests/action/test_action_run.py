"""The action with the real command under the harness: each job has a token with its own rights, and nothing else.

act runs the workflows whole (`tests/acceptance/test_action_act.py`), but with one token for all jobs and no limits.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.conftest import World, adder, provide, shared_cache, world
from tests.action.harness import Machine, Ran, run_action
from tests.action.python_stub import PythonStub
from tests.github.events import dispatch_event, pull_request_event
from tests.github.fake import FakeGitHub
from tests.provider import Answer, Provider

__all__ = ["provide", "shared_cache", "world"]  # fixtures

ROOT = Path(__file__).resolve().parents[2]
NAME = "acme/model"
RESULTS = ".eval_results/sums.yaml"
KEY = "the-models-own-key"
HUB_TOKEN = "hf_a-token-of-the-hub"
READ = ("contents: read", "pull-requests: read")
WRITE = ("contents: read", "pull-requests: write", "statuses: write")
Provide = Callable[[Answer], Provider]
HOSTILE = "::error::a\n##[add-path]/tmp\r::set-output name=verdict::verified\n::stop-commands::x\n::add-mask::a"


def entry(value: str) -> str:
    """A claim about the benchmark."""
    return f"- dataset:\n    id: acme/sums\n    task_id: sums\n  value: {value}\n"


@dataclass
class Place:
    """GitHub with one pull request, the Hub with one benchmark."""

    folder: Path
    github: FakeGitHub
    hub: LocalHub
    cache: Path
    number: int = 0
    head: str = ""
    base: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    machines: int = 0

    def propose(self, results: str) -> None:
        """Open the pull request."""
        repo = self.github.repository(NAME)
        self.base = repo.commit({"README.md": b"# A model\n"})
        self.head = repo.commit({RESULTS: results.encode()}, parent=self.base)
        self.number = repo.pull_request(head=self.head, base=self.base, fork="mallory/model")

    def machine(self, rights: tuple[str, ...], event_name: str, event: dict[str, Any], **more: str) -> Machine:
        """A fresh machine for a job."""
        self.machines += 1
        folder = self.folder / f"machine-{self.machines}"
        folder.mkdir()
        (folder / "event.json").write_text(json.dumps(event))
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(self.cache),
            "HF_ENDPOINT": self.hub.url,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_REPOSITORY": NAME,
            "GITHUB_EVENT_NAME": event_name,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_RUN_ID": "77",
            "GITHUB_RUN_ATTEMPT": "1",
        }
        stubs = {"actions/setup-python": PythonStub(folder / "python").stub()}
        secrets = (KEY, HUB_TOKEN)
        return Machine(folder, environment | more, self.github.token(*rights), stubs, secrets)

    def opened(self, rights: tuple[str, ...] = READ) -> Machine:
        """The machine of a job that the pull request has started."""
        event = pull_request_event(NAME, self.number, self.head, self.base, fork="mallory/model")
        return self.machine(rights, "pull_request", event)

    def dispatched(self, rights: tuple[str, ...], **more: str) -> Machine:
        """The machine of a job that a reviewer has started."""
        typed = {"pull-request": str(self.number), "head-sha": self.head}
        return self.machine(rights, "workflow_dispatch", dispatch_event(NAME, typed), **more)

    def inputs(self, mode: str, provider: Provider) -> dict[str, object]:
        """What evalmark-verify.yml says to both jobs."""
        return {
            "mode": mode,
            "pull-request": self.number,
            "head-sha": self.head,
            "hub-repo": "acme/adder",
            "model": "openai-api/acme/adder",
            "model-base-url": provider.url,
            "accept-served-model": True,
            "benchmarks": "acme/sums",
            "hf-token": HUB_TOKEN,
        }

    def verify(self, provider: Provider) -> tuple[Ran, Ran]:
        """Both jobs of evalmark-verify.yml, with what is handed over in between."""
        rerun, report = self.dispatched(READ, ACME_API_KEY=KEY), self.dispatched(WRITE)
        first = run_action(ROOT, self.inputs("rerun", provider) | {"fail-on": "never"}, rerun)
        (report.temp / "evalmark-report").mkdir()
        for path in (rerun.temp / "evalmark-report").glob("*.json"):
            shutil.copy(path, report.temp / "evalmark-report")
        return first, run_action(ROOT, self.inputs("report", provider), report)


@pytest.fixture
def place(world: World, shared_cache: Path) -> Iterator[Place]:
    """A GitHub and a Hub for one test."""
    folders = {RepoId("datasets", "acme/sums"): world.benchmark, RepoId("models", "acme/adder"): world.model}
    with FakeGitHub() as github, LocalHub(folders) as hub:
        yield Place(world.folder, github, hub, shared_cache)


@pytest.mark.slow
def test_verify__each_job_has_the_rights_that_it_needs(place: Place, provide: Provide) -> None:
    place.propose(entry("95.0"))

    rerun, report = place.verify(provide(adder(wrong=frozenset({1, 2}))))

    assert rerun.last.code == 0, rerun.last.log
    assert report.last.code == 1, report.last.log
    assert report.outputs["verdict"] == "mismatch"
    (comment,) = place.github.repository_named(NAME).comments(place.number)
    assert report.outputs["comment-id"] == str(comment.id)
    (status,) = place.github.repository_named(NAME).statuses[place.head]
    assert (status.context, status.state) == ("evalmark / verify", "failure")


@pytest.mark.slow
def test_verify__what_the_model_says_is_no_command(place: Place, provide: Provide) -> None:
    place.propose(entry("95.0"))
    provider = provide(lambda question: HOSTILE)

    rerun, report = place.verify(provider)

    assert provider.seen
    assert rerun.last.code == 0, rerun.last.log
    assert rerun.last.annotations == ()
    assert [(each.kind, each.place["file"]) for each in report.last.annotations] == [("error", RESULTS)]
    assert report.outputs["verdict"] == "mismatch"


def test_verify__what_a_claim_says_is_no_command(place: Place, provide: Provide) -> None:
    place.propose(f"{entry('100.0')}  notes: {json.dumps(HOSTILE)}\n{entry('lots')}")

    rerun, report = place.verify(provide(adder()))

    for done in (rerun.last, report.last):
        assert {each.place.get("file") for each in done.annotations} <= {RESULTS}
    assert report.outputs["verdict"] == "invalid"


def test_validate__more_findings_than_github_shows(place: Place) -> None:
    place.propose("".join(entry(f"lots-{number}") for number in range(40)))

    ran = run_action(ROOT, {"mode": "validate"}, place.opened())

    assert ran.last.code == 1, ran.last.log
    assert ran.outputs["verdict"] == "invalid"
    assert sum(annotation.kind == "error" for annotation in ran.last.annotations) == 10
    assert "lots-0" in ran.last.summary


def test_report__a_token_that_may_not_write_is_no_failure(place: Place, provide: Provide) -> None:
    place.propose(entry("lots"))

    ran = run_action(ROOT, place.inputs("report", provide(adder())) | {"fail-on": "never"}, place.dispatched(READ))

    assert ran.last.code == 0, ran.last.log
    assert ran.outputs["verdict"] == "invalid"
    assert ran.outputs["comment-id"] == ""
    assert any(annotation.kind == "notice" for annotation in ran.last.annotations)
    assert place.github.repository_named(NAME).comments(place.number) == []


@pytest.mark.slow
def test_trusted__one_job_reruns_and_reports(place: Place, provide: Provide) -> None:
    place.propose(entry("100.0"))

    ran = run_action(ROOT, place.inputs("auto", provide(adder())), place.dispatched(WRITE, ACME_API_KEY=KEY))

    assert ran.last.code == 0, ran.last.log
    assert ran.outputs["verdict"] == "verified"
    assert ran.outputs["exit-code"] == "0"


@pytest.mark.parametrize(
    ("inputs", "allowed"),
    [
        pytest.param({"comment": "sometimes"}, "always, on-problem, never", id="word"),
        pytest.param({"minutes": "ten"}, "a whole number", id="number"),
        pytest.param({"annotations": "yes"}, "true, false", id="yes or no"),
        pytest.param({"mode": "verify"}, "validate", id="mode"),
    ],
)
def test_action__an_input_that_is_not_understood(place: Place, inputs: dict[str, object], allowed: str) -> None:
    place.propose(entry("100.0"))

    ran = run_action(ROOT, inputs, place.opened())

    assert ran.last.code == 2
    assert allowed in ran.last.log
