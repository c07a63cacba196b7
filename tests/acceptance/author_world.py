"""An author's desk: a finished evaluation with its real Inspect log, a benchmark and a model on a Hub."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import HfApi

from evalmark.localhub import LocalHub, Person, RepoId, Token, Users
from tests.acceptance.conftest import EVAL_YAML, Ran, World, furnish
from tests.contract.inspect_logs import run_claimant

MODEL, BENCHMARK = "acme/adder", "acme/sums"
RESULTS = ".eval_results/sums.yaml"
SAMPLES = 100
SCORE = "12.0"
"""Of a hundred sums the logged model knows the first twelve."""
USERS = Users(tokens={f"hf_{name}": Token(Person(name)) for name in ("ada", "eve", "acme")})


def record_logs(folder: Path) -> Path:
    """Evaluate for real, wholly and in part; the folder that holds the benchmark and both logs."""
    world = World(folder, folder / "cache")
    furnish(world)
    world.ask(SAMPLES)
    (world.benchmark / "eval.yaml").write_text(EVAL_YAML.replace("location: exact", "location: end"))
    with LocalHub({RepoId("datasets", BENCHMARK): world.benchmark}) as hub:
        task = f"hf/{BENCHMARK}/sums@{hub.sha(RepoId('datasets', BENCHMARK))}"
        settings: list[dict[str, object]] = [{"temperature": 0}, {"temperature": 0, "limit": 20}]
        runs = [(task, str(folder / name), how) for name, how in zip(("whole", "part"), settings, strict=True)]
        run_claimant(hub.url, folder / "home", runs)
    return folder


@dataclass
class AuthorWorld:
    """The command in the folder of the author, before a Hub."""

    world: World
    hub: LocalHub

    @property
    def folder(self) -> Path:
        return self.world.folder

    @property
    def mine(self) -> Path:
        """The author's folder of the model."""
        return self.folder / "mine"

    def environment(self, who: str = "ada") -> dict[str, str]:
        return self.world.environment(HF_ENDPOINT=self.hub.url, HF_TOKEN=f"hf_{who}" if who else "")

    def run(self, *arguments: str, who: str = "ada") -> Ran:
        return self.world.run(*arguments, HF_ENDPOINT=self.hub.url, HF_TOKEN=f"hf_{who}" if who else "")

    def add(self, *more: str) -> Ran:
        """`add` of the whole log to the author's folder."""
        return self.run("add", "whole", "--model-repo=mine", f"--repo={MODEL}", "--same-model", *more)

    def submit(self, *more: str, who: str = "ada") -> Ran:
        return self.run("submit", "mine", f"--repo={MODEL}", *more, who=who)

    def api(self, who: str = "ada") -> HfApi:
        return HfApi(endpoint=self.hub.url, token=f"hf_{who}")

    def entry(self, path: str = RESULTS) -> str:
        return (self.mine / path).read_text()

    def write(self, value: str, more: str = "", path: str = RESULTS) -> None:
        """One entry in the author's folder."""
        target = self.mine / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"- dataset:\n    id: {BENCHMARK}\n    task_id: sums\n  value: {value}\n{more}")

    def pull_requests(self) -> list[tuple[int, str, str]]:
        """(number, status, author), oldest first."""
        return [(each.num, str(each.status), each.author) for each in self.api().get_repo_discussions(MODEL)][::-1]

    def content(self, number: int, path: str = RESULTS) -> str:
        file = self.api().hf_hub_download(MODEL, path, revision=f"refs/pr/{number}", cache_dir=self.world.cache)
        return Path(file).read_text()

    def merge(self, number: int) -> None:
        self.api("acme").merge_pull_request(MODEL, number)


@contextmanager
def authors_hub(folder: Path, cache: Path, recorded: Path) -> Iterator[AuthorWorld]:
    """A Hub with an empty model and the benchmark of the logs, and a folder of the author's."""
    for name in ("benchmark", "whole", "part"):
        shutil.copytree(recorded / name, folder / name)
    (folder / "model").mkdir()
    (folder / "model" / "README.md").write_text("an adder")
    (folder / "mine").mkdir()
    repos = {RepoId("models", MODEL): folder / "model", RepoId("datasets", BENCHMARK): folder / "benchmark"}
    with LocalHub(repos, users=USERS) as hub:
        yield AuthorWorld(World(folder, cache), hub)
