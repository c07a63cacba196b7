"""What is set up around a repo, hooks and workflows: from the texts of files to lines with fixes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from evalmark.authoring.readiness import Line
from evalmark.authoring.workflow import has_examples

HOOKS: Final = ".pre-commit-config.yaml"
VALIDATE: Final = "evalmark-validate.yml"
_OURS: Final = re.compile(
    r"^\s*(?:-\s+)?(?:uses|repo):\s*[\"']?(?:https://github\.com/)?evalmark/evalmark\b", re.MULTILINE
)
_USES: Final = re.compile(r"^\s*(?:-\s+)?uses:\s*[\"']?evalmark/evalmark@(\S+?)[\"']?(?:\s|$)", re.MULTILINE)
_REV: Final = re.compile(r"evalmark/evalmark[\"']?\s*\n\s*rev:\s*[\"']?v?([0-9][\w.]*)")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Setup:
    """Texts, None where there is no such file. `hook_runs`: what git would run at a commit; None outside of git."""

    hooks: str | None = None
    hook_runs: str | None = None
    in_git: bool = False
    workflows: Mapping[str, str] = field(default_factory=dict)


def setup_lines(setup: Setup, version: str, *, is_model: bool) -> Iterator[Line]:
    """Hooks, and for a model repo workflows."""
    yield from _hook(setup, version, is_model=is_model)
    if is_model:
        yield from _workflows(setup.workflows)


def _hook(setup: Setup, version: str, *, is_model: bool) -> Iterator[Line]:
    hook = "check-eval-results" if is_model else "check-eval-yaml"
    write = "evalmark init model" if is_model else "evalmark init benchmark writes one"
    own = setup.hook_runs is not None and "evalmark check" in setup.hook_runs
    if own:
        yield Line("ok", "hook", "git's own hook runs evalmark check at each commit")
    elif setup.hooks is None or hook not in setup.hooks:
        yield Line("note", "hook", f"no commit is checked: {HOOKS} has no {hook}", write)
    else:
        yield from _of_pre_commit(setup, version)


def _of_pre_commit(setup: Setup, version: str) -> Iterator[Line]:
    pinned = _REV.search(setup.hooks or "")
    if pinned is not None and pinned[1] != version:
        yield Line("note", "hook", f"{HOOKS} pins evalmark {pinned[1]}, and this is {version}", "pre-commit autoupdate")
    if not setup.in_git:
        yield Line("note", "hook", "the folder is no git repository, so no hook runs", "git init && pre-commit install")
    elif setup.hook_runs is None or "pre-commit" not in setup.hook_runs:
        yield Line("fix", "hook", f"{HOOKS} is there, but git runs no hook", "pre-commit install")
    else:
        yield Line("ok", "hook", "pre-commit checks each commit")


def _workflows(workflows: Mapping[str, str]) -> Iterator[Line]:
    ours = {name: text for name, text in sorted(workflows.items()) if _OURS.search(text)}
    if not ours:
        yield Line("note", "workflow", "no GitHub workflow checks pull requests", "evalmark init model")
    for name, text in ours.items():
        loose = [ref for ref in _USES.findall(text) if not _COMMIT.fullmatch(ref)]
        if loose:
            what = f"{name} takes evalmark at `{loose[0]}`, which can be moved to other code"
            yield Line("fix", "workflow", what, "pin it to a commit of 40 digits, as `evalmark init model` does")
        elif has_examples(text):
            what = f"{name} is still about the example's model"
            yield Line("fix", "workflow", what, "write your model, its address and your benchmarks into it")
        else:
            yield Line("ok", "workflow", f"{name}, pinned to a commit")
