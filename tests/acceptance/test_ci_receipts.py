"""Receipts that the action signs, from a real rerun."""

import hashlib
import json
from collections.abc import Callable, Iterator

import pytest

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.action_world import BENCHMARK, READ, WRITE, ActionWorld, Step
from tests.acceptance.conftest import World, adder
from tests.github.fake import FakeGitHub
from tests.provider import Answer, Provider


@pytest.fixture
def action(world: World, provide: Callable[[Answer], Provider]) -> Iterator[ActionWorld]:
    """A pull request that claims 75 %, which is so; and a pair of keys."""
    with FakeGitHub() as github, LocalHub({RepoId("datasets", BENCHMARK): world.benchmark}) as hub:
        made = ActionWorld(world, github, hub, provide(adder(frozenset({1, 3}))))
        made.claim("75.0")
        assert world.run("receipt", "keygen", "--out=key").code == 0
        yield made


def key_of(action: ActionWorld) -> str:
    return (action.world.folder / "key").read_text()


def report(action: ActionWorld, key: str = "", **inputs: str) -> Step:
    """The job that reports, after a rerun without a key."""
    given, event = action.by_hand(**inputs), action.on_dispatch()
    rerun = action.step("rerun", given, READ, event, LOCAL_API_KEY="x")
    assert rerun.code == 0, rerun.log
    return action.step("report", given, WRITE, event, EVALMARK_SIGNING_KEY=key)


def test_report__signs_what_it_has_judged(action: ActionWorld) -> None:
    step = report(action, key_of(action), signed_by="acme's CI")

    assert (step.code, step.outputs["receipts"], step.outputs["receipts-to-attest"]) == (0, "1", "false"), step.log
    (receipt,) = (action.report / "receipts").iterdir()
    checked = action.world.run("receipt", "verify", str(receipt), "--keys=key.pub", "--format=json")
    assert checked.code == 0, checked.err
    told = json.loads(checked.out)
    assert told["state"] == "valid"
    assert told["receipt"]["result"]["verdict"] == "verified"
    assert told["receipt"]["by"]["name"] == "acme's CI"
    assert told["receipt"]["by"]["where"].startswith("https://github.com/acme/")
    public = (action.world.folder / "key.pub").read_text().split()[0]
    assert f"receipts signed by <code>{public}</code>" in action.comments[0]


@pytest.mark.slow
def test_report__leaves_for_github_what_it_attests(action: ActionWorld) -> None:
    step = report(action, attest="true")

    assert (step.outputs["receipts"], step.outputs["receipts-to-attest"]) == ("0", "true"), step.log
    (subject,) = (action.report / "claims").iterdir()
    assert hashlib.sha256(subject.read_bytes()).hexdigest() == subject.stem
    (receipt,) = json.loads((action.report / "attestation.json").read_text())["receipts"]
    assert receipt["claim"] == json.loads(subject.read_bytes())
    assert receipt["result"]["verdict"] == "verified"
    assert not (action.report / "receipts").exists()


@pytest.mark.slow
def test_report__without_a_key_signs_nothing(action: ActionWorld) -> None:
    step = report(action)

    assert (step.outputs["receipts"], step.outputs["receipts-to-attest"]) == ("0", "false")
    assert "signed by" not in action.comments[0]
    assert not (action.report / "claims").exists()


@pytest.mark.parametrize("mode", ["rerun", "auto"])
def test_key__in_a_job_that_runs_a_model_is_refused(action: ActionWorld, mode: str) -> None:
    step = action.step(mode, action.model_inputs(), WRITE, EVALMARK_SIGNING_KEY=key_of(action))

    assert step.code == 4
    assert "a signing key is in a job that runs a model" in step.log
    assert action.provider.seen == []


@pytest.mark.slow
def test_key__that_is_none_is_told_without_showing_it(action: ActionWorld) -> None:
    step = report(action, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")

    assert step.code == 2
    assert "signing-key" in step.log
    assert "c2VjcmV0" not in step.log
