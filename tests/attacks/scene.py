"""A job of the action in this very process, so that a defence can be switched off: real GitHub calls, a real Hub."""

import contextlib
import io
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from evalmark.cli.ci.modes import run_mode
from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.conftest import EVAL_YAML, SAMPLES
from tests.github.fake import Content, FakeGitHub, Repo

REPOSITORY, BENCHMARK, RESULTS = "acme/adder", "acme/sums", ".eval_results/sums.yaml"
READ = ("contents: read", "pull-requests: read")
WRITE = ("contents: read", "pull-requests: write", "statuses: write")
KEPT = ("HOME", "LANG", "PATH", "TMPDIR")
NOWHERE = "http://127.0.0.1:9"
BOT = "github-actions[bot]"


@dataclass(frozen=True)
class Step:
    """What a step did: `output` is the file of its outputs as it was written."""

    code: int
    log: str
    output: str


@dataclass
class Scene:
    """One pull request, opened by `propose`."""

    folder: Path
    github: FakeGitHub
    hub: str
    number: int = 0
    head: str = ""
    run_id: int = 100
    _steps: int = field(default=0)

    @cached_property
    def repo(self) -> Repo:
        """The model repo at GitHub."""
        return self.github.repository(REPOSITORY)

    @property
    def handed(self) -> Path:
        """What the rerun hands to the report."""
        return self.folder / "work" / "handed"

    def propose(self, text: str, *, fork: str | None = None, more: Mapping[str, Content] | None = None) -> None:
        """Open a pull request with this results file."""
        base = self.repo.commit({"README.md": b"a model"})
        self.head = self.repo.commit({RESULTS: text.encode(), **(more or {})}, parent=base)
        self.number = self.repo.pull_request(head=self.head, base=base, fork=fork)

    def rerun(self, event: str = "workflow_dispatch", inputs: Mapping[str, str] | None = None, **env: str) -> Step:
        """The job with the model's key."""
        return self.step("rerun", event, inputs or {}, READ, env)

    def report(self, inputs: Mapping[str, str] | None = None) -> Step:
        """The job that writes."""
        return self.step("report", "workflow_dispatch", inputs or {}, WRITE, {})

    def step(
        self, mode: str, event: str, inputs: Mapping[str, str], rights: tuple[str, ...], env: Mapping[str, str]
    ) -> Step:
        """Run one mode of `evalmark ci`."""
        self._steps += 1
        folder = self.folder / f"step-{self._steps}"
        folder.mkdir()
        body = {"pull_request": {"number": self.number, "head": {"sha": self.head}}}
        (folder / "event.json").write_text(json.dumps(body))
        by_hand = {"pull-request": str(self.number), "head-sha": self.head} if event == "workflow_dispatch" else {}
        given = {"model": "openai-api/local/adder", "accept-served-model": "true", **by_hand, **inputs}
        runner = {
            "GITHUB_API_URL": self.github.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_RUN_ID": str(self.run_id),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_TOKEN": self.github.token(*rights),
            "RUNNER_TEMP": str(folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "HF_ENDPOINT": self.hub,
            "EVALMARK_INPUT_REPORT_PATH": str(self.handed),
        }
        variables = {f"EVALMARK_INPUT_{name.upper().replace('-', '_')}": value for name, value in given.items()}
        log = io.StringIO()
        with (
            _environment({**runner, **variables, **env}),
            contextlib.redirect_stdout(log),
            contextlib.redirect_stderr(log),
        ):
            code = run_mode(mode)
        output = folder / "output"
        return Step(code.value, log.getvalue(), output.read_text() if output.exists() else "")

    @property
    def said(self) -> list[tuple[str, str]]:
        """Author and body of each comment on the pull request."""
        return [(comment.author, comment.body) for comment in self.repo.comments(self.number)]

    @property
    def own(self) -> str:
        """Everything that the action says there under its own name."""
        return "\n".join(body for author, body in self.said if author == BOT)


@contextlib.contextmanager
def scene(folder: Path, eval_yaml: str | None = None) -> Iterator[Scene]:
    """A GitHub; and a Hub if a benchmark is given, whose samples are eight sums."""
    with contextlib.ExitStack() as stack:
        github = stack.enter_context(FakeGitHub())
        if eval_yaml is None:
            yield Scene(folder, github, NOWHERE)
            return
        data = folder / "benchmark" / "data"
        data.mkdir(parents=True)
        rows = ({"question": f"{number} + {number}?", "answer": str(2 * number)} for number in range(SAMPLES))
        (data / "test.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        (data.parent / "eval.yaml").write_text(eval_yaml)
        (data.parent / ".evalmark.toml").write_text('unit = "percent"\ntolerance = 0.02\nnoise = 0.0\n')
        hub = stack.enter_context(LocalHub({RepoId("datasets", BENCHMARK): data.parent}))
        yield Scene(folder, github, hub.url)


def eval_yaml_with(line: str) -> str:
    """The benchmark of sums with one more solver."""
    return EVAL_YAML.replace("    solvers:\n", f"    solvers:\n      - {line}\n")


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(KEPT):
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


class Listener:
    """A server of the attacker's. `heard` has the headers of each request, by lower-case names."""

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.heard.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"[]")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextlib.contextmanager
    def listening(self) -> Iterator["Listener"]:
        """Listen while the context is open."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
