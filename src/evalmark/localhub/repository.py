"""One git repository, read from its objects: what the Hub knows about a repo."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from evalmark.localhub.content import Content, FileOnDisk, InMemory, LargeBlob
from evalmark.localhub.git import ObjectReader, git_failed, run_git, try_git
from evalmark.localhub.lfs import POINTER_SIZES, LfsPointer, holds, parse_pointer
from evalmark.localhub.names import is_commit_sha, is_entry_path, refs_that_may_be_meant

_HELD_IN_MEMORY = 4 << 20
_LISTINGS_KEPT = 64
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_PULL_REQUEST = re.compile(r"refs/pr/([1-9][0-9]{0,8})")
_KINDS: Mapping[str, Literal["file", "directory"]] = {"100644": "file", "100755": "file", "040000": "directory"}


@dataclass(frozen=True)
class Entry:
    """A file or a folder at a commit. `size` is the blob's size, 0 for a folder."""

    path: str
    kind: Literal["file", "directory"]
    oid: str
    size: int


@dataclass(frozen=True)
class Ref:
    """A ref by its full name, such as `refs/heads/main`, and the commit it stands for."""

    name: str
    sha: str


@dataclass(frozen=True)
class Commit:
    """A commit; `title` is the first paragraph of its message, `message` the rest."""

    sha: str
    author: str
    date: datetime
    title: str
    message: str


class GitRepository:
    """Reads a repository's objects; nothing is checked out, and uncommitted changes do not exist here.

    `work_tree` and `lfs_dirs` are only looked at for the real files of LFS pointers. A repository that is not `ours`
    is a source that must not be written. Safe for threads. Every method raises `CouldNotFinish` if git fails.
    """

    def __init__(
        self, git_dir: Path, work_tree: Path | None = None, *, lfs_dirs: tuple[Path, ...] = (), ours: bool = False
    ) -> None:
        self.ours = ours
        self.git_dir = self._git_dir = git_dir
        self._work_tree = work_tree
        self._lfs_dirs = (git_dir, *lfs_dirs)
        self._objects = ObjectReader(git_dir)
        self._listings: dict[str, Mapping[str, Entry]] = {}
        self._pointers: dict[str, LfsPointer | None] = {}
        self._real_files: dict[tuple[str, int], bool] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the git process behind this repository."""
        self._objects.close()

    def continued_in(self, copy: Path) -> "GitRepository":
        """The repository at `copy`, which was copied from this one and is ours to write."""
        return GitRepository(copy, self._work_tree, lfs_dirs=(self._git_dir,), ours=True)

    def resolve(self, revision: str) -> str | None:
        """The sha of the commit that a branch, tag, `refs/pr/N` or full sha stands for, or None.

        The branch that HEAD is on is also served as `main` if no branch has that name.
        """
        names = (revision,) if is_commit_sha(revision) else refs_that_may_be_meant(revision)
        if revision in {"main", "refs/heads/main"}:
            names = ("refs/heads/main", "HEAD")
        for name in names:
            found = self._objects.read(f"{name}^{{commit}}")
            if found is not None:
                return found.oid
        return None

    def checked_out(self) -> str | None:
        """The sha of the commit that the work tree is on, or None if there is none yet."""
        found = self._objects.read("HEAD^{commit}")
        return found.oid if found is not None else None

    def entry(self, sha: str, path: str) -> Entry | None:
        """The file or folder at `path`, or None. Links and submodules are not served, so there is none."""
        return self._listing(sha).get(path)

    def tree(self, sha: str, path: str = "", *, recursive: bool = True) -> tuple[Entry, ...] | None:
        """What is in a folder (`""` is the root), in git's order; None if there is no such folder."""
        listing = self._listing(sha)
        if path and (path not in listing or listing[path].kind != "directory"):
            return None
        prefix = f"{path}/" if path else ""
        inside = (entry for entry in listing.values() if entry.path.startswith(prefix))
        return tuple(entry for entry in inside if recursive or "/" not in entry.path[len(prefix) :])

    def pointer(self, entry: Entry) -> LfsPointer | None:
        """What an LFS pointer file points to; None for an ordinary file or a folder."""
        if entry.kind != "file" or entry.size not in POINTER_SIZES:
            return None
        if entry.oid not in self._pointers:
            self._pointers[entry.oid] = parse_pointer(self._blob(entry))
        return self._pointers[entry.oid]

    def content(self, entry: Entry) -> Content | None:
        """A file's bytes; for an LFS pointer those of the real file, or None if that is not at hand."""
        pointer = self.pointer(entry)
        if pointer is not None:
            return self._real_file(entry, pointer)
        if entry.size > _HELD_IN_MEMORY:
            return LargeBlob(self._git_dir, entry.oid, entry.size)
        return InMemory(self._blob(entry))

    def refs(self) -> tuple[Ref, ...]:
        """All branches, tags, pull requests and converts, sorted by name; `main` always among them."""
        wanted = ["refs/heads/", "refs/tags/", "refs/convert/", "refs/pr/"]
        lines = run_git(self._git_dir, ["for-each-ref", "--format=%(refname)", *wanted]).decode(errors="replace")
        names = sorted({"refs/heads/main", *lines.splitlines()})
        shas = ((name, self.resolve(name)) for name in names)
        return tuple(Ref(name, sha) for name, sha in shas if sha is not None)

    def commits(self, sha: str) -> tuple[Commit, ...]:
        """The commit and all its ancestors, newest first."""
        return self._log(["--topo-order", sha, "--"])

    def pull_request_heads(self) -> Mapping[int, str]:
        """The commit that each ref `refs/pr/N` stands for, highest number first."""
        lines = run_git(self._git_dir, ["for-each-ref", "--format=%(refname) %(objectname)", "refs/pr/"])
        pairs = (line.partition(" ") for line in lines.decode(errors="replace").splitlines())
        found = ((_PULL_REQUEST.fullmatch(name), sha) for name, _, sha in pairs)
        return dict(sorted(((int(match[1]), sha) for match, sha in found if match), reverse=True))

    def base(self, one: str, other: str) -> str | None:
        """The newest commit that two commits have in common; None if they have nothing in common."""
        done = try_git(self._git_dir, ["merge-base", one, other])
        return done.stdout.decode().strip() or None

    def diff(self, base: str | None, head: str) -> str:
        """What changed from one commit to another, as git prints it; without a first one everything is new."""
        arguments = ["diff-tree", "-r", "-p", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"]
        return run_git(self._git_dir, [*arguments, base or _EMPTY_TREE, head]).decode(errors="replace")

    def commit(self, sha: str) -> Commit:
        """The commit with that sha."""
        return self._log(["--max-count=1", sha, "--"])[0]

    def last_commit(self, sha: str, path: str) -> Commit:
        """The newest commit, from `sha` back, that changed `path`."""
        return self._log(["--max-count=1", sha, "--", path])[0]

    def _log(self, arguments: list[str]) -> tuple[Commit, ...]:
        layout = "--format=%H%x00%an%x00%ct%x00%s%x00%b%x00"
        printed = run_git(self._git_dir, ["rev-list", "--encoding=UTF-8", layout, *arguments])
        fields = printed.decode(errors="replace").split("\0")[:-1]
        return tuple(_commit(fields[at : at + 5]) for at in range(0, len(fields), 5))

    def _blob(self, entry: Entry) -> bytes:
        found = self._objects.read(entry.oid)
        if found is None:
            raise git_failed(self._git_dir, f"cat-file blob {entry.oid}", b"the object is missing")
        return found.data

    def _listing(self, sha: str) -> Mapping[str, Entry]:
        with self._lock:
            if sha not in self._listings:
                if len(self._listings) >= _LISTINGS_KEPT:
                    self._listings.clear()
                printed = run_git(self._git_dir, ["ls-tree", "-r", "-t", "-l", "-z", "--full-tree", sha])
                self._listings[sha] = _parse_listing(printed)
            return self._listings[sha]

    def _real_file(self, entry: Entry, pointer: LfsPointer) -> FileOnDisk | None:
        digest = pointer.sha256
        stores = [git_dir.resolve() for git_dir in self._lfs_dirs]
        places = [(store / "lfs" / "objects" / digest[:2] / digest[2:4] / digest, store) for store in stores]
        if self._work_tree is not None:
            places.append((self._work_tree.resolve() / entry.path, self._work_tree.resolve()))
        for path, root in places:
            if self._is_real_file(path, root, pointer):
                return FileOnDisk(path, pointer.size)
        return None

    def _is_real_file(self, path: Path, root: Path, pointer: LfsPointer) -> bool:
        """As `holds`, but a file is only read again after it changed."""
        if not path.is_file():
            return False
        key = (f"{path}:{pointer.sha256}", path.stat().st_mtime_ns)
        if key not in self._real_files:
            self._real_files[key] = holds(path, pointer, root)
        return self._real_files[key]


def _parse_listing(printed: bytes) -> Mapping[str, Entry]:
    """Entries by path, without links, from `ls-tree -z -l`: `mode SP type SP oid SP* size TAB path NUL`."""
    listing: dict[str, Entry] = {}
    for line in printed.decode(errors="replace").split("\0")[:-1]:
        facts, _, path = line.partition("\t")
        mode, _type, oid, size = facts.split()
        # A hand-made tree object can hold names such as `..`, which a client would write to its disk.
        if mode in _KINDS and is_entry_path(path):
            listing[path] = Entry(path, _KINDS[mode], oid, 0 if size == "-" else int(size))
    return listing


def _commit(fields: list[str]) -> Commit:
    """A commit from rev-list's output; its first field still holds the line `commit <sha>` that rev-list adds."""
    first, author, seconds, title, message = fields
    date = datetime.fromtimestamp(int(seconds), tz=UTC)
    return Commit(sha=first.split("\n")[-1], author=author, date=date, title=title, message=message.strip())
