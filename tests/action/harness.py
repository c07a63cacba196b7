"""Runs a composite action in process, without a container and without a network.

What `act` does not model is strict here: unknown inputs and values, limits on annotations and summaries, tokens in the
log, writes that change later steps. An action that is used (`uses:`) is played by a stub.
"""

import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.action.definition import Action, Step, read_action, texts_of
from tests.action.expressions import filled, holds
from tests.action.file_commands import outputs_of, prepare, summary_of
from tests.action.log_commands import Annotation, parse_log
from tests.action.refusal import Refused

Stub = Callable[[Mapping[str, str]], dict[str, str]]
"""Plays an action that is used: from its `with` to its outputs."""


@dataclass
class Machine:
    """What an action finds: folders of its own, variables, a token, and stubs by `owner/name`."""

    folder: Path
    environment: Mapping[str, str]
    token: str = ""
    stubs: Mapping[str, Stub] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    """Texts that no log, summary, output or annotation may hold; GitHub hides them in logs only. Also the token."""
    seconds: float = 120

    @property
    def temp(self) -> Path:
        """The folder `runner.temp`, made if it is not there."""
        (self.folder / "temp").mkdir(parents=True, exist_ok=True)
        return self.folder / "temp"

    @property
    def workspace(self) -> Path:
        """The folder `github.workspace`: where a checkout would lie."""
        (self.folder / "workspace").mkdir(parents=True, exist_ok=True)
        return self.folder / "workspace"


@dataclass(frozen=True)
class Done:
    """What a step did. `code` is None for one that was skipped."""

    name: str
    code: int | None
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True)
class Ran:
    """What the whole action did, as the workflow that uses it sees it."""

    steps: list[Done]
    outputs: dict[str, str]

    @property
    def failed(self) -> bool:
        """Did a step fail?"""
        return any(step.code for step in self.steps)

    @property
    def last(self) -> Done:
        """The last step."""
        return self.steps[-1]


def run_action(folder: Path, inputs: Mapping[str, object], machine: Machine) -> Ran:
    """Run the action in a folder with the inputs of a `with:`; raises `Refused` if a rule is broken."""
    action = read_action(folder)
    context = _context(action, texts_of(dict(inputs)), machine)
    done: list[Done] = []
    for step in action.steps:
        if holds(step.condition, context, failed=any(each.code for each in done)):
            done.append(_run_step(step, context, machine))
        else:
            done.append(Done(step.name, None))
        context |= {f"steps.{step.id}.outputs.{name}": text for name, text in done[-1].outputs.items()}
    return Ran(done, {name: _output(text, context) for name, text in action.outputs.items()})


def _context(action: Action, given: dict[str, str], machine: Machine) -> dict[str, str]:
    if unknown := sorted(set(given) - set(action.inputs)):
        raise Refused(f"unknown inputs: {', '.join(unknown)}")
    if missing := sorted(action.required - set(given)):
        raise Refused(f"required inputs: {', '.join(missing)}")
    context = {
        "github.token": machine.token,
        "github.workspace": str(machine.workspace),
        "github.action_path": str(action.folder),
        "runner.temp": str(machine.temp),
    }
    defaults = {name: filled(text, context) for name, text in action.inputs.items()}
    return context | {f"inputs.{name}": text for name, text in (defaults | given).items()}


def _output(text: str, context: Mapping[str, str]) -> str:
    """Outputs of a step that did not come so far are empty, as on GitHub."""
    try:
        return filled(text, context)
    except Refused:
        return ""


def _run_step(step: Step, context: Mapping[str, str], machine: Machine) -> Done:
    if step.uses:
        return Done(step.name, 0, outputs=_use(step, context, machine))
    environment = {name: filled(text, context) for name, text in step.environment.items()}
    files = Path(tempfile.mkdtemp(prefix="step-", dir=machine.folder)) / "commands"
    written = prepare(files)
    code, log = _bash(step, filled(step.folder, context), machine, _fixed(context) | written | environment)
    said = parse_log(log)
    done = Done(step.name, code, environment, log, outputs_of(files), summary_of(files), said.annotations)
    _keep_secrets(done, machine)
    return done


def _use(step: Step, context: Mapping[str, str], machine: Machine) -> dict[str, str]:
    name = step.uses.partition("@")[0]
    if name not in machine.stubs:
        raise Refused(f"{step.name}: nothing plays {name}")
    return machine.stubs[name]({key: filled(text, context) for key, text in step.settings.items()})


def _fixed(context: Mapping[str, str]) -> dict[str, str]:
    """The variables that a runner sets by itself and an action of ours may read."""
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": context["github.action_path"],
        "GITHUB_WORKSPACE": context["github.workspace"],
        "RUNNER_TEMP": context["runner.temp"],
    }


def _bash(step: Step, folder: str, machine: Machine, variables: Mapping[str, str]) -> tuple[int, str]:
    script = Path(variables["GITHUB_OUTPUT"]).parent / "script.sh"
    script.write_text(step.run, "utf-8")
    ran = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
        cwd=folder or machine.workspace,
        env={**machine.environment, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=machine.seconds,
        check=False,
    )
    return ran.returncode, ran.stdout.decode("utf-8", "replace")


def _keep_secrets(done: Done, machine: Machine) -> None:
    shown = "\n".join([done.log, done.summary, *done.outputs.values()])
    if any(secret in shown for secret in (*machine.secrets, machine.token) if secret):
        raise Refused(f"{done.name}: a secret is shown")
