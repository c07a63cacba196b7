"""A model repo, a benchmark and a provider, small enough for a rerun of a few seconds; and the installed command."""

import json
import os
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.provider import Answer, Provider

if TYPE_CHECKING:
    from tests.acceptance.author_world import AuthorWorld

COMMAND = str(Path(sysconfig.get_path("scripts")) / "evalmark")
EVAL_YAML = """\
name: Sums
description: Adds two numbers.
evaluation_framework: inspect-ai
tasks:
  - id: sums
    field_spec: {input: question, target: answer}
    solvers:
      - {name: generate, args: {temperature: 0, max_tokens: 8}}
    scorers:
      - {name: match, args: {location: exact}}
"""
SAMPLES = 8


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Standard output as JSON."""
        body: dict[str, Any] = json.loads(self.out)
        return body


@dataclass(frozen=True)
class World:
    """Folders for one test, and the command run in them with a home of its own."""

    folder: Path
    cache: Path

    @property
    def model(self) -> Path:
        return self.folder / "model"

    @property
    def benchmark(self) -> Path:
        return self.folder / "benchmark"

    @property
    def out(self) -> Path:
        return self.folder / "report"

    def ask(self, samples: int) -> None:
        """Give the benchmark so many sums."""
        rows = [{"question": f"{number} + {number}?", "answer": str(2 * number)} for number in range(samples)]
        lines = "".join(f"{json.dumps(row)}\n" for row in rows)
        (self.benchmark / "data" / "test.jsonl").write_text(lines)

    def claims(self, name: str, text: str) -> None:
        """Write a results file of the model repo."""
        path = self.model / ".eval_results" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def claim(self, value: str, name: str = "sums.yaml", task: str = "sums", more: str = "") -> None:
        """One entry in a file of its own."""
        self.claims(name, f"- dataset:\n    id: acme/sums\n    task_id: {task}\n  value: {value}\n{more}")

    def environment(self, **more: str) -> dict[str, str]:
        """The surroundings of the command: nothing of the developer's but the path."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        base = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_CACHE_HOME": str(self.cache)}
        return base | {"HF_ENDPOINT": "http://127.0.0.1:9", "LOCAL_API_KEY": "the-models-own-key"} | more

    def start(self, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
        """Start the installed command."""
        return subprocess.Popen(
            [COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> Ran:
        """Run the installed command to its end."""
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out, err)

    def verify_arguments(self, provider: Provider, *more: str) -> list[str]:
        """`verify` of the model folder with the provider's model."""
        return [
            *("verify", "model", "--repo=acme/adder", "--benchmark=acme/sums=benchmark", "--out=report"),
            *("--model=openai-api/local/adder", f"--model-base-url={provider.url}", "--accept-served-model"),
            *more,
        ]

    def verify(self, provider: Provider, *more: str, **environment: str) -> Ran:
        """Run `verify` to its end."""
        return self.run(*self.verify_arguments(provider, *more), **environment)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Downloads are kept by commit, so tests may share them."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def world(tmp_path: Path, shared_cache: Path) -> World:
    """A benchmark of eight sums; no claims yet."""
    made = World(tmp_path, shared_cache)
    furnish(made)
    return made


def furnish(made: World) -> None:
    """Put a model repo without claims and a benchmark of eight sums into its folders."""
    (made.model / ".eval_results").mkdir(parents=True)
    (made.benchmark / "data").mkdir(parents=True)
    (made.benchmark / "eval.yaml").write_text(EVAL_YAML)
    made.ask(SAMPLES)
    (made.benchmark / ".evalmark.toml").write_text('unit = "percent"\ntolerance = 0.02\nnoise = 0.0\n')


def adder(wrong: frozenset[int] = frozenset()) -> Answer:
    """Answers every sum, the `wrong` ones wrongly."""

    def answer(question: str) -> str:
        number = int(question.split(maxsplit=1)[0])
        return str(2 * number + (1 if number in wrong else 0))

    return answer


@pytest.fixture
def provide() -> Iterator[Callable[[Answer], Provider]]:
    """Start a provider that answers by a function."""
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(Provider(answer).running())


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real Inspect logs of a real evaluation, and their benchmark."""
    from tests.acceptance.author_world import record_logs

    return record_logs(tmp_path_factory.mktemp("recorded"))


@pytest.fixture
def author(tmp_path: Path, shared_cache: Path, recorded: Path) -> "Iterator[AuthorWorld]":
    """An author's desk before a Hub."""
    from tests.acceptance.author_world import authors_hub

    with authors_hub(tmp_path, shared_cache, recorded) as made:
        yield made


# A test that starts the whole command, a Hub or a rerun takes seconds: the quick suite has those of these files only.
QUICK = frozenset({"test_check", "test_judge"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the others as slow."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.stem not in QUICK:
            item.add_marker(pytest.mark.slow)
