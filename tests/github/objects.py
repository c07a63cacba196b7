"""Git objects, named as git names them: blobs, trees, and commits with one parent or none.

Source of the formats: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Symlink:
    """A link to a place that need not exist."""

    target: str


@dataclass(frozen=True, slots=True)
class Submodule:
    """A commit of another repo, 40 hex digits."""

    sha: str


@dataclass(frozen=True, slots=True)
class Executable:
    """A file that may be run."""

    content: bytes


Content: TypeAlias = bytes | Symlink | Submodule | Executable


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a tree; `mode` as git writes it, without a zero before it."""

    mode: str
    name: str
    sha: str

    @property
    def kind(self) -> str:
        """What GitHub calls its type."""
        return {"40000": "tree", "160000": "commit"}.get(self.mode, "blob")


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit says of itself."""

    tree: str
    parent: str | None


@dataclass
class Objects:
    """The objects of one repo and its forks."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    trees: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    files: dict[str, dict[str, Content]] = field(default_factory=dict)

    def commit(self, changes: Mapping[str, Content | None], parent: str | None) -> str:
        """Store the parent's files with changes (None removes a file); its sha. No two commits are the same."""
        files = {**(self.files[parent] if parent else {}), **changes}
        kept = {path: content for path, content in files.items() if content is not None}
        tree = self.tree(kept)
        person = f"Someone <someone@example.org> {1_700_000_000 + len(self.commits)} +0000"
        parents = f"parent {parent}\n" if parent else ""
        text = f"tree {tree}\n{parents}author {person}\ncommitter {person}\n\nA commit\n"
        sha = name_of("commit", text.encode())
        self.commits[sha], self.files[sha] = Commit(tree, parent), kept
        return sha

    def tree(self, files: Mapping[str, Content]) -> str:
        """Store files by their paths; the sha of the tree."""
        folders: dict[str, dict[str, Content]] = {}
        entries = []
        for path, content in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(name, {})[rest] = content
            else:
                entries.append(self._entry(name, content))
        entries += [Entry("40000", name, self.tree(inside)) for name, inside in folders.items()]
        entries.sort(key=lambda entry: entry.name.encode() + (b"/" if entry.kind == "tree" else b""))
        rows = (f"{entry.mode} {entry.name}\0".encode() + bytes.fromhex(entry.sha) for entry in entries)
        sha = name_of("tree", b"".join(rows))
        self.trees[sha] = tuple(entries)
        return sha

    def _entry(self, name: str, content: Content) -> Entry:
        match content:
            case Submodule(sha):
                return Entry("160000", name, sha)
            case Symlink(target):
                return Entry("120000", name, self._blob(target.encode()))
            case Executable(data):
                return Entry("100755", name, self._blob(data))
            case bytes():
                return Entry("100644", name, self._blob(content))

    def _blob(self, data: bytes) -> str:
        sha = name_of("blob", data)
        self.blobs[sha] = data
        return sha

    def history(self, commit: str) -> Iterator[str]:
        """A commit and those before it."""
        at: str | None = commit
        while at is not None:
            yield at
            at = self.commits[at].parent

    def merge_base(self, one: str, other: str) -> str | None:
        """The newest commit that is in both histories."""
        known = set(self.history(one))
        return next((commit for commit in self.history(other) if commit in known), None)


def name_of(kind: str, data: bytes) -> str:
    """The sha1 by which git names an object."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data).hexdigest()
