"""A repository that uses the action: its workflow runs under act, without a container.

act is nektos/act; it knows expressions, jobs that need others, events, composite actions. It does not know the rights
of a job's token, environments and limits: those are the harness's.
"""

import json
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.action.python_stub import PythonStub

ROOT = Path(__file__).resolve().parents[2]
STUBS = Path(__file__).resolve().parent / "stubs"
ACT = Path(sysconfig.get_path("scripts")) / "act"
# What the action needs of its own repository.
PARTS = ("action.yml", "hooks", "requirements", "src", "pyproject.toml", "README.md", "LICENSE")


class Acted:
    """What act did."""

    def __init__(self, code: int, log: str) -> None:
        self.code = code
        self._lines: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines() if line.startswith("{")]

    @property
    def log(self) -> str:
        """What was said, a line for each message."""
        return "\n".join(f"[{line.get('jobID', '')}] {line.get('msg', '').rstrip()}" for line in self._lines)

    @property
    def jobs(self) -> dict[str, str]:
        """Every job that ran, with `success` or `failure`."""
        return {line["jobID"]: line["jobResult"] for line in self._lines if "jobResult" in line}

    def outputs(self, job: str) -> dict[str, str]:
        """What the action handed to later steps of a job."""
        own = (line for line in self._commands("set-output") if line["jobID"] == job and len(line["stepID"]) == 1)
        return {line["name"]: line["arg"] for line in own}

    def annotations(self, job: str) -> list[tuple[str, str, str, str]]:
        """Kind, file, line and message of each annotation of a job."""
        found = (line for line in self._commands("error", "warning", "notice") if line["jobID"] == job)
        places = ((line, line.get("kvPairs") or {}) for line in found)
        return [(line["command"], at.get("file", ""), at.get("line", ""), line["arg"]) for line, at in places]

    def summary(self, job: str) -> str:
        """The page of the run, for a job."""
        return "".join(line["content"] for line in self._commands("summary") if line["jobID"] == job)

    def _commands(self, *names: str) -> list[dict[str, Any]]:
        return [line for line in self._lines if line.get("command") in names]


@dataclass(frozen=True)
class Consumer:
    """A repository in a folder of its own, with one workflow."""

    folder: Path
    name: str
    workflow: str
    environment: Mapping[str, str]
    """Variables of every step."""
    python: Path
    """The interpreter that setup-python finds."""

    @property
    def artifacts(self) -> Path:
        """Where upload-artifact puts its files."""
        return self.folder / "artifacts"

    def act(self, event_name: str, event: Mapping[str, Any], secrets: Mapping[str, str]) -> Acted:
        """Let the event start the workflow, and wait for its end."""
        repo = self._repository()
        path = self.folder / "event.json"
        path.write_text(json.dumps(event))
        variables = {**self.environment, "STUB_PYTHON": str(self.python), "STUB_ARTIFACTS": str(self.artifacts)}
        ran = subprocess.run(
            [
                *(str(ACT), event_name, "-P", "ubuntu-latest=-self-hosted", "-e", str(path), "--json"),
                *(f"--secret={name}={value}" for name, value in secrets.items()),
                *(f"--env={name}={value}" for name, value in variables.items()),
                *(f"--local-repository={used}={folder}" for used, folder in self._used().items()),
            ],
            cwd=repo,
            env=self._surroundings(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Acted(ran.returncode, ran.stdout + ran.stderr)

    def _repository(self) -> Path:
        """A git repository with an origin: act takes its name from there."""
        repo = self.folder / "repository"
        if repo.exists():
            return repo
        (repo / ".github/workflows").mkdir(parents=True)
        (repo / ".github/workflows/evalmark.yml").write_text(self.workflow)
        for command in (
            "init -q -b main",
            f"remote add origin https://github.com/{self.name}",
            "add .",
            "-c user.name=Ada -c user.email=ada@example.org commit -q -m first",
        ):
            subprocess.run(["git", *command.split()], cwd=repo, env=self._surroundings(), check=True)
        return repo

    def _surroundings(self) -> dict[str, str]:
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        alone = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "XDG_CACHE_HOME": str(home / "cache")}
        return {"PATH": os.environ["PATH"], "HOME": str(home)} | alone

    def _used(self) -> dict[str, Path]:
        """Every action that the workflow and action.yml use, with the folder that stands for it."""
        own = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["runs"]["steps"]
        steps = [step for job in yaml.safe_load(self.workflow)["jobs"].values() for step in job["steps"]]
        used = {step["uses"] for step in [*steps, *own] if "uses" in step}
        return {name: self._stands_for(name.partition("@")[0]) for name in used}

    def _stands_for(self, name: str) -> Path:
        if name != "evalmark/evalmark":
            return STUBS / name.partition("/")[2]
        copy = self.folder / "action"
        if not copy.exists():
            copy.mkdir()
            for part in PARTS:
                source = ROOT / part
                shutil.copytree(source, copy / part) if source.is_dir() else shutil.copy(source, copy / part)
        return copy


def stub_interpreter(folder: Path) -> Path:
    """An interpreter that installs nothing and runs the test's own evalmark."""
    PythonStub(folder).stub()
    return folder / "python"
