"""`evalmark verify --log`: cheap evidence before dear evidence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import read_eval_log, write_eval_log

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.conftest import EVAL_YAML, Ran, World, adder
from tests.contract.inspect_logs import RIGHT, run_claimant
from tests.provider import Answer, Provider

Provide = Callable[[Answer], Provider]
SAMPLES = 100
# Of a hundred sums the model of the log knows the first twelve.
HONEST, INFLATED = "12.0", "22.0"
KNOWS_TWELVE = adder(frozenset(range(RIGHT, SAMPLES)))


@pytest.fixture
def logged(world: World) -> tuple[World, Path]:
    """A benchmark of a hundred sums, and the real log of a real evaluation of it."""
    world.ask(SAMPLES)
    # The claimant's model writes a word before the number.
    (world.benchmark / "eval.yaml").write_text(EVAL_YAML.replace("location: exact", "location: end"))
    (world.benchmark / ".evalmark.toml").write_text('unit = "percent"\ntolerance = 0.05\nnoise = 0.0\n')
    folder = world.folder / "claimants-logs"
    with LocalHub({RepoId("datasets", "acme/sums"): world.benchmark}) as hub:
        task = f"hf/acme/sums/sums@{hub.sha(RepoId('datasets', 'acme/sums'))}"
        run_claimant(hub.url, world.folder / "claimants-home", [(task, str(folder), {"temperature": 0})])
    return world, folder


def verdict_of(ran: Ran) -> dict[str, Any]:
    """The only verdict of a run with --format=json."""
    verdict: dict[str, Any] = ran.report["verdicts"][0]
    return verdict


def test_honest_log__is_rescored_without_a_model(logged: tuple[World, Path], provide: Provide) -> None:
    world, folder = logged
    world.claim(HONEST)
    provider = provide(KNOWS_TWELVE)

    ran = world.verify(provider, f"--log={folder}", "--no-rerun", "--format=json")

    verdict = verdict_of(ran)
    assert (ran.code, verdict["verdict"], verdict["rung"]) == (0, "inconclusive", "rescored")
    assert verdict["reason"].startswith("log consistent: ")
    assert (verdict["log"]["state"], verdict["log"]["score"]) == ("consistent", 0.12)
    assert provider.seen == []


@pytest.mark.slow
def test_log_that_contradicts__is_a_mismatch_and_nothing_is_rerun(logged: tuple[World, Path], provide: Provide) -> None:
    world, folder = logged
    world.claim(INFLATED)
    provider = provide(KNOWS_TWELVE)

    ran = world.verify(provider, f"--log={folder}", "--format=json")

    verdict = verdict_of(ran)
    assert (ran.code, verdict["verdict"], verdict["rung"]) == (1, "mismatch", "rescored")
    assert verdict["reason"].startswith("log contradicts the claim: ")
    assert provider.seen == []


@pytest.mark.slow
def test_edited_log__is_caught_and_the_samples_are_named(logged: tuple[World, Path], provide: Provide) -> None:
    world, folder = logged
    world.claim("17.0")
    (file,) = folder.glob("*.eval")
    log = read_eval_log(str(file))
    edited = [sample for sample in log.samples or [] if sample.scores and sample.scores["match"].value == "I"][:5]
    for sample in edited:
        assert sample.scores
        sample.scores["match"].value = "C"
    write_eval_log(log, str(file))

    ran = world.verify(provide(KNOWS_TWELVE), f"--log={file}", "--no-rerun")

    assert ran.code == 1
    assert "mismatch: log contradicts the claim" in ran.out
    for sample in edited:
        assert f"edited: sample {sample.id} “{sample.input}”, logged 1, its transcript gives 0" in ran.out


@pytest.mark.slow
def test_rerun_beside_a_log__needs_fewer_samples(logged: tuple[World, Path], provide: Provide) -> None:
    world, folder = logged
    world.claim(HONEST)
    paired, alone = provide(KNOWS_TWELVE), provide(KNOWS_TWELVE)

    ran = world.verify(paired, f"--log={folder}", "--nonce=n", "--format=json")
    (world.folder / "report").rename(world.folder / "report-with-the-log")
    without = world.verify(alone, "--nonce=n", "--format=json")

    verdict = verdict_of(ran)
    assert (verdict["verdict"], verdict["rung"]) == ("verified", "sampled")
    assert (verdict["paired"]["lost"], verdict["paired"]["gained"]) == (0, 0)
    assert verdict_of(without)["verdict"] == "verified"
    assert len(paired.seen) < len(alone.seen)


@pytest.mark.slow
def test_log_of_no_use__is_said_and_the_rerun_decides(logged: tuple[World, Path], provide: Provide) -> None:
    world, folder = logged
    world.claim(HONEST)
    (folder / "bomb.eval").write_bytes(b"PK" + bytes(1000))
    (file,) = (file for file in folder.glob("*.eval") if file.name != "bomb.eval")
    file.unlink()

    ran = world.verify(provide(KNOWS_TWELVE), f"--log={folder}", "--format=json")

    verdict = verdict_of(ran)
    assert (verdict["verdict"], verdict["log"]["state"]) == ("verified", "unusable")
    assert verdict["paired"] is None


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("absent", 2, "absent"),
        ("https://example.org/datasets/a/b", 4, "example.org"),
    ],
)
def test_place__that_is_none(world: World, provide: Provide, source: str, code: int, message: str) -> None:
    world.claim(HONEST)

    ran = world.verify(provide(KNOWS_TWELVE), f"--log={source}")

    assert ran.code == code
    assert message in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.slow
def test_source__is_followed_only_if_somebody_says_so(world: World, provide: Provide) -> None:
    world.claim("100.0", more="  source: {url: 'https://example.org/logs'}\n")

    ran = world.verify(provide(adder()), "--format=json")
    told = world.verify(provide(adder()), "--log=source", "--no-rerun", "--format=json")

    assert (ran.code, verdict_of(ran)["log"]) == (0, None)
    assert verdict_of(told)["log"]["state"] == "unusable"
    assert "example.org" in json.dumps(verdict_of(told)["log"])
