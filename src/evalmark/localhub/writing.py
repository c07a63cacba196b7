"""Writes to git repositories: commits, merges, refs, copies. Nothing is checked out, and no hook runs."""

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from evalmark.errors import CouldNotFinish
from evalmark.localhub.git import RunningGit, feed_git, git_failed, run_git, try_git
from evalmark.localhub.people import Person

NO_COMMIT = "0" * 40
_SERVED_REFS = ("refs/heads/", "refs/tags/", "refs/convert/", "refs/pr/")
# A commit is made under a name that is taken away in the same breath: only `move_ref` moves refs.
_NEW = b"refs/evalmark/new"


@dataclass(frozen=True)
class Change:
    """A file with its new bytes; without bytes a file or a folder that is deleted. The path has been looked at."""

    path: str
    data: bytes | None


@dataclass(frozen=True)
class Signature:
    """Who commits, and when."""

    person: Person
    when: datetime

    def line(self) -> str:
        """As git writes it."""
        return f"{self.person.name} <{self.person.name}@localhub.evalmark.invalid> {int(self.when.timestamp())} +0000"


def init_bare(git_dir: Path) -> None:
    """A new bare repository without a commit, whose branch is `main`."""
    git_dir.mkdir(parents=True)
    run_git(git_dir, ["init", "--quiet", "--bare", "--object-format=sha1", "--initial-branch=main", "--template="])


def make_commit(git_dir: Path, parent: str | None, changes: Iterable[Change], by: Signature, message: str) -> str:
    """A new commit on top of `parent`; its sha. No ref stands for it yet."""
    with RunningGit(git_dir, ["fast-import", "--quiet", "--done", "--date-format=raw"]) as git:
        # If git ends early its own words say why, below.
        with suppress(BrokenPipeError):
            _feed_commit(git.stdin, parent, changes, (by.line(), message))
        with suppress(BrokenPipeError):
            git.stdin.close()
        printed = git.stdout.read()
        git.finish()
    return printed.decode().strip()


def _feed_commit(pipe: IO[bytes], parent: str | None, changes: Iterable[Change], words: tuple[str, str]) -> None:
    who, message = (text.encode() for text in words)
    pipe.write(b"commit %b\nmark :1\nauthor %b\ncommitter %b\ndata %d\n%b\n" % (_NEW, who, who, len(message), message))
    if parent is not None:
        pipe.write(b"from %b\n" % parent.encode())
    for change in changes:
        path = change.path.replace('"', '\\"').encode()
        if change.data is None:
            pipe.write(b'D "%b"\n' % path)
        else:
            pipe.write(b'M 100644 inline "%b"\ndata %d\n%b\n' % (path, len(change.data), change.data))
    pipe.write(b"get-mark :1\nreset %b\nfrom %b\n\ndone\n" % (_NEW, NO_COMMIT.encode()))


def move_ref(git_dir: Path, ref: str, new: str, old: str | None) -> bool:
    """Let `ref` stand for `new` if it still stands for `old` (None: if it does not exist yet); whether it did."""
    done = try_git(git_dir, ["update-ref", ref, new, old or NO_COMMIT])
    if done.status == 0:
        return True
    now = try_git(git_dir, ["rev-parse", "--verify", "--quiet", ref]).stdout.decode().strip()
    if now == (old or ""):
        raise git_failed(git_dir, "update-ref", done.stderr)
    return False


def ref_behind_main(git_dir: Path) -> str:
    """The ref to move for `main`: that branch, or the one that HEAD is on if there is no branch of that name."""
    if try_git(git_dir, ["show-ref", "--verify", "--quiet", "refs/heads/main"]).status == 0:
        return "refs/heads/main"
    head = try_git(git_dir, ["symbolic-ref", "--quiet", "HEAD"]).stdout.decode().strip()
    return head if head.startswith("refs/heads/") else "refs/heads/main"


@dataclass(frozen=True)
class Merged:
    """The tree that two commits give together, and the files over which they contradict each other."""

    tree: str
    conflicts: tuple[str, ...]


def merge_trees(git_dir: Path, ours: str, theirs: str, *, keep: bool) -> Merged:
    """What a merge would give; only with `keep` is its tree written. Raises `CouldNotFinish` if git is too old to tell.

    It happens in an empty repository that borrows the objects: attributes and the configuration of `git_dir` can name
    programs as merge drivers.
    """
    arguments = ["merge-tree", "--write-tree", "--allow-unrelated-histories", "--name-only", "--no-messages", "-z"]
    with tempfile.TemporaryDirectory(prefix="evalmark-merge-") as scratch:
        empty = Path(scratch) / "empty.git"
        init_bare(empty)
        objects = run_git(git_dir, ["rev-parse", "--path-format=absolute", "--git-path", "objects"]).decode().strip()
        borrowed = {"GIT_OBJECT_DIRECTORY" if keep else "GIT_ALTERNATE_OBJECT_DIRECTORIES": objects}
        done = try_git(empty, [*arguments, ours, theirs], more=borrowed)
    if done.status not in (0, 1):
        said = done.stderr.decode(errors="replace").strip()
        raise CouldNotFinish(f"git could not try the merge: {said}", "a merge needs git 2.38 or newer")
    tree, *conflicts = done.stdout.decode(errors="replace").rstrip("\0").split("\0")
    return Merged(tree, tuple(path for path in conflicts if path))


def commit_tree(git_dir: Path, tree: str, parents: Sequence[str], by: Signature, message: str) -> str:
    """A commit of a tree; its sha. No ref stands for it yet."""
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    text = "\n".join([*lines, f"author {by.line()}", f"committer {by.line()}", "", message, ""])
    return feed_git(git_dir, ["hash-object", "-t", "commit", "-w", "--stdin"], text.encode()).decode().strip()


def copy_repository(source: Path, target: Path) -> None:
    """A bare copy, complete in itself, of what is served of a repository; `source` is only read."""
    init_bare(target)
    shas = _served_shas(source)
    _copy_shallow_list(source, target)
    with RunningGit(source, ["pack-objects", "--revs", "--stdout", "--quiet"]) as git:
        with suppress(BrokenPipeError):
            git.stdin.write("".join(f"{sha}\n" for sha in sorted(set(shas.values()))).encode())
            git.stdin.close()
        run_git(target, ["index-pack", "--stdin"], git.stdout)
        git.finish()
    created = "".join(f"create {ref} {sha}\n" for ref, sha in shas.items())
    feed_git(target, ["update-ref", "--stdin"], created.encode(errors="surrogateescape"))
    run_git(target, ["symbolic-ref", "HEAD", _head_of_copy(source, shas)])


def _served_shas(git_dir: Path) -> dict[str, str]:
    printed = run_git(git_dir, ["for-each-ref", "--format=%(objectname) %(refname)", *_SERVED_REFS])
    pairs = (line.split(" ", 1) for line in printed.decode(errors="surrogateescape").splitlines())
    shas = {ref: sha for sha, ref in pairs}
    if "refs/heads/main" not in shas and ref_behind_main(git_dir) not in shas:
        shas["refs/heads/main"] = run_git(git_dir, ["rev-parse", "--verify", "HEAD^{commit}"]).decode().strip()
    return shas


def _head_of_copy(source: Path, shas: dict[str, str]) -> str:
    return "refs/heads/main" if "refs/heads/main" in shas else ref_behind_main(source)


def _copy_shallow_list(source: Path, target: Path) -> None:
    """Of a shallow clone the list of commits whose parents are not there."""
    listed = run_git(source, ["rev-parse", "--path-format=absolute", "--git-path", "shallow"]).decode().strip()
    with suppress(FileNotFoundError):
        (target / "shallow").write_bytes(Path(listed).read_bytes())
