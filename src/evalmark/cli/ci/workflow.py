"""The workflow run that we are part of: what the runner tells, the files it reads, and its log, which obeys."""

import contextlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalmark.comment import Run
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.report.annotations import error_command, notice_command

API = "https://api.github.com"
REPOSITORY = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")
SERVER = re.compile(r"https?://[A-Za-z0-9.:-]{1,253}")
LARGEST_EVENT = 25_000_000


@dataclass(frozen=True, slots=True)
class Workflow:
    """What the runner says of itself and of the event."""

    repository: str
    event_name: str
    event: Mapping[str, Any]
    api_url: str
    run: Run
    run_url: str
    temp: Path
    output: Path | None
    summary: Path | None

    def set_output(self, **values: str) -> None:
        """Hand values to later steps. Each stands between lines that nobody can know beforehand."""
        if self.output is None:
            return
        end = f"evalmark_{secrets.token_hex(16)}"
        lines = (f"{name.replace('_', '-')}<<{end}\n{value}\n{end}\n" for name, value in values.items())
        _append(self.output, "".join(lines))

    def add_summary(self, text: str) -> None:
        """Show Markdown on the page of the run."""
        if self.summary is not None:
            _append(self.summary, text)

    def say(self, text: str) -> None:
        """Print for people. Nothing in it is a command to the runner, whoever wrote it."""
        with obeying_nothing():
            print(_tamed(text), end="" if text.endswith("\n") else "\n", flush=True)

    def notice(self, text: str) -> None:
        """Something that a reader of the run should see."""
        print(notice_command(text), end="", flush=True)

    def error(self, message: str, advice: str) -> None:
        """What stopped us, where a reader of the run sees it first."""
        print(error_command(message, advice), end="", flush=True)


@contextlib.contextmanager
def obeying_nothing() -> Iterator[None]:
    """While this is open the runner takes no line of the log for a command: only a word drawn just now ends it."""
    word = secrets.token_hex(16)
    print(f"::stop-commands::{word}", flush=True)
    try:
        yield
    finally:
        print(f"::{word}::", flush=True)


def _tamed(text: str) -> str:
    """`##[` begins a command anywhere in a line, for a runner that was not told to stop."""
    return text.replace("##[", "# #[")


def read_workflow(environment: Mapping[str, str]) -> Workflow:
    """What the runner has put into the environment. Raises `UsageProblem` if this is no workflow's job."""
    repository = environment.get("GITHUB_REPOSITORY", "")
    temp = environment.get("RUNNER_TEMP", "")
    if not REPOSITORY.fullmatch(repository) or not temp:
        raise UsageProblem(
            "this is no GitHub workflow, where `evalmark ci` runs: GITHUB_REPOSITORY and RUNNER_TEMP are missing",
            "on your own machine, write: evalmark check, or evalmark verify",
        )
    number, attempt = environment.get("GITHUB_RUN_ID", ""), environment.get("GITHUB_RUN_ATTEMPT", "")
    server = environment.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    run = Run(int(number) if number.isdigit() else 0, int(attempt) if attempt.isdigit() else 1)
    return Workflow(
        repository=repository,
        event_name=environment.get("GITHUB_EVENT_NAME", ""),
        event=_event(environment.get("GITHUB_EVENT_PATH")),
        api_url=environment.get("GITHUB_API_URL", API),
        run=run,
        run_url=f"{server}/{repository}/actions/runs/{run.number}" if run.number and SERVER.fullmatch(server) else "",
        temp=Path(temp),
        output=_path(environment, "GITHUB_OUTPUT"),
        summary=_path(environment, "GITHUB_STEP_SUMMARY"),
    )


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    return Path(environment[name]) if environment.get(name) else None


def _event(path: str | None) -> Mapping[str, Any]:
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            event = json.loads(file.read(LARGEST_EVENT))
    except (OSError, ValueError, RecursionError) as error:
        raise CouldNotFinish("the event that started the workflow cannot be read", "run the workflow again") from error
    return event if isinstance(event, dict) else {}


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CouldNotFinish(f"{path} could not be written: {error.strerror}", "run the workflow again") from error
