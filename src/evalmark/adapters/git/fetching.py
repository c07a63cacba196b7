"""Fetching: the commits, folders and small files of a repo, never its weights; and finding a checkout's own."""

import contextlib
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from evalmark.adapters.git.commits import GitCommits
from evalmark.adapters.git.process import environment, run_git
from evalmark.errors import CouldNotFinish, UsageProblem

LARGEST_FETCHED: Final = 1 << 18
"""Of one file, in bytes: results and receipts have at most 64 kB, most cards less than this."""
LARGEST_PACK: Final = 1 << 30
"""Of all that is fetched at a time, in bytes: a model repo's small files are a few MB."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A repo at a host. `refs` are the patterns that are fetched, as in a refspec."""

    address: str
    refs: tuple[str, ...]
    token: str | None = field(default=None, repr=False)


HUB_REFS: Final = ("refs/heads/main", "refs/pr/*")
GITHUB_REFS: Final = ("refs/heads/*", "refs/pull/*/head")


def fetched(cache: Path, remote: Remote) -> GitCommits:
    """Fetch what is new into a bare repository below `cache`. Raises `CouldNotFinish`, `UsageProblem` for no address.

    Old commits stay, also those that were pushed away at the host.
    """
    parts = urlsplit(remote.address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageProblem(f"{remote.address[:200]!r} is no address of a repo", "give one that begins with https://")
    git_dir = cache / "git" / f"{hashlib.sha256(remote.address.encode()).hexdigest()[:32]}.git"
    if not (git_dir / "HEAD").exists():
        try:
            git_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CouldNotFinish(f"{git_dir} cannot be made: {error.strerror}", "check space and rights") from error
        run_git(git_dir, ["init", "--quiet", "--bare", "--initial-branch=main"])
    run_git(
        git_dir,
        [
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
            "--recurse-submodules=no",
            f"--filter=blob:limit={LARGEST_FETCHED}", remote.address, *(f"+{ref}:{ref}" for ref in remote.refs),
        ],
        config=((f"protocol.{parts.scheme}.allow", "always"),),
        surroundings=environment(remote.token, f"{parts.scheme}://{parts.netloc}/"),
        largest=LARGEST_PACK,
    )  # fmt: skip
    _forget(git_dir, remote.address)
    return GitCommits(git_dir)


def _forget(git_dir: Path, address: str) -> None:
    """Without a remote that promises the rest, a file that was not fetched is simply not there."""
    with contextlib.suppress(CouldNotFinish):  # an empty repo promises nothing
        run_git(git_dir, ["config", "--remove-section", f"remote.{address}"])


def checkout(folder: Path) -> GitCommits | None:
    """The commits of the repository that has `folder` as its root; None if that is none."""
    inside = folder / ".git"
    if inside.is_dir():
        return GitCommits(inside)
    return GitCommits(folder) if (folder / "HEAD").is_file() and (folder / "objects").is_dir() else None
