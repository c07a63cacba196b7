"""What the process that runs a model can see."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import World, adder
from tests.provider import Answer, Provider

Provide = Callable[[Answer], Provider]
SECRETS = {
    "HF_TOKEN": "canary-hf",
    "GITHUB_TOKEN": "canary-github",
    "EVALMARK_SIGNING_KEY": "canary-signing",
    "OPENAI_API_KEY": "canary-openai",
    "SOMETHING_ELSE": "canary-other",
}


def _environments() -> list[str]:
    """The environment of every process of a rerun on this machine."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"inspect_runner.child" in (process / "cmdline").read_bytes():
                found.append((process / "environ").read_bytes().decode())
        except OSError:
            continue
    return found


def _watching(world: World, seen: list[str]) -> Answer:
    """Answers rightly, and notes the environment of the rerun that asks."""
    answer = adder()

    def watch(question: str) -> str:
        seen.extend(environment for environment in _environments() if str(world.folder) in environment)
        return answer(question)

    return watch


def test_child__sees_no_secret_but_the_models_own_key(world: World, provide: Provide) -> None:
    world.claim("100.0")
    seen: list[str] = []

    ran = world.verify(provide(_watching(world, seen)), **SECRETS)

    assert ran.code == 0
    assert seen
    assert not [
        name for environment in seen for name in SECRETS if f"{name}=" in environment or "canary" in environment
    ]
    assert all("LOCAL_API_KEY=the-models-own-key" in environment for environment in seen)


@pytest.mark.slow
def test_child__passes_what_the_caller_names(world: World, provide: Provide) -> None:
    world.claim("100.0")
    seen: list[str] = []

    world.verify(provide(_watching(world, seen)), "--pass-env=SOMETHING_ELSE", **SECRETS)

    assert seen
    assert all("SOMETHING_ELSE=canary-other" in environment for environment in seen)
    assert not any("canary-github" in environment for environment in seen)


@pytest.mark.slow
def test_child__dotenv_up_the_tree_changes_nothing(world: World, provide: Provide) -> None:
    world.claim("100.0")
    elsewhere = provide(adder())
    hostile = f"LOCAL_API_KEY=stolen\nLOCAL_BASE_URL={elsewhere.url}\nINSPECT_EVAL_LIMIT=1\n"
    for folder in (world.folder, world.model, world.benchmark):
        (folder / ".env").write_text(hostile)
    provider = provide(adder())

    ran = world.verify(provider, "--format=json")

    assert ran.report["verdicts"][0]["verdict"] == "verified"
    assert set(provider.keys) == {"Bearer the-models-own-key"}
    assert elsewhere.seen == []


@pytest.mark.slow
def test_child__goes_when_the_parent_is_killed(world: World, provide: Provide) -> None:
    world.claim("100.0")
    asked = threading.Event()
    release = threading.Event()

    def wait(question: str) -> str:
        asked.set()
        release.wait(30)
        return question

    with world.start(*world.verify_arguments(provide(wait))) as process:
        assert asked.wait(60)
        process.kill()
        process.wait()
    gone = _wait_until_no_child_of(world)
    release.set()

    assert gone


def _wait_until_no_child_of(world: World) -> bool:
    pause = threading.Event()
    for _ in range(100):
        if not [environment for environment in _environments() if str(world.folder) in environment]:
            return True
        pause.wait(0.1)
    return False


@pytest.mark.parametrize(
    "template", ["/proc/self/environ", "file:/proc/self/environ", "simplecache::/proc/self/environ"]
)
def test_benchmark__that_would_read_the_environment_is_not_rerun(world: World, provide: Provide, template: str) -> None:
    """Inspect opens such a template and puts the file into the prompt, with every variable of the process."""
    world.claim("100.0")
    eval_yaml = world.benchmark / "eval.yaml"
    solver = f"      - {{name: system_message, args: {{template: '{template}'}}}}\n"
    eval_yaml.write_text(eval_yaml.read_text().replace("    solvers:\n", f"    solvers:\n{solver}"))
    provider = provide(adder())

    ran = world.verify(provider, "--format=json", **SECRETS)

    assert ran.report["verdicts"][0]["verdict"] == "not-rerunnable"
    assert "refused for safety" in ran.report["verdicts"][0]["reason"]
    assert provider.seen == []
