"""A model repo on a Hub of this machine, as a git repository with pull requests, and the command before it."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from evalmark.localhub import LocalHub, RepoId, Users
from tests.acceptance.conftest import Ran, World
from tests.provider import Provider

MODEL, BENCHMARK = "acme/adder", "acme/sums"
RESULTS = ".eval_results/sums.yaml"


@contextmanager
def hub_of(world: World, provider: Provider, users: Users | None = None) -> Iterator["HubWorld"]:
    """A model that claims nothing yet, and the benchmark, on a Hub."""
    made = HubWorld(world, LocalHub({}), provider)
    made.git("init", "-q", "-b", "main")
    (world.model / "README.md").write_text("an adder")
    made.commit({})
    sources = {RepoId("models", MODEL): world.model, RepoId("datasets", BENCHMARK): world.benchmark}
    with LocalHub(sources, users=users) as made.hub:
        yield made


@dataclass
class HubWorld:
    """`commit` writes to main, `propose` to a pull request; then `run` the command."""

    world: World
    hub: LocalHub
    provider: Provider

    def git(self, *arguments: str) -> str:
        """Run git in the model repo."""
        home = {"HOME": str(self.world.folder), "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        who = {
            "GIT_AUTHOR_NAME": "ada",
            "GIT_AUTHOR_EMAIL": "a@b",
            "GIT_COMMITTER_NAME": "ada",
            "GIT_COMMITTER_EMAIL": "a@b",
        }
        done = subprocess.run(
            ["git", "-C", str(self.world.model), *arguments], env=home | who, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str | None], message: str = "a change") -> str:
        """Commit files; None removes one. The commit's sha."""
        for path, text in files.items():
            target = self.world.model / path
            if text is None:
                target.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def propose(self, files: Mapping[str, str | None], number: int = 1) -> str:
        """Open or go on with a pull request; the new head's sha."""
        known = self.git("for-each-ref", "--format=%(refname)", f"refs/pr/{number}")
        self.git("checkout", "-q", "--detach", known or "main")
        head = self.commit(files, "Add a score")
        self.git("update-ref", f"refs/pr/{number}", head)
        self.git("checkout", "-q", "main")
        return head

    def served(self) -> tuple[str, ...]:
        """Options that name the model that is run."""
        return ("--model=openai-api/local/adder", f"--model-base-url={self.provider.url}", "--accept-served-model")

    def run(self, *arguments: str, **environment: str) -> Ran:
        """Run the command against this Hub."""
        return self.world.run(*arguments, **{"HF_ENDPOINT": self.hub.url, "HF_TOKEN": "hf_owner", **environment})

    def verify(self, target: str, *more: str, **environment: str) -> Ran:
        """Verify a target with the served model."""
        return self.run("verify", target, *self.served(), "--out=report", *more, **environment)
