"""Reads an action.yml, and refuses what ours must never have: the rules are stricter than GitHub's."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.action.refusal import Refused

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
KEYS = {"name", "id", "if", "uses", "with", "shell", "run", "env", "working-directory"}


@dataclass(frozen=True)
class Step:
    """A step as it is written."""

    name: str
    id: str
    condition: str
    uses: str
    run: str
    settings: dict[str, str]
    environment: dict[str, str]
    folder: str


@dataclass(frozen=True)
class Action:
    """An action as it is written: defaults of inputs, values of outputs, steps."""

    folder: Path
    inputs: dict[str, str]
    required: frozenset[str]
    outputs: dict[str, str]
    steps: list[Step] = field(default_factory=list)


def read_action(folder: Path) -> Action:
    """Read and look through `action.yml`."""
    body: dict[str, Any] = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
    if body["runs"]["using"] != "composite":
        raise Refused("not a composite action")
    inputs: dict[str, Any] = body.get("inputs", {})
    return Action(
        folder=folder,
        inputs={name: text_of(each.get("default", "")) for name, each in inputs.items()},
        required=frozenset(name for name, each in inputs.items() if each.get("required")),
        outputs={name: each["value"] for name, each in body.get("outputs", {}).items()},
        steps=[read_step(each, number) for number, each in enumerate(body["runs"]["steps"], start=1)],
    )


def read_step(raw: dict[str, Any], number: int) -> Step:
    """A step, if it keeps to the rules."""
    if unknown := sorted(set(raw) - KEYS):
        raise Refused(f"step {number} has {', '.join(unknown)}, which the harness does not know")
    step = Step(
        name=raw.get("name", f"step {number}"),
        id=raw.get("id", f"step-{number}"),
        condition=text_of(raw.get("if", "success()")),
        uses=raw.get("uses", ""),
        run=raw.get("run", ""),
        settings=texts_of(raw.get("with", {})),
        environment=texts_of(raw.get("env", {})),
        folder=raw.get("working-directory", ""),
    )
    if bool(step.uses) == bool(step.run):
        raise Refused(f"{step.name}: a step either uses an action or runs a script")
    _look_through(step, raw.get("shell"))
    return step


def _look_through(step: Step, shell: str | None) -> None:
    if step.uses and not PINNED.fullmatch(step.uses):
        raise Refused(f"{step.name}: `uses: {step.uses}` is not pinned to a commit")
    if step.run and shell != "bash":
        raise Refused(f"{step.name}: the shell is {shell}, not bash")
    if "${{" in step.run:
        raise Refused(f"{step.name}: an expression in `run:` makes a value part of the script")


def texts_of(raw: dict[str, Any]) -> dict[str, str]:
    """Values as a step gets them."""
    return {name: text_of(value) for name, value in raw.items()}


def text_of(value: object) -> str:
    """A YAML scalar as GitHub hands it over."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
