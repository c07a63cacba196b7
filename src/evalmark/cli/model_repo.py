"""The model repo that a command writes to: a folder of this machine, or one for a repo on the Hub."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evalmark.adapters.artifacts import replace_content, write_whole
from evalmark.adapters.tree.model import remote_name_of, results_files
from evalmark.adapters.tree.reading import read_regular
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli.hub_names import hub_name
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.ports import Claims


@dataclass(frozen=True, slots=True)
class ModelRepo:
    """`name` is `owner/name` on the Hub, if it is known; `files` the results files by path in the repo.

    `card` is the README of a repo on the Hub; that of a folder lies there.
    """

    root: Path
    name: str | None
    files: Mapping[str, bytes]
    card: bytes | None = None

    def path(self, inside: str) -> Path:
        """Where a file of the repo lies."""
        return self.root / inside

    def write(self, inside: str, content: bytes) -> Path:
        """Write a results file, whole or not at all. Raises `CouldNotFinish`, `UsageProblem`.

        One that is not any more what was read is left as it is: somebody works on it.
        """
        target = self.path(inside)
        folder = target.parent
        if folder.is_symlink():
            raise UsageProblem(f"{folder} is a link, which is not followed", "put the folder itself there")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CouldNotFinish(f"cannot make the folder {folder}: {error.strerror}", "check what is there") from error
        if target.exists() and read_regular(target) != self.files.get(inside):
            raise UsageProblem(f"{target} was changed meanwhile, so it is left as it is", "run the same command again")
        (replace_content if target.exists() else write_whole)(target, content)
        return target


def repo_in_folder(root: Path, name: str | None = None) -> ModelRepo:
    """The repo in a folder, which need not have any results yet. Raises `UsageProblem`, `CouldNotFinish`."""
    if not root.is_dir():
        raise UsageProblem(f"there is no folder {root}", "give the root of a model repo, or owner/name on the Hub")
    there = any((root / RESULTS_FOLDER).glob("*.yaml"))
    return ModelRepo(root, name or remote_name_of(root), results_files(root) if there else {})


class Cards(Claims, Protocol):
    """A Hub that shows model cards too."""

    def card(self, model: str) -> bytes | None:
        """A model's README on main, at most a few MB of it; None if it has none. Raises `CouldNotFinish`."""


def repo_on_hub(name: str, root: Path, claims: Cards) -> ModelRepo:
    """A repo on the Hub: its results files on main, to be written below `root`. What lies there counts before main.

    Raises `CouldNotFinish` if the Hub cannot tell.
    """
    on_main = {file.path: file.content for file in claims.results_files(name) if file.pull_request is None}
    here = repo_in_folder(root, name).files if root.is_dir() else {}
    return ModelRepo(root, name, {**on_main, **here}, claims.card(name))


def is_hub_name(target: str) -> bool:
    """Whether a target means a repo on the Hub: `owner/name` that is no folder here."""
    named = hub_name(target)
    return named is not None and named.revision is None and named.number is None and not Path(target).is_dir()
