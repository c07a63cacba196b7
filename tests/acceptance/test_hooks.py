"""The hooks as adopters get them: the real pre-commit and prek, installed from this repo, and git's own hooks."""

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
GOOD = "- dataset: {id: acme/sums, task_id: sums}\n  value: 57.0\n"
BAD = GOOD.replace("57.0", "'57%'")
GOOD_BENCHMARK = "name: S\ndescription: s\nevaluation_framework: swe-bench\ntasks: [{id: s}]\n"
BAD_BENCHMARK = GOOD_BENCHMARK.replace("tasks: [{id: s}]", "tasks: []")
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
KITS = {
    "model-repo": (".eval_results/a.yaml", GOOD, BAD, "value-not-a-number"),
    "benchmark": ("eval.yaml", GOOD_BENCHMARK, BAD_BENCHMARK, "tasks-missing"),
}


def git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Git with a person and without anybody's settings; the hooks find `evalmark` beside this Python."""
    names = {f"GIT_{role}_{what}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **names, "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": f"{SCRIPTS}:{os.environ['PATH']}"}
    return subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=check)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


@pytest.mark.parametrize(
    ("hook", "path", "taken"),
    [
        ("check-eval-results", ".eval_results/hle.yaml", True),
        ("check-eval-results", ".eval_results/nested/hle.yml", True),
        ("check-eval-results", "docs/.eval_results/hle.yaml", False),
        ("check-eval-results", ".eval_results/notes.md", False),
        ("check-eval-results", "eval.yaml", False),
        ("fix-eval-results", ".eval_results/hle.yaml", True),
        ("check-eval-yaml", "eval.yaml", True),
        ("check-eval-yaml", ".evalmark.toml", True),
        ("check-eval-yaml", "docs/eval.yaml", False),
        ("check-eval-yaml", "my-eval.yaml", False),
    ],
)
def test_hook__takes_its_files_and_no_others(hook: str, path: str, taken: bool) -> None:
    assert bool(re.search(HOOKS[hook]["files"], path)) is taken


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["pre-commit", "prek"])
@pytest.mark.parametrize("kit", sorted(KITS))
def test_framework__refuses_a_bad_file_and_lets_a_good_one_pass(
    repo: Path, tmp_path: Path, tool: str, kit: str
) -> None:
    name, good, bad, rule = KITS[kit]
    config = (ROOT / f"hooks/{kit}.pre-commit-config.yaml").read_text()
    head = git(ROOT, "rev-parse", "HEAD").stdout.strip()
    config = re.sub(r"repo: \S+", f"repo: {ROOT}", config)
    (repo / ".pre-commit-config.yaml").write_text(re.sub(r"rev: \S+", f"rev: {head}", config))
    os_environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "pc"), "PREK_HOME": str(tmp_path / "prek")}

    def run(text: str) -> subprocess.CompletedProcess[str]:
        (repo / name).parent.mkdir(exist_ok=True)
        (repo / name).write_text(text)
        git(repo, "add", "-A")
        command = [str(SCRIPTS / tool), "run", "--all-files"]
        return subprocess.run(command, cwd=repo, env=os_environment, capture_output=True, text=True, check=False)

    refused, passed = run(bad), run(good)

    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert rule in refused.stdout
    assert passed.returncode == 0, passed.stdout + passed.stderr


def test_native_pre_commit__checks_what_is_in_the_index(repo: Path) -> None:
    shutil.copy(ROOT / "hooks/pre-commit", repo / ".git/hooks/pre-commit")
    results = repo / ".eval_results"
    results.mkdir()
    (results / "a.yaml").write_text(BAD)
    git(repo, "add", "-A")
    (results / "a.yaml").write_text(GOOD)

    refused = git(repo, "commit", "-qm", "bad", check=False)
    git(repo, "add", "-A")
    passed = git(repo, "commit", "-qm", "good", check=False)

    assert refused.returncode == 1
    assert "value-not-a-number" in refused.stdout + refused.stderr
    assert passed.returncode == 0, passed.stderr


def test_native_pre_commit__has_nothing_to_say_of_other_files(repo: Path) -> None:
    shutil.copy(ROOT / "hooks/pre-commit", repo / ".git/hooks/pre-commit")
    (repo / "README.md").write_text("hello")
    git(repo, "add", "-A")

    assert git(repo, "commit", "-qm", "readme", check=False).returncode == 0


def test_native_pre_push__checks_what_is_pushed(repo: Path, tmp_path: Path) -> None:
    shutil.copy(ROOT / "hooks/pre-push", repo / ".git/hooks/pre-push")
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(repo, "remote", "add", "origin", str(tmp_path / "remote.git"))
    (repo / ".eval_results").mkdir()

    def push(text: str) -> subprocess.CompletedProcess[str]:
        (repo / ".eval_results/a.yaml").write_text(text)
        git(repo, "add", "-A")
        git(repo, "commit", "-qm", "scores")
        return git(repo, "push", "-q", "origin", "main", check=False)

    refused, passed = push(BAD), push(GOOD)

    assert refused.returncode != 0
    assert "value-not-a-number" in refused.stdout + refused.stderr
    assert passed.returncode == 0, passed.stderr
