"""A model repo on a GitHub of this machine, a benchmark on a Hub of this machine, a model, and the command in a job."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from evalmark.localhub import LocalHub
from tests.acceptance.conftest import COMMAND, World
from tests.github.events import dispatch_event, pull_request_event
from tests.github.fake import Content, FakeGitHub
from tests.provider import Provider

REPOSITORY = "acme/adder"
BENCHMARK = "acme/sums"
READ = ("contents: read", "pull-requests: read")
WRITE = ("contents: read", "pull-requests: write", "statuses: write")
RESULTS = ".eval_results/sums.yaml"


def entry(value: str, dataset: str = BENCHMARK, task: str = "sums", more: str = "") -> str:
    """One entry of a results file."""
    return f"- dataset:\n    id: {dataset}\n    task_id: {task}\n  value: {value}\n{more}"


@dataclass(frozen=True)
class Step:
    """What a step of a job did."""

    code: int
    log: str
    summary: str
    outputs: Mapping[str, str]


@dataclass
class ActionWorld:
    """Everything around `evalmark ci`. `propose` opens the one pull request that a test is about."""

    world: World
    github: FakeGitHub
    hub: LocalHub
    provider: Provider
    number: int = 0
    head: str = ""
    base: str = ""
    run_id: int = 100
    fork: str | None = None
    command: tuple[str, ...] = (COMMAND,)
    _steps: int = field(default=0)

    @cached_property
    def repo(self) -> Any:
        return self.github.repository(REPOSITORY)

    @property
    def report(self) -> Path:
        """What one job hands to the next."""
        return self.world.folder / "handed"

    def propose(
        self, files: Mapping[str, Content | None], before: Mapping[str, Content] | None = None, fork: str | None = None
    ) -> None:
        """Open a pull request that brings `files` to a repo with the files `before`."""
        self.base = self.repo.commit({"README.md": b"a model", **(before or {})})
        self.head = self.repo.commit(files, parent=self.base)
        self.number = self.repo.pull_request(head=self.head, base=self.base, fork=fork)
        self.fork = fork

    def claim(self, *values: str) -> None:
        """Open a pull request that brings these scores, each for its own notes."""
        self.propose({RESULTS: "".join(map(entry, values)).encode()})

    def on_pull_request(self) -> tuple[str, dict[str, Any]]:
        """The event that GitHub sends for it."""
        return "pull_request", pull_request_event(REPOSITORY, self.number, self.head, self.base, fork=self.fork)

    def on_dispatch(self) -> tuple[str, dict[str, Any]]:
        """The event of a reviewer's click."""
        typed = {"pull-request": str(self.number), "head-sha": self.head}
        return "workflow_dispatch", dispatch_event(REPOSITORY, typed)

    def model_inputs(self, **more: str) -> dict[str, str]:
        """Inputs that name the model and allow the benchmark."""
        served = {"model": "openai-api/local/adder", "model-base-url": self.provider.url, "accept-served-model": "true"}
        return served | {"benchmarks": BENCHMARK} | {name.replace("_", "-"): value for name, value in more.items()}

    def by_hand(self, **more: str) -> dict[str, str]:
        """Inputs of a workflow that a reviewer starts."""
        return self.model_inputs(**more) | {"pull-request": str(self.number), "head-sha": self.head}

    def step(
        self,
        mode: str,
        inputs: Mapping[str, str] | None = None,
        rights: tuple[str, ...] = READ,
        event: tuple[str, Mapping[str, Any]] | None = None,
        **environment: str,
    ) -> Step:
        """Run `evalmark ci MODE` as the runner would."""
        self._steps += 1
        folder = self.world.folder / f"step-{self._steps}"
        folder.mkdir()
        name, body = event or self.on_pull_request()
        (folder / "event.json").write_text(json.dumps(body))
        given = {f"EVALMARK_INPUT_{key.upper().replace('-', '_')}": value for key, value in (inputs or {}).items()}
        runner = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_RUN_ID": str(self.run_id),
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_TOKEN": self.github.token(*rights),
            "RUNNER_TEMP": str(folder),
            "EVALMARK_INPUT_REPORT_PATH": str(self.report),
            "HF_ENDPOINT": self.hub.url,
        }
        done = subprocess.run(
            [*self.command, "ci", mode],
            cwd=folder,
            env=self.world.environment(**{**runner, **given, **environment}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return Step(done.returncode, done.stdout, _read(folder / "summary"), _outputs(_read(folder / "output")))

    def verify(self, **inputs: str) -> tuple[Step, Step]:
        """The two jobs that a reviewer starts: rerun, then report."""
        given, event = self.by_hand(**inputs), self.on_dispatch()
        return self.step("rerun", given, READ, event, LOCAL_API_KEY=os.urandom(4).hex()), self.step(
            "report", given, WRITE, event
        )

    @property
    def comments(self) -> list[str]:
        """What is said on the pull request."""
        return [comment.body for comment in self.repo.comments(self.number)]


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _outputs(text: str) -> dict[str, str]:
    """The file GITHUB_OUTPUT as the runner reads it: heredocs only."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, sign, end = line.partition("<<")
        assert sign, f"no heredoc: {line}"
        value: list[str] = []
        while (part := next(lines)) != end:
            value.append(part)
        found[name] = "\n".join(value)
    return found
