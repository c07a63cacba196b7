"""Rows 1 to 6: the model's repo and the benchmark's eval.yaml want what the machine has that reruns them."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from evalmark.adapters.inspect_runner import environment, runner
from evalmark.adapters.inspect_runner.child import snapshot
from evalmark.adapters.inspect_runner.session import START
from evalmark.cli.ci.inputs import read_inputs
from evalmark.errors import EvalmarkError
from evalmark.localhub import LocalHub, RepoId
from evalmark.plan.identity import identify
from tests.acceptance.conftest import EVAL_YAML, adder
from tests.attacks.attack import Attack, Disable, instead, none_found
from tests.attacks.flow import is_planned, prepared
from tests.attacks.scene import BENCHMARK, eval_yaml_with, scene
from tests.builders import GENERATE, MODEL, entry_text, eval_yaml, task_text
from tests.provider import Provider

SECRETS = {"HF_TOKEN": "canary-hf", "OPENAI_API_KEY": "canary-openai", "EVALMARK_SECRET": "canary-secret"}
KEY = "the-models-own-key"
NEVER = re.compile(r"(?!)")


# ── 1: code of the model repo, and the secrets that it would find ───────────────────────────


def runs_code_of_the_repo(argument: str) -> Callable[[Path], bool]:
    """An argument that makes transformers run what the model repo brings."""

    def works(_folder: Path) -> bool:
        inputs = {"EVALMARK_INPUT_MODEL_ARGS": f"{argument}=true", "EVALMARK_INPUT_ACCEPT_SERVED_MODEL": "true"}
        try:
            run = identify(read_inputs(inputs, Path()).choice, MODEL)
        except EvalmarkError:
            return False
        return run.args[argument.replace("-", "_")] is True

    return works


def fetches(name: str) -> Callable[[Path], bool]:
    """A model repo that holds a file with code in it."""

    def works(folder: Path) -> bool:
        repo, model = folder / "repo", RepoId("models", "mallory/model")
        repo.mkdir()
        for each in ("config.json", name):
            (repo / each).write_text("{}")
        with LocalHub({model: repo}) as hub:
            got = snapshot(model.name, hub.sha(model), hub.url, cache_dir=str(folder / "cache"))
        return (Path(got) / name).exists()

    return works


def fetch_everything(patch: pytest.MonkeyPatch) -> None:
    usual: Callable[..., str] = huggingface_hub.snapshot_download

    def everything(*names: str, **more: Any) -> str:
        return usual(*names, **{**more, "allow_patterns": None})

    patch.setattr(huggingface_hub, "snapshot_download", everything)


def reads_the_environment(folder: Path) -> bool:
    """Code in the process that runs the model reads its environment."""
    seen: list[str] = []
    answer = adder()

    def watch(question: str) -> str:
        seen.extend(_environments(folder))
        return answer(question)

    with scene(folder, EVAL_YAML) as at, Provider(watch).running() as provider:
        at.propose(entry_text("100.0"))
        step = at.rerun(inputs={"benchmarks": BENCHMARK, "model-base-url": provider.url}, LOCAL_API_KEY=KEY, **SECRETS)
    assert step.code == 0, step.log
    assert seen
    return any(secret in each for each in seen for secret in (*SECRETS.values(), "ghs_fake"))


def _environments(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"inspect_runner.child" in (process / "cmdline").read_bytes():
                found.append((process / "environ").read_bytes().decode())
        except OSError:
            continue
    return [each for each in found if str(folder) in each]


def hand_on_everything(patch: pytest.MonkeyPatch) -> None:
    def whole(parent: Mapping[str, str], passed: frozenset[str], **places: Any) -> dict[str, str]:
        return {**parent, **environment.child_environment(parent, passed, **places)}

    patch.setattr(runner, "child_environment", whole)


def passes_on(variable: str) -> Callable[[Path], bool]:
    """A workflow that was copied from a stranger names a token as if the model needed it."""

    def works(_folder: Path) -> bool:
        try:
            return variable in read_inputs({"EVALMARK_INPUT_PASS_ENV": variable}, Path()).passed
        except EvalmarkError:
            return False

    return works


# ── 2, 3, 4 and 6: what an eval.yaml may ask for ────────────────────────────────────────────


class Everything(tuple[str, ...]):
    """A list that has every name."""

    __slots__ = ()

    def __contains__(self, _name: object) -> bool:
        return True


def gets_planned(benchmark: str) -> Callable[[Path], bool]:
    """The owner of a benchmark that is allowed to run changes its eval.yaml."""
    return lambda _folder: is_planned(prepared(benchmark=benchmark))


def with_solver(text: str) -> str:
    return eval_yaml(task_text(solvers=f"{text}, {GENERATE}"))


def with_scorer(text: str) -> str:
    return eval_yaml(task_text(scorers=text))


WITH_IMAGES = eval_yaml().replace("target: answer}", "target: answer, input_image: picture}")
OPENED = (
    "/proc/self/environ",
    "~/.netrc",
    "../../secret",
    "home/../../secret",
    ".env",
    "\\\\host\\share",
    "file:/proc/self/environ",
    "local:/proc/self/environ",
    "simplecache::/proc/self/environ",
    "http://169.254.169.254/latest",
    "s3://bucket/key",
)


def prompts_with_a_file(template: str, found: str) -> Callable[[Path], bool]:
    """A template that is the name of a file in the process that runs the model: its content becomes the prompt."""

    def works(folder: Path) -> bool:
        hostile = eval_yaml_with(f"{{name: system_message, args: {{template: '{template}'}}}}")
        with scene(folder, hostile) as at, Provider(adder()).running() as provider:
            at.propose(entry_text("100.0"))
            at.rerun(inputs={"benchmarks": BENCHMARK, "model-base-url": provider.url}, LOCAL_API_KEY=KEY)
        return found in json.dumps(provider.seen)

    return works


# ── 5: .env up the tree ─────────────────────────────────────────────────────────────────────


def sends_the_key_elsewhere(folder: Path) -> bool:
    """A file `.env` above the folder of the rerun names another address for the model."""
    with scene(folder, EVAL_YAML) as at, Provider(adder()).running() as mallory:
        at.propose(entry_text("100.0"))
        (folder / ".env").write_text(f"LOCAL_BASE_URL={mallory.url}\n")
        at.rerun(inputs={"benchmarks": BENCHMARK}, LOCAL_API_KEY=KEY)
    return f"Bearer {KEY}" in mallory.keys


def no_empty_dotenv(patch: pytest.MonkeyPatch) -> None:
    usual = runner.InspectRunner._lay_out

    def lay_out(self: runner.InspectRunner, work: Path, *more: Any) -> None:
        usual(self, work, *more)
        (work / START / ".env").unlink()

    patch.setattr(runner.InspectRunner, "_lay_out", lay_out)


# ── all of them ─────────────────────────────────────────────────────────────────────────────

NO_UNSAFE = instead("evalmark.plan.rerunnable._unsafe", none_found)
NO_OTHER_MODELS = instead("evalmark.plan.rerunnable._other_models", none_found)
NO_OBSTACLES = instead("evalmark.plan.graders._obstacles", none_found)
NO_PLACES = instead("evalmark.formats.safety.LOOKS_LIKE_A_PLACE", NEVER)
STARTS_AMONG_FILES = instead("evalmark.adapters.inspect_runner.session.START", ".")
ANY_SOLVER: Disable = instead("evalmark.formats.benchmark.SOLVERS", Everything())
ANY_SCORER: Disable = instead("evalmark.formats.benchmark.SCORERS", Everything())
EVERY_ARGUMENT = instead("evalmark.plan.identity.CODE_ARGS", frozenset())
EVERY_VARIABLE = instead("evalmark.cli.options.NEVER_PASSED", NEVER)

ATTACKS = [
    *(
        Attack(1, f"model args with {argument}", runs_code_of_the_repo(argument), EVERY_ARGUMENT)
        for argument in ("trust_remote_code", "trust-remote-code", "auto_map")
    ),
    *(
        Attack(1, f"{name} is fetched", fetches(name), fetch_everything)
        for name in ("pytorch_model.bin", "modeling_evil.py")
    ),
    Attack(1, "environment of the model's process", reads_the_environment, hand_on_everything, slow=True),
    *(Attack(1, f"pass-env {name}", passes_on(name), EVERY_VARIABLE) for name in ("HF_TOKEN", "ACTIONS_RUNTIME_TOKEN")),
    Attack(2, "solver of the benchmark's own", gets_planned(with_solver("{name: mallory/steal}")), ANY_SOLVER),
    Attack(2, "scorer of the benchmark's own", gets_planned(with_scorer("{name: mallory/always_right}")), ANY_SCORER),
    Attack(2, "tools on the runner", gets_planned(with_solver("{name: use_tools}")), NO_UNSAFE),
    *(
        Attack(3, f"template {place}", gets_planned(with_solver(template)), NO_PLACES)
        for place in OPENED
        for template in [f"{{name: system_message, args: {{template: '{place}'}}}}"]
    ),
    Attack(
        3,
        "place in a list of a scorer's arguments",
        gets_planned(with_scorer("{name: match, args: {location: [{a: /etc/passwd}]}}")),
        NO_PLACES,
    ),
    Attack(
        3,
        "environment in the prompt",
        prompts_with_a_file("/proc/self/environ", f"LOCAL_API_KEY={KEY}"),
        NO_UNSAFE,
        slow=True,
    ),
    Attack(
        3, "request in the prompt", prompts_with_a_file("request.json", "shuffle_seed"), STARTS_AMONG_FILES, slow=True
    ),
    Attack(
        4,
        "grader of the benchmark's choice",
        gets_planned(with_scorer("{name: model_graded_qa, args: {model: openai/o1-pro}}")),
        NO_OBSTACLES,
    ),
    Attack(4, "grader that nobody has named", gets_planned(with_scorer("{name: model_graded_fact}")), NO_OBSTACLES),
    Attack(
        4,
        "another model in a solver",
        gets_planned(with_solver("{name: self_critique, args: {model: openai/o1-pro}}")),
        NO_OTHER_MODELS,
    ),
    Attack(5, "env file up the tree", sends_the_key_elsewhere, no_empty_dotenv, slow=True),
    Attack(6, "images that are files", gets_planned(WITH_IMAGES), NO_UNSAFE),
]
