"""A branch with a few files more, pushed from the user's own checkout, whose work tree and index are not touched."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from evalmark.adapters.git.commits import GitCommits
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.report.escape import plain

SECONDS = 300
REMOTE = "origin"
MAINS = ("main", "master")
OF_ONE_REPO = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"})
# An address with a scheme, or git's short form `user@host:path`. A path of this machine is neither.
_ADDRESS = re.compile(r"(?:https?|ssh)://(?:[^@/]+@)?(?P<host>[^/:@]+)(?::\d+)?/(?P<path>.+)")
_SHORT_ADDRESS = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:@]+\.[^/:@]+):(?P<path>[^/].*)")


class OwnCheckout:
    """The checkout that holds a folder. Git runs as its user runs it, so that keys and passwords of theirs work.

    All raise `UsageProblem` where there is no checkout or no remote, `CouldNotFinish` where git fails.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        inside = self._try("rev-parse", "--show-prefix", "--absolute-git-dir")
        if inside is None:
            raise UsageProblem(f"{folder} is in no git checkout", "clone the repo, and run evalmark in its folder")
        prefix, git_dir = inside.split("\n")[:2]
        self.prefix = prefix
        self.commits = GitCommits(Path(git_dir))

    @property
    def address(self) -> str:
        """Of the remote `origin`."""
        address = self._try("remote", "get-url", REMOTE)
        if not address:
            raise UsageProblem(f"{self._folder} has no remote `{REMOTE}`", "add it: git remote add origin ADDRESS")
        return address.strip()

    @property
    def repository(self) -> tuple[str, str] | None:
        """The host and `owner/name` of the remote; None for a path of this machine."""
        match = _ADDRESS.fullmatch(self.address) or _SHORT_ADDRESS.fullmatch(self.address)
        if match is None:
            return None
        return match["host"], match["path"].strip("/").removesuffix(".git")

    def base(self) -> tuple[str, str]:
        """Fetch, and find the remote's main branch: its name and its newest commit."""
        _ = self.address
        self._git("fetch", "--quiet", REMOTE)
        told = self._try("symbolic-ref", "--short", f"refs/remotes/{REMOTE}/HEAD")
        names = [told.strip().removeprefix(f"{REMOTE}/")] if told else MAINS
        for name in names:
            commit = self._try("rev-parse", "--verify", "--quiet", f"refs/remotes/{REMOTE}/{name}^{{commit}}")
            if commit:
                return name, commit.strip()
        raise UsageProblem(f"the remote `{REMOTE}` has no main branch", "push one first")

    def tip(self, branch: str) -> str | None:
        """The newest commit of a branch of the remote, asked for now: one that was deleted is still known here."""
        told = self._git("ls-remote", REMOTE, f"refs/heads/{branch}").split()
        if not told:
            return None
        self._git("fetch", "--quiet", REMOTE, f"refs/heads/{branch}")
        return told[0]

    def goes_on(self, tip: str | None, base: str) -> tuple[str, ...]:
        """The commits on which a branch goes on, the first with the files: its own newest one; main's, if that has all
        of it; or both, if main has its files and not its commits, as after a squash.
        """
        fork = self.commits.merge_base(tip, base) if tip else None
        if tip is None or fork == tip:
            return (base,)
        return (base, tip) if self._has_all_of(tip, fork, base) else (tip,)

    def _has_all_of(self, tip: str, fork: str | None, base: str) -> bool:
        """Whether main has what a branch changed since it forked off."""
        if fork is None:
            return False
        changed = [name for name in self._git("diff", "--name-only", "-z", fork, tip).split("\0") if name]
        return not self._git("--literal-pathspecs", "diff", "--name-only", tip, base, "--", *changed)

    def commit(self, parents: Sequence[str], files: Mapping[str, bytes], message: str) -> str:
        """A commit of the user's: the first parent's files, with these (bytes by path from the repo's root)."""
        with tempfile.TemporaryDirectory(prefix="evalmark-index-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            self._git("read-tree", parents[0], more=index)
            for path, content in files.items():
                blob = self._git("hash-object", "-w", "--stdin", stdin=content).strip()
                self._git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", more=index)
            tree = self._git("write-tree", more=index).strip()
        behind = [argument for parent in parents for argument in ("-p", parent)]
        return self._git("commit-tree", tree, *behind, "-m", message).strip()

    def push(self, commit: str, branch: str) -> None:
        """Make a branch of the remote stand at a commit; never by force."""
        self._git("push", "--quiet", REMOTE, f"{commit}:refs/heads/{branch}")

    def _try(self, *arguments: str) -> str | None:
        try:
            return self._git(*arguments)
        except CouldNotFinish:
            return None

    def _git(self, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        command: Sequence[str] = ("git", "-C", str(self._folder), *arguments)
        try:
            done = subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                env={**_environment(), "GIT_TERMINAL_PROMPT": "0", **(more or {})},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CouldNotFinish(f"git {arguments[0]} did not end: {error}", "try it by hand") from error
        if done.returncode != 0:
            said = _reason(done.stderr.decode(errors="replace"))
            raise CouldNotFinish(f"git {arguments[0]} failed: {plain(said)}", "try it by hand")
        return done.stdout.decode(errors="replace")


def _environment() -> dict[str, str]:
    """The user's own. A hook's says which repo its git is about, and that need not be this one."""
    return {name: value for name, value in os.environ.items() if name not in OF_ONE_REPO}


def _reason(said: str) -> str:
    """The line that tells what is wrong; hints come after it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next(
        (line for line in lines if line.startswith(("fatal:", "error:", "!"))), [*lines, "it gave no reason"][0]
    )
