"""Repos for the local Hub, made on the spot, and a way to run a script against it as a user would."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evalmark.localhub import RepoId
from evalmark.localhub.community import Community
from evalmark.localhub.repositories import Repositories
from evalmark.localhub.state import HubState

EVAL_YAML = """\
name: Tiny
description: Two questions.
evaluation_framework: inspect-ai
tasks:
  - id: tiny
    config: default
    split: test
    field_spec:
      input: question
      target: answer
    solvers:
      - name: generate
    scorers:
      - name: {scorer}
"""
STRICT = "match\n        args:\n          location: exact"
README = """\
---
configs:
  - config_name: default
    data_files:
      - split: test
        path: data/test.jsonl
---
# Tiny
"""
ROWS = [{"question": "2+2?", "answer": "4"}, {"question": "3+3?", "answer": "6"}]

# Git must not see the developer's configuration, nor a GIT_DIR of the hook that runs the tests.
_GIT_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+01:00",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05+01:00",
}


@dataclass(frozen=True)
class BenchShas:
    """The commits of the benchmark repo: of the tag `v1`, of `main`, of the branch `dev` and of `refs/pr/1`."""

    v1: str
    main: str
    dev: str
    pr: str


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`; what it prints, without the last line break."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=_GIT_ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files below `folder`, with the folders that they need."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def commit(folder: Path, message: str, files: dict[str, str]) -> str:
    """Write `files`, commit all there is; the new sha."""
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def init(folder: Path, branch: str = "main") -> Path:
    """A new, empty git repository."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", f"--initial-branch={branch}")
    return folder


def make_bench(folder: Path) -> BenchShas:
    """A benchmark repo with two commits, a tag, a second branch, and a pull request that makes its scorer strict."""
    init(folder)
    rows = "".join(json.dumps(row) + "\n" for row in ROWS)
    v1 = commit(folder, "First\n\nThe body.", {"eval.yaml": EVAL_YAML.format(scorer="includes")})
    git(folder, "tag", "--annotate", "--message", "one", "v1")
    main = commit(folder, "Add the data", {"README.md": README, "data/test.jsonl": rows, "data/deep/note.txt": "x\n"})
    git(folder, "checkout", "--quiet", "-b", "dev")
    dev = commit(folder, "Try", {"dev.txt": "dev\n"})
    git(folder, "checkout", "--quiet", "--detach", main)
    pr = commit(folder, "Be strict", {"eval.yaml": EVAL_YAML.format(scorer=STRICT)})
    git(folder, "update-ref", "refs/pr/1", pr)
    git(folder, "checkout", "--quiet", "main")
    return BenchShas(v1=v1, main=main, dev=dev, pr=pr)


@contextmanager
def opened_state(sources: Mapping[RepoId, Path], folder: Path) -> Iterator[HubState]:
    """The state of a Hub that no server belongs to."""
    repositories = Repositories(folder / "repos")
    repositories.open(sources, folder)
    yield HubState(folder, repositories, Community(folder / "discussions"))
    repositories.close()


def lfs_pointer(data: bytes) -> str:
    """The pointer file that Git LFS commits in the place of `data`."""
    digest = hashlib.sha256(data).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(data)}\n"


def run_client(script: str, url: str, home: Path, *arguments: str) -> object:
    """Run a script in a fresh home and an empty folder, as a user with HF_ENDPOINT set; the JSON of its last line."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "work").mkdir(parents=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": url,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=home / "work",
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
