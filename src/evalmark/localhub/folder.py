"""Local folders as sources: which repos a folder holds, and how one of them is opened."""

from pathlib import Path

from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.localhub.names import Kind, RepoId, is_repo_name
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.snapshot import snapshot

_KINDS: tuple[Kind, ...] = ("models", "datasets")


def find_repos(directory: Path) -> dict[RepoId, Path]:
    """The repos below `directory`, which lie at `models/<owner>/<name>` and `datasets/<owner>/<name>`, sorted.

    Hidden folders are left out. Raises `UsageProblem` if there is no repo, or for a name that the Hub does not
    allow, or for a symbolic link at one of these places: a folder from somebody else must not point into ours.
    """
    _existing_folder(directory)
    found = {
        RepoId(kind, _repo_name(owner, repo)): repo
        for kind in _KINDS
        for owner in _folders_in(directory / kind)
        for repo in _folders_in(owner)
    }
    if not found:
        raise UsageProblem(
            f"{directory} holds no repo", "put repos at models/<owner>/<name> and datasets/<owner>/<name> in it"
        )
    return found


def open_repository(folder: Path, scratch: Path) -> GitRepository:
    """A git repository (work tree or bare) as it is committed, or a plain folder, imported at `scratch`.

    Of a git repository only commits are served: **uncommitted changes are not.** Raises `UsageProblem` if there is
    no such folder, or nothing is committed; `CouldNotFinish` if git fails.
    """
    _existing_folder(folder)
    git_dir, work_tree = _git_dir(folder)
    is_bare = git_dir is not None and work_tree is None
    if git_dir is None:
        snapshot(folder, scratch)
        git_dir = scratch
    repository = GitRepository(git_dir, work_tree, ours=is_bare)
    try:
        _has_a_commit(folder, repository)
    except BaseException:
        repository.close()
        raise
    return repository


def _git_dir(folder: Path) -> tuple[Path | None, Path | None]:
    """Where the git repository that `folder` is has its objects, and its work tree; None for a plain folder."""
    if (folder / ".git").is_symlink():
        raise _is_a_link(folder / ".git")
    # git itself would look in the folders above; a sub-folder of a repository is a plain folder here.
    if (folder / ".git").exists():
        return folder / ".git", folder
    if (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir():
        return folder, None
    return None, None


def _has_a_commit(folder: Path, repository: GitRepository) -> None:
    try:
        sha = repository.resolve("main")
    except CouldNotFinish as problem:
        raise UsageProblem(f"{folder} is not a git repository that git can read", problem.advice) from problem
    if sha is None:
        raise UsageProblem(f"{folder} is a git repository without a commit", "commit first; only commits are served")
    if len(sha) != 40:
        raise UsageProblem(f"{folder} is a git repository with SHA-256 names", "use a SHA-1 one, as the Hub does")


def _repo_name(owner: Path, repo: Path) -> str:
    name = f"{owner.name}/{repo.name}"
    if not is_repo_name(name):
        raise UsageProblem(
            f"{str(repo)!r} is not the name of a Hub repo", "use only letters, digits, `-`, `_` and `.` in the names"
        )
    return name


def _folders_in(folder: Path) -> list[Path]:
    if folder.is_symlink():
        raise _is_a_link(folder)
    if not folder.is_dir():
        return []
    visible = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    for path in visible:
        if path.is_symlink():
            raise _is_a_link(path)
    return [path for path in visible if path.is_dir()]


def _is_a_link(path: Path) -> UsageProblem:
    return UsageProblem(f"{path} is a symbolic link; the local Hub follows none", "put the folder itself there")


def _existing_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageProblem(f"{folder} is not a folder", "name a folder that exists")
