"""What goes wrong: each is one sentence with advice, the documented exit code, no traceback, nothing half-written."""

import json
import secrets
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import Ran, World, adder
from tests.provider import Answer, Provider, Refusal

Provide = Callable[[Answer], Provider]
ARTIFACTS = {"plan.json", "outcome.json", "verdict.json", "comment.md", "rerun.log", "logs"}


def _assert_calm(ran: Ran, code: int) -> None:
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.out + ran.err


def _assert_nothing_half_written(world: World) -> None:
    assert {path.name for path in world.out.iterdir()} <= ARTIFACTS
    assert not [path for path in world.out.rglob("*") if path.name.startswith(".")]


def _processes_of(world: World) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            cwd = str((process / "cwd").readlink())
        except OSError:
            continue
        if cwd.startswith(str(world.out)):
            found.append(cwd)
    return found


# ── before anything runs ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        pytest.param(["nowhere"], "there is no folder nowhere", "give the root of a model repo", id="no such folder"),
        pytest.param(
            ["benchmark"], "benchmark has no folder .eval_results", "give the root of a model repo", id="no results"
        ),
        pytest.param(
            ["model", "--benchmark=acme/sums=model"],
            "model has no eval.yaml",
            "give the root of a benchmark",
            id="no eval.yaml",
        ),
        pytest.param(
            ["model", "--benchmark=acme/sums"], "has no folder", "owner/name=DIR", id="benchmark without folder"
        ),
        pytest.param(
            ["model", "--benchmark=acme/summs=benchmark", "--model=openai-api/local/m", "--accept-served-model"],
            "did you mean `acme/sums`?",
            "write the dataset id of the claims",
            id="benchmark that no claim is about",
        ),
        pytest.param(
            ["model", "--benchmark=acme/sums=benchmark", "--model=openai-api/local/m"],
            "is not provably acme/adder",
            "--accept-served-model",
            id="served model without consent",
        ),
        pytest.param(["model", "--fail-on=mismatched"], "is not a verdict", "mismatch", id="unknown verdict"),
        pytest.param(["model", "--model-arg=device"], "is not name=value", "device=cpu", id="model argument"),
        pytest.param(
            ["model", "--", "temperature"], "is not an option with a value", "--temperature 0", id="after dashes"
        ),
        pytest.param(["model", "--", "--seed", "1"], "share their luck", "leave it out", id="one seed for all samples"),
        pytest.param(["model", "--budget=lots"], "`--budget lots` is no budget", "500samples", id="budget"),
        pytest.param(["model", "--budget=0tokens"], "is no budget", "2Mtokens", id="budget of nothing"),
        pytest.param(["model", "--prices=benchmark/eval.yaml"], "this is not TOML", "toml.io", id="price table"),
    ],
)
def test_usage__is_said_in_one_sentence(world: World, arguments: list[str], message: str, advice: str) -> None:
    world.claim("100.0")

    ran = world.run("verify", "--repo=acme/adder", *arguments)

    _assert_calm(ran, 2)
    assert message in ran.err
    assert advice in ran.err


def test_code_of_the_model__is_refused(world: World) -> None:
    world.claim("100.0")

    ran = world.run("verify", "model", "--benchmark=acme/sums=benchmark", "--model-arg=trust_remote_code=true")

    _assert_calm(ran, 4)
    assert "would run code of the model repo" in ran.err


def test_weights_file__that_is_not_there(world: World) -> None:
    world.claim("100.0")

    ran = world.run("verify", "model", "--benchmark=acme/sums=benchmark", "--model=llamacpp/no-such.gguf")

    _assert_calm(ran, 3)
    assert "there is no weights file `no-such.gguf`" in ran.err


# ── in the files ────────────────────────────────────────────────────────────────────────────


def test_broken_yaml__beside_a_good_file_is_reported_and_hides_nothing(world: World, provide: Provide) -> None:
    world.claim("100.0")
    world.claims("broken.yaml", "- dataset: {id: acme/sums\n  value: 1\n")

    ran = world.verify(provide(adder()))

    _assert_calm(ran, 1)
    assert "model/.eval_results/broken.yaml:2:" in ran.err
    assert "yaml-syntax" in ran.err
    assert "✔ verified" in ran.out


def test_unknown_task__gets_a_suggestion_at_its_line(world: World, provide: Provide) -> None:
    world.claim("100.0", task="sum")

    ran = world.verify(provide(adder()))

    _assert_calm(ran, 1)
    assert "model/.eval_results/sums.yaml:3:14: error task-exists" in ran.err
    assert "did you mean `sums`?" in ran.err
    assert "not-rerunnable" in ran.out


def test_unknown_benchmark__out_of_reach_is_not_finished(world: World) -> None:
    world.claim("100.0")

    ran = world.run("verify", "model", "--model=openai-api/local/m", "--accept-served-model")

    _assert_calm(ran, 3)
    assert "could not be looked up at http://127.0.0.1:9" in ran.out
    assert "--benchmark owner/name=DIR" in ran.out


def test_results_file__that_is_a_link_is_refused(world: World) -> None:
    (world.folder / "outside.yaml").write_text("- secret")
    (world.model / ".eval_results" / "sums.yaml").symlink_to(world.folder / "outside.yaml")

    ran = world.run("verify", "model")

    _assert_calm(ran, 2)
    assert "is a link" in ran.err


# ── while it runs ───────────────────────────────────────────────────────────────────────────


def test_model__that_does_not_start(world: World) -> None:
    world.claim("100.0")
    (world.folder / "broken.gguf").write_bytes(b"GGUF and nothing more")

    ran = world.run(
        *("verify", "model", "--benchmark=acme/sums=benchmark", "--out=report", "--accept-served-model"),
        "--model=llamacpp/broken.gguf",
    )

    _assert_calm(ran, 3)
    assert "the model did not start" in ran.out
    _assert_nothing_half_written(world)


@pytest.mark.slow
def test_claimed_repo__without_transformers_or_weights(world: World) -> None:
    world.claim("100.0")

    ran = world.run("verify", "model", "--benchmark=acme/sums=benchmark", "--out=report")

    _assert_calm(ran, 3)
    assert "the model did not start" in ran.out
    _assert_nothing_half_written(world)


@pytest.mark.slow
def test_provider__that_answers_500(world: World, provide: Provide) -> None:
    world.claim("100.0")

    def broken(_question: str) -> str:
        raise Refusal(500)

    ran = world.verify(provide(broken))

    _assert_calm(ran, 3)
    assert "the model's provider kept failing" in ran.out
    assert "the provider is broken" in ran.out
    _assert_nothing_half_written(world)
    assert _processes_of(world) == []


@pytest.fixture
def hanging() -> Iterator[Answer]:
    """A provider that answers only when the test is over."""
    release = threading.Event()

    def hang(_question: str) -> str:
        release.wait(60)
        return ""

    yield hang
    release.set()


@pytest.mark.slow
def test_provider__that_hangs(world: World, provide: Provide, hanging: Answer) -> None:
    world.claim("100.0")
    ran = world.verify(provide(hanging), "--request-seconds=1")

    _assert_calm(ran, 3)
    assert "the model's provider kept failing" in ran.out
    assert _processes_of(world) == []


@pytest.mark.slow
def test_time_limit__is_inconclusive_and_not_finished(world: World, provide: Provide, hanging: Answer) -> None:
    world.claim("100.0")
    ran = world.verify(provide(hanging), "--minutes=0.1")

    _assert_calm(ran, 3)
    assert "inconclusive: the time limit ended the rerun" in ran.out
    assert _processes_of(world) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_interrupt__in_the_middle_leaves_nothing_behind(world: World, provide: Provide, sign: signal.Signals) -> None:
    world.claim("100.0")
    asked, release = threading.Event(), threading.Event()

    def wait(question: str) -> str:
        asked.set()
        release.wait(60)
        return question

    with world.start(*world.verify_arguments(provide(wait))) as process:
        assert asked.wait(60)
        process.send_signal(sign)
        out, err = process.communicate(timeout=30)
    release.set()

    _assert_calm(Ran(process.returncode, out, err), 3)
    assert "evalmark: stopped before the rerun was finished" in err
    assert "run the same command" in err
    assert not (world.out / "verdict.json").exists()
    _assert_nothing_half_written(world)
    assert _processes_of(world) == []


@pytest.fixture
def small_disk(world: World) -> Iterator[Path]:
    """A file system of 600 kB for the report, which only root can make."""
    world.out.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(world.out)], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("needs the right to mount a file system")
    yield world.out
    subprocess.run(["umount", str(world.out)], check=True)


@pytest.mark.slow
def test_disk_full__while_the_log_is_written(world: World, provide: Provide, small_disk: Path) -> None:
    world.claim("100.0")

    ran = world.verify(provide(lambda _question: secrets.token_hex(60_000)))

    _assert_calm(ran, 3)
    assert "error: the disk is full, so the log could not be written" in ran.out
    assert json.loads((world.out / "verdict.json").read_text())["counts"]["error"] == 1
    assert json.loads((world.out / "outcome.json").read_text())["outcomes"][0]["logs"] == []
    _assert_nothing_half_written(world)
