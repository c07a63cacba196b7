"""A model repo or benchmark repo in a local folder."""

import re
import subprocess
from pathlib import Path, PurePosixPath

from evalmark.adapters.tree.reading import read_regular
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.errors import UsageProblem

MAX_FILES = 100
# The last two parts of a repo's address, whatever stands before them: a token in it goes no further.
ADDRESS = re.compile(r"[/:]([A-Za-z0-9][\w.-]*)/([A-Za-z0-9][\w.-]*?)(?:\.git)?/?$", re.ASCII)


def results_files(root: Path) -> dict[str, bytes]:
    """The files `.eval_results/*.yaml` below a model repo's root, by path inside the repo, in order of name.

    Links are refused: a file could otherwise bring what lies outside the repo. One byte more than the parser's limit
    is read, so that it can tell a file that is too large. Raises `UsageProblem`, `CouldNotFinish`.
    """
    folder = _folder(root)
    results = folder / RESULTS_FOLDER
    if results.is_symlink() or not results.is_dir():
        raise UsageProblem(
            f"{root} has no folder {RESULTS_FOLDER}, so it reports no scores",
            f"give the root of a model repo; its scores stand in {RESULTS_FOLDER}/<benchmark>.yaml",
        )
    files = sorted(path for path in results.iterdir() if path.suffix == ".yaml")
    if not files:
        raise UsageProblem(
            f"{results} holds no .yaml file, so there is no score to check",
            "write one entry a score: dataset.id, dataset.task_id and value",
        )
    if len(files) > MAX_FILES:
        raise UsageProblem(f"{results} holds over {MAX_FILES} files", "put the scores of one benchmark into one file")
    return {str(PurePosixPath(RESULTS_FOLDER, path.name)): read_regular(path) for path in files}


def _folder(root: Path) -> Path:
    if not root.is_dir():
        raise UsageProblem(f"there is no folder {root}", "give the root of a model repo on this machine")
    return root


def repo_name_of(root: Path) -> str:
    """`owner/name` of a model repo in a folder: from its git remote `origin`, else `local/<folder>`."""
    if remote := remote_name_of(root):
        return remote
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", root.resolve().name).strip("-.") or "model"
    return f"local/{name}"


def remote_name_of(root: Path) -> str | None:
    """`owner/name` from the git remote `origin` of the folder, or None."""
    match = ADDRESS.search(git_says(root, "remote", "get-url", "origin"))
    return f"{match[1]}/{match[2]}" if match else None


def own_commits(root: Path) -> frozenset[str]:
    """The newest commits that the folder's checked-out branch holds, at most a hundred."""
    return frozenset(git_says(root, "rev-list", "--max-count=100", "HEAD").split())


def git_says(root: Path, *arguments: str) -> str:
    """What git says about the repo whose root the folder is; nothing if it is none."""
    if not (root / ".git").exists():
        return ""
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *arguments],  # noqa: S607 - git is found on the PATH
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip()
