"""Repos with scores in git, and what a store says of them."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalmark.adapters.duck import DuckRecords
from evalmark.record import ClaimRecord, EventRecord
from tests.acceptance.conftest import Ran, World
from tests.builders import entry_text

RESULTS = ".eval_results/sums.yaml"


@dataclass
class GitRepo:
    """A repository in a folder; every commit is a minute after the last."""

    folder: Path
    minutes: int = 0

    def git(self, *arguments: str, by: str = "ada") -> str:
        """Run git as somebody."""
        at = f"2026-01-01T{self.minutes // 60:02}:{self.minutes % 60:02}:00Z"
        who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in (
            ("NAME", by), ("EMAIL", f"{by}@example.org"), ("DATE", at))}  # fmt: skip
        home = {"HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments], env=home | who, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    @classmethod
    def made(cls, folder: Path) -> "GitRepo":
        """An empty one."""
        folder.mkdir(parents=True, exist_ok=True)
        repo = cls(folder)
        repo.git("init", "-q", "-b", "main")
        return repo

    def commit(self, files: Mapping[str, str | bytes | None], by: str = "ada") -> str:
        """Commit files (None removes one); the commit."""
        self.minutes += 1
        for path, content in files.items():
            target = self.folder / path
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.git("add", "-A", by=by)
        self.git("commit", "-q", "--allow-empty", "-m", "a change", by=by)
        return self.git("rev-parse", "HEAD")

    def score(self, value: str, by: str = "ada", path: str = RESULTS, more: str = "") -> str:
        """Commit one score."""
        return self.commit({path: entry_text(value, more=more)}, by)

    def propose(self, ref: str, files: Mapping[str, str | bytes | None], by: str = "bob", onto: str = "main") -> str:
        """A commit that only `ref` has."""
        self.git("checkout", "-q", "--detach", onto)
        head = self.commit(files, by)
        self.git("update-ref", ref, head)
        self.git("checkout", "-q", "main")
        return head


def claims(world: World) -> list[tuple[str, str, str, int | None]]:
    """(model, score, state, pull request) of all claims in the store."""
    found = DuckRecords(world.folder / "evalmark.duckdb").find(ClaimRecord, (), ("model", "pull_request", "digits"))
    return [(each.model, each.digits, each.state, each.pull_request) for each in found]


def events(world: World) -> list[tuple[str, str | None, str | None, str, int | None]]:
    """(kind, old, new, who, pull request) of all events in the store."""
    found = DuckRecords(world.folder / "evalmark.duckdb").find(EventRecord, (), ("at", "kind"))
    return [(each.kind, each.old, each.new, each.by, each.pull_request) for each in found]


def as_json(ran: Ran) -> Any:
    """What a command printed."""
    assert ran.code == 0, ran.err
    return json.loads(ran.out)
