"""Hooks and workflows in a folder, as texts."""

from itertools import islice
from pathlib import Path
from typing import Final

from evalmark.adapters.tree.model import git_says
from evalmark.adapters.tree.reading import read_regular
from evalmark.authoring.setup import HOOKS, Setup

MOST_WORKFLOWS: Final = 100


def read_setup(root: Path) -> Setup:
    """What is set up in a repo. Links are not followed. Raises what `read_regular` raises."""
    in_git = (root / ".git").exists()
    folder = git_says(root, "rev-parse", "--git-path", "hooks") if in_git else ""
    hook = (root / folder / "pre-commit") if folder else None
    runs = hook is not None and hook.is_file() and hook.stat().st_mode & 0o111
    workflows = sorted((root / ".github" / "workflows").glob("*.y*ml"))
    return Setup(
        hooks=_text(root / HOOKS),
        hook_runs=_text(hook) if hook is not None and runs else None,
        in_git=in_git,
        workflows={path.name: _text(path) or "" for path in islice(workflows, MOST_WORKFLOWS)},
    )


def _text(path: Path) -> str | None:
    if path.is_symlink() or not path.is_file():
        return None
    return read_regular(path).decode("utf-8", "replace")
