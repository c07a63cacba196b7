"""Our action.yml under the harness, with a stand-in for the command: what is installed, what the command is told."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalmark.cli.ci.inputs import NAMES, read_inputs
from evalmark.report.overall import WORDS
from scripts.action_page import action_tables, put
from tests.action.harness import Machine, Ran, run_action
from tests.action.python_stub import PythonStub

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TOKEN = "a-token-of-the-job"
HUB_TOKEN = "a-token-of-the-hub"
COMMAND = """\
import json, os, pathlib, sys
kept = {name: value for name, value in os.environ.items() if "TOKEN" in name or name.startswith("EVALMARK_")}
told = {"arguments": sys.argv[1:], "environment": kept, "folder": os.getcwd()}
(pathlib.Path(os.environ["RUNNER_TEMP"]) / "told.json").write_text(json.dumps(told))
with open(os.environ["GITHUB_OUTPUT"], "a") as outputs:
    outputs.write("".join(f"{name}=the {name}\\n" for name in NAMES))
sys.exit(1 if "EVALMARK_INPUT_MODEL" in os.environ and os.environ["EVALMARK_INPUT_MODEL"] == "fails" else 0)
"""


class Place:
    """Runs the action on a machine of its own, with a command that notes what it is told."""

    def __init__(self, folder: Path) -> None:
        folder.joinpath("command.py").write_text(COMMAND.replace("NAMES", repr(list(ACTION["outputs"]))))
        self.python = PythonStub(folder / "python", evalmark=str(folder / "command.py"))
        stubs = {"actions/setup-python": self.python.stub()}
        self.machine = Machine(folder / "machine", {"PATH": "/usr/bin:/bin"}, TOKEN, stubs, (HUB_TOKEN,))

    def run(self, **inputs: object) -> Ran:
        """Use the action; underscores in the names of inputs stand for hyphens."""
        return run_action(ROOT, {name.replace("_", "-"): value for name, value in inputs.items()}, self.machine)

    @property
    def told(self) -> dict[str, Any]:
        """What the command saw."""
        told: dict[str, Any] = json.loads((self.machine.temp / "told.json").read_text())
        return told

    def installed(self) -> list[str]:
        """Everything that pip and uv were told, a line for each call."""
        return [" ".join([call["tool"], *call["arguments"]]) for call in self.python.calls()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A machine for one test."""
    return Place(tmp_path)


def test_action__defaults_reach_the_command(place: Place) -> None:
    place.run()

    secret = {"github-token", "hf-token", "signing-key"}
    plain = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items() if name not in secret}
    given = {f"EVALMARK_INPUT_{name.upper().replace('-', '_')}": text for name, text in plain.items()}
    assert place.told["environment"] == given | {"GITHUB_TOKEN": TOKEN, "HF_TOKEN": "", "EVALMARK_SIGNING_KEY": ""}
    assert place.told["arguments"] == ["ci", "auto"]


def test_action__every_default_is_a_text_for_the_command() -> None:
    """`true` without quotes would be a boolean, and `330` a number: GitHub takes texts only."""
    assert all(isinstance(each.get("default", ""), str) for each in ACTION["inputs"].values())


def test_action__every_input_reaches_the_command_under_its_own_name(place: Place) -> None:
    place.run(**{name: f"the {name}" for name in ACTION["inputs"]})

    tokens = {"github-token": "GITHUB_TOKEN", "hf-token": "HF_TOKEN", "signing-key": "EVALMARK_SIGNING_KEY"}
    variables = {name: f"EVALMARK_INPUT_{name.upper().replace('-', '_')}" for name in ACTION["inputs"]} | tokens
    assert place.told["environment"] == {variable: f"the {name}" for name, variable in variables.items()}


def test_action__values_reach_the_command_as_they_are(place: Place) -> None:
    hostile = 'a"b\n$(touch here) `id` ${{ github.token }} \\ é'

    place.run(mode="report", model=hostile, fail_on="never", accept_served_model=True)

    environment = place.told["environment"]
    assert environment["EVALMARK_INPUT_MODEL"] == hostile
    assert environment["EVALMARK_INPUT_FAIL_ON"] == "never"
    assert environment["EVALMARK_INPUT_ACCEPT_SERVED_MODEL"] == "true"
    assert place.told["arguments"] == ["ci", "report"]


def test_action__runs_outside_the_workspace(place: Place) -> None:
    place.run()

    assert Path(place.told["folder"]) == place.machine.temp
    assert {Path(call["folder"]) for call in place.python.calls()} == {place.machine.temp}
    assert list(place.machine.workspace.iterdir()) == []


def test_action__tokens_are_given_to_the_last_step_alone(place: Place) -> None:
    ran = place.run(hf_token=HUB_TOKEN)

    assert place.told["environment"]["HF_TOKEN"] == HUB_TOKEN
    for step in ran.steps[:-1]:
        assert not {TOKEN, HUB_TOKEN} & set(step.environment.values())
    assert all(TOKEN not in json.dumps(call) for call in place.python.calls())


@pytest.mark.parametrize(
    ("mode", "model", "locked"),
    [
        pytest.param("validate", "", "action", id="validate"),
        pytest.param("validate", "openai/x", "action", id="validate needs no engine, whatever the model"),
        pytest.param("report", "openai/x", "action", id="report"),
        pytest.param("rerun", "openai/x", "action-rerun", id="rerun"),
        pytest.param("rerun", "", "action-rerun", id="rerun without a model"),
        pytest.param("auto", "", "action", id="auto without a model"),
        pytest.param("auto", "openai/x", "action-rerun", id="auto with a model"),
        pytest.param("nonsense", "openai/x", "action", id="unknown mode: the command says so"),
    ],
)
def test_action__installs_what_the_mode_needs(place: Place, mode: str, model: str, locked: str) -> None:
    place.run(mode=mode, model=model)

    venv, pip, tree, package = place.installed()
    assert venv == "venv evalmark"
    assert pip == f"pip install --quiet --require-hashes -r {ROOT}/requirements/installer.txt"
    assert tree == f"uv pip install --quiet --require-hashes --no-build -r {ROOT}/requirements/{locked}.txt"
    assert package == f"uv pip install --quiet --no-deps --no-build-isolation {ROOT}"


def test_action__nothing_on_the_machine_configures_the_install(place: Place) -> None:
    place.run()

    for call in place.python.calls():
        assert call["environment"]["PIP_CONFIG_FILE"] == "/dev/null"
        assert call["environment"]["UV_NO_CONFIG"] == "1"
        assert call["environment"]["UV_CACHE_DIR"].startswith(str(place.machine.temp))
        assert call["environment"]["VIRTUAL_ENV"] == str(place.machine.temp / "evalmark")


def test_action__further_packages_are_installed_for_a_rerun_within_our_own_ranges(place: Place) -> None:
    place.run(mode="rerun", requirements="openai==3.57.0\nboto3==1.40.0")

    further = place.python.calls()[3]
    only_ours = ["--no-build-isolation-package", "evalmark"]
    assert further["arguments"] == ["pip", "install", "--quiet", *only_ours, "-r", "-", f"{ROOT}[verify]"]
    assert further["input"] == "openai==3.57.0\nboto3==1.40.0\n"


@pytest.mark.parametrize("mode", ["validate", "report", "auto"])
def test_action__further_packages_are_not_installed_where_nothing_is_rerun(place: Place, mode: str) -> None:
    place.run(mode=mode, requirements="openai==3.57.0")

    assert len(place.installed()) == 4


def test_action__a_second_use_in_a_job_keeps_the_environment(place: Place) -> None:
    place.run(mode="rerun")
    place.run(mode="report")

    assert place.installed().count("venv evalmark") == 1


def test_action__a_failing_command_fails_the_step_and_keeps_its_outputs(place: Place) -> None:
    ran = place.run(mode="rerun", model="fails")

    assert ran.last.code == 1
    assert ran.outputs == {name: f"the {name}" for name in ACTION["outputs"]}


def test_action__a_failing_install_leaves_the_command_out(place: Place, tmp_path: Path) -> None:
    place.machine.temp.joinpath("evalmark").write_text("a file where the environment goes")

    ran = place.run()

    assert ran.failed
    assert ran.last.code is None
    assert ran.outputs == dict.fromkeys(ACTION["outputs"], "")


def test_action__uses_nothing_but_setup_python() -> None:
    used = [step["uses"].partition("@")[0] for step in ACTION["runs"]["steps"] if "uses" in step]

    assert used == ["actions/setup-python"]


def test_action__has_no_input_twice_under_two_spellings() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in [*ACTION["inputs"], *ACTION["outputs"]])


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in action_tables()])
def test_page__its_tables_are_current(path: Path) -> None:
    assert path.read_text("utf-8") == action_tables()[path], "run `make regen`"


def test_page__a_table_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place for the table of inputs"):
        put("<!-- inputs: -->\n", "inputs", "")


def test_command__means_by_nothing_what_the_action_says_as_a_default() -> None:
    """So that a default in action.yml is for readers, and cannot differ from what the command does by itself."""
    given = {name: str(each["default"]) for name, each in ACTION["inputs"].items() if "default" in each}
    plain = {f"EVALMARK_INPUT_{name.upper().replace('-', '_')}": text for name, text in given.items()}

    assert read_inputs(plain, Path("temp")) == read_inputs({}, Path("temp"))


def test_outputs__name_the_verdicts_from_the_worst_to_the_best() -> None:
    words = re.findall(r"`([a-z-]+)`", ACTION["outputs"]["verdict"]["description"])

    assert words == list(WORDS)


def test_command__knows_the_inputs_of_the_action_and_no_others() -> None:
    assert set(NAMES) == set(ACTION["inputs"])
