"""Rows 18, 22 and 23: the action's own script, and what it installs."""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.action.definition import PINNED, texts_of
from tests.action.expressions import EXPRESSION
from tests.action.python_stub import PythonStub
from tests.action.workflows import FOLDER, ROOT
from tests.attacks.attack import Attack, Disable, all_of, instead

INJECTED = '$(touch pwned)";touch pwned;echo "`touch pwned`'


def action() -> str:
    """The action as it is written."""
    return (ROOT / "action.yml").read_text("utf-8")


def workflows() -> tuple[str, ...]:
    """The workflows that are copied for pull requests on GitHub: those that use the action."""
    texts = (path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml")))
    return tuple(text for text in texts if "uses: evalmark/evalmark@" in text)


def requirements() -> str:
    """What the action installs for itself."""
    names = ("installer.txt", "action.txt", "action-rerun.txt")
    return "".join((ROOT / "requirements" / name).read_text("utf-8") for name in names)


def in_action(before: str, after: str) -> Disable:
    """The action with one change."""

    def disable(patch: pytest.MonkeyPatch) -> None:
        text = _changed(action(), before, after)
        patch.setattr("tests.attacks.supply.action", lambda: text)

    return disable


def in_workflows(before: str, after: str) -> Disable:
    """The workflows with one change in each."""

    def disable(patch: pytest.MonkeyPatch) -> None:
        texts = tuple(_changed(text, before, after) for text in workflows())
        patch.setattr("tests.attacks.supply.workflows", lambda: texts)

    return disable


def _changed(text: str, before: str, after: str) -> str:
    assert before in text
    return text.replace(before, after)


def steps() -> list[dict[str, Any]]:
    """All steps of the action and of the workflows."""
    jobs = [job for text in workflows() for job in yaml.safe_load(text)["jobs"].values()]
    return [*yaml.safe_load(action())["runs"]["steps"], *(step for job in jobs for step in job["steps"])]


# ── 18: an expression in a script ───────────────────────────────────────────────────────────


def runs_an_input(folder: Path) -> bool:
    """Every input is a command; and GitHub fills expressions in before the shell reads the script."""
    python = PythonStub(folder / "stub").stub()({"update-environment": "false"})["python-path"]
    workspace = folder / "temp"
    workspace.mkdir()
    known = {"runner.temp": str(workspace), "steps.python.outputs.python-path": python}

    def filled(text: str) -> str:
        return EXPRESSION.sub(lambda match: known.get(match[1], INJECTED), text)

    for step in yaml.safe_load(action())["runs"]["steps"]:
        if "run" in step:
            variables = {name: filled(text) for name, text in texts_of(step["env"]).items()}
            fixed = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(workspace), "GITHUB_ACTION_PATH": str(ROOT)}
            subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", filled(step["run"])],
                cwd=workspace,
                env={**variables, **fixed},
                capture_output=True,
                timeout=60,
                check=False,
            )
    return any(folder.rglob("pwned"))


# ── 22: caches ──────────────────────────────────────────────────────────────────────────────


def installs_from_a_cache(_folder: Path) -> bool:
    """A job of a pull request fills a cache, from which the job with the key installs."""
    used = [step for step in steps() if "uses" in step]
    return any("/cache" in step["uses"] or "cache" in step.get("with", {}) for step in used)


def finds_what_pip_kept(_folder: Path) -> bool:
    """The same on a runner that keeps its home between jobs: packages that an earlier job has put there."""
    variables = yaml.safe_load(action())["runs"]["steps"][1]["env"]
    own = variables.get("UV_CACHE_DIR", "").startswith("${{ runner.temp }}/")
    return not own or variables.get("PIP_NO_CACHE_DIR") != "1"


# ── 23: what is used and installed ──────────────────────────────────────────────────────────


def uses_what_can_be_moved(_folder: Path) -> bool:
    """A tag of an action is moved to other code."""
    return not all(PINNED.fullmatch(step["uses"]) for step in steps() if "uses" in step)


def installs_without_a_hash(_folder: Path) -> bool:
    """A requirement that any file of the right name meets."""
    lines = requirements().replace("\\\n", " ").splitlines()
    return not all("--hash=sha256:" in line for line in lines if line and not line.lstrip().startswith("#"))


def builds_from_source(_folder: Path) -> bool:
    """A package that is built runs its own code, with whatever it fetches for that."""
    installs = [line for line in action().splitlines() if "pip install" in line and '-r "$locked"' in line]
    return not installs or any("--no-build" not in line for line in installs)


def lock_of(digest: str) -> str:
    """A locked requirement."""
    return f"evil==1.0 --hash=sha256:{digest}\n"


def flags() -> list[str]:
    """How pip is told to install the action's first package."""
    (line,) = (line for line in action().splitlines() if "installer.txt" in line)
    return [word for word in line.split() if word == "--require-hashes"]


def installs_another_wheel(folder: Path) -> bool:
    """The registry hands out another file under the locked name: pip itself, without a network."""
    wheel = _wheel(folder / "shop")
    (folder / "locked.txt").write_text(lock_of(hashlib.sha256(b"the good one").hexdigest()))
    command = [sys.executable, "-I", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-cache-dir"]
    where = ["--find-links", str(wheel.parent), "--target", str(folder / "site"), "-r", str(folder / "locked.txt")]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "PIP_CONFIG_FILE": os.devnull}
    subprocess.run([*command, *flags(), *where], env=env, capture_output=True, timeout=120, check=False)
    return (folder / "site" / "evil.py").exists()


def _wheel(folder: Path) -> Path:
    folder.mkdir()
    info = "evil-1.0.dist-info"
    files = {
        "evil.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: mallory\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={_digest(text)},{len(text)}\n" for name, text in files.items())
    path = folder / "evil-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            wheel.writestr(name, text)
    return path


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


NO_FLAG = in_action('--require-hashes -r "$GITHUB_ACTION_PATH/requirements/installer.txt"', "-r installer.txt")
NO_HASH = instead("tests.attacks.supply.lock_of", lambda _digest: "evil==1.0\n")
CACHE_STEP = f"    steps:\n      - uses: actions/cache@{'e' * 40}\n        with: {{path: ~/.cache, key: any}}\n"

ATTACKS = [
    Attack(
        18,
        "input that is a command",
        runs_an_input,
        in_action('        case "$MODE', '        echo "${{ inputs.model }}"\n        case "$MODE'),
    ),
    Attack(22, "cache of the interpreter", installs_from_a_cache, in_action("update-environment: false", "cache: pip")),
    Attack(22, "cache of a workflow", installs_from_a_cache, in_workflows("    steps:\n", CACHE_STEP)),
    Attack(22, "cache of pip", finds_what_pip_kept, in_action('PIP_NO_CACHE_DIR: "1"', 'PIP_NO_INPUT: "1"')),
    Attack(22, "cache of uv", finds_what_pip_kept, in_action("UV_CACHE_DIR:", "UV_OTHER_DIR:")),
    Attack(
        23,
        "tag in the action",
        uses_what_can_be_moved,
        in_action("uses: actions/setup-python@", "uses: actions/setup-python@v6 # "),
    ),
    Attack(
        23,
        "tag in a workflow",
        uses_what_can_be_moved,
        in_workflows("uses: evalmark/evalmark@", "uses: evalmark/evalmark@v1 # "),
    ),
    Attack(
        23,
        "requirement without a hash",
        installs_without_a_hash,
        instead("tests.attacks.supply.requirements", lambda: "evil==1.0\n"),
    ),
    Attack(23, "package that is built", builds_from_source, in_action(" --no-build -r", " -r")),
    Attack(23, "another wheel", installs_another_wheel, all_of(NO_FLAG, NO_HASH), layers=(NO_FLAG, NO_HASH)),
]
