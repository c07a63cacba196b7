"""A repo's commits, read as data: nothing is checked out, and what is too large is not read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from evalmark.adapters.git.process import run_git
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.errors import CouldNotFinish
from evalmark.formats.text import LARGEST_FILE
from evalmark.history import Version
from evalmark.ports.places import MOST_FILES
from evalmark.receipt import weights_digest
from evalmark.review import COMMIT

MOST_COMMITS: Final = 5_000
LARGEST_POINTER: Final = 1023
_POINTER: Final = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:(?P<sha256>[0-9a-f]{64})\n"
)
_AUTHOR: Final = re.compile(rb"^author (?P<name>[^<\n]*?) ?<(?P<mail>[^>\n]*)>", re.MULTILINE)
_COMMITTED: Final = re.compile(rb"^committer [^\n]*> (?P<at>\d{1,12}) [+-]\d{4}$", re.MULTILINE)
_FILE_MODES: Final = frozenset({"100644", "100755"})


class _Listed(NamedTuple):
    path: str
    mode: str
    oid: str


class GitCommits:
    """The commits in a repository of git, bare or not. Raises `CouldNotFinish` if git cannot read it."""

    def __init__(self, git_dir: Path) -> None:
        self.git_dir = git_dir
        self._blobs: dict[str, bytes] = {}

    def refs(self) -> Mapping[str, str]:
        """Every branch and pull request, and its commit."""
        printed = self._git("for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/pr", "refs/pull")
        pairs = (line.split(" ", 1) for line in printed.decode(errors="replace").splitlines())
        return {name.removesuffix("/head") if name.startswith("refs/pull/") else name: oid for oid, name in pairs}

    def head(self) -> str | None:
        """The commit that is checked out, or None."""
        try:
            return self._git("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip() or None
        except CouldNotFinish:
            return None

    def merge_base(self, ours: str, theirs: str) -> str | None:
        """The newest commit that both have in their history, or None."""
        try:
            return self._git("merge-base", ours, theirs).decode().strip() or None
        except CouldNotFinish:
            return None

    def branched_at(self, line: str, branch: str) -> str | None:
        """The newest commit that both had before the branch was merged into the line, if it was; or None."""
        since = ("rev-list", f"{branch}..{line}")
        try:
            behind = set(self._git(*since, "--ancestry-path").split())
            merges = [each for each in self._git(*since, "--first-parent").split() if each in behind]
        except CouldNotFinish:
            return None
        return self.merge_base(f"{merges[-1].decode()}^1" if merges else line, branch)

    def versions(self, tip: str, since: str | None = None) -> tuple[Version, ...]:
        """The results files after each commit that changed them, oldest first, along the line of the branch itself."""
        span = [tip, f"^{since}"] if since else [tip]
        listed = self._git(
            "rev-list", "--first-parent", "--reverse", f"--max-count={MOST_COMMITS}", *span, "--", RESULTS_FOLDER
        )
        return self._read(listed.decode().split())

    def version(self, commit: str) -> Version:
        """The results files at a commit."""
        return self._read([commit])[0]

    def file(self, commit: str, path: str, most: int = LARGEST_FILE) -> bytes | None:
        """A file at a commit; None if it is not there, too large, or no file."""
        listed = self._tree(commit, path)
        found = next((item for item in listed if item.path == path and item.mode in _FILE_MODES), None)
        return self._contents([found.oid], most).get(found.oid) if found else None

    def folder(
        self, commit: str, path: str, largest: int = LARGEST_FILE, most: int = MOST_FILES
    ) -> Mapping[str, bytes]:
        """The files directly in a folder at a commit: the first `most`, without those that are larger."""
        return self._read_files(self._tree(commit, f"{path}/")[:most], largest)

    def files(self, commit: str, ending: str, largest: int, most: int) -> Mapping[str, bytes]:
        """All files whose name ends so, the first `most`, without those that are larger."""
        listed = [item for item in self._tree(commit, "", recursive=True) if item.path.endswith(ending)]
        return self._read_files(listed[:most], largest)

    def _read_files(self, listed: list[_Listed], largest: int) -> Mapping[str, bytes]:
        files = [item for item in listed if item.mode in _FILE_MODES]
        contents = self._contents([item.oid for item in files], largest)
        return {item.path: contents[item.oid] for item in files if item.oid in contents}

    def weights(self, commit: str) -> str | None:
        """A digest that changes with the weights files; None if there are none, or the commit is not here."""
        try:
            listed = self._tree(commit, "", recursive=True)
        except CouldNotFinish:
            return None
        small = self._contents([item.oid for item in listed], LARGEST_POINTER) if listed else {}
        return weights_digest({item.path: _name_of(item.oid, small.get(item.oid, b"")) for item in listed})

    def lost(self, commits: frozenset[str]) -> frozenset[str]:
        """Those of the commits that no branch or pull request has in its history any more."""
        named = sorted(commit for commit in commits if COMMIT.fullmatch(commit))
        if not named:
            return frozenset()
        known = self._git("cat-file", "--batch-check", stdin="".join(f"{commit}\n" for commit in named).encode())
        here = {line.split()[0] for line in known.decode(errors="replace").splitlines() if not line.endswith("missing")}
        refs = [f"^{commit}" for commit in self.refs().values()]
        loose = self._git("rev-list", *sorted(here), *refs).decode().split() if here else []
        return frozenset(named) - here | (here & set(loose))

    def _read(self, commits: list[str]) -> tuple[Version, ...]:
        heads = self._objects(commits)
        trees = {commit: self._results(commit) for commit in commits}
        oids = {item.oid for items in trees.values() for item in items}
        self._blobs |= self._contents([oid for oid in oids if oid not in self._blobs])
        return tuple(self._version(commit, heads[commit], trees[commit]) for commit in commits)

    def _version(self, commit: str, head: bytes, items: Iterable[_Listed]) -> Version:
        author, committed = _AUTHOR.search(head), _COMMITTED.search(head)
        return Version(
            files={item.path: self._blobs[item.oid] for item in items if item.oid in self._blobs},
            commit=commit,
            at=datetime.fromtimestamp(int(committed["at"]), UTC) if committed else None,
            by=author["name"].decode(errors="replace").strip() if author else "",
        )

    def _results(self, commit: str) -> list[_Listed]:
        items = self._tree(commit, f"{RESULTS_FOLDER}/")
        return [item for item in items if item.mode in _FILE_MODES and item.path.endswith(".yaml")][:MOST_FILES]

    def _tree(self, commit: str, path: str, *, recursive: bool = False) -> list[_Listed]:
        if not COMMIT.fullmatch(commit):
            raise CouldNotFinish(f"{commit[:60]!r} is no commit", "try again")
        options = ["-r"] if recursive else []
        printed = self._git("ls-tree", "-z", *options, commit, *(["--", path] if path else []))
        return list(_listed(printed.decode(errors="surrogateescape")))

    def _contents(self, oids: list[str], most: int = LARGEST_FILE) -> dict[str, bytes]:
        """The blobs that are here and not too large."""
        if not oids:
            return {}
        asked = "".join(f"{oid}\n" for oid in oids).encode()
        printed = self._git("cat-file", "--batch-check", stdin=asked).decode(errors="replace").splitlines()
        answers = (line.split() for line in printed)
        small = [answer[0] for answer in answers if len(answer) == 3 and answer[1] == "blob" and int(answer[2]) <= most]
        return self._objects(small)

    def _objects(self, oids: list[str]) -> dict[str, bytes]:
        if not oids:
            return {}
        return dict(_batch(self._git("cat-file", "--batch", stdin="".join(f"{oid}\n" for oid in oids).encode())))

    def _git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return run_git(self.git_dir, arguments, stdin=stdin)


def _name_of(oid: str, content: bytes) -> str:
    """As a receipt names a file: by what an LFS pointer points to, else by git's own name."""
    pointed = _POINTER.match(content)
    return f"sha256:{pointed['sha256'].decode()}" if pointed else f"gitblob:{oid}"


def _listed(printed: str) -> Iterator[_Listed]:
    for line in filter(None, printed.split("\0")):
        about, _, path = line.partition("\t")
        mode, kind, oid = about.split(" ")
        if kind == "blob":
            yield _Listed(path, mode, oid)


def _batch(printed: bytes) -> Iterator[tuple[str, bytes]]:
    """`<oid> <kind> <size>`, a line break, the bytes, a line break; `<oid> missing` for what is not here."""
    at = 0
    while at < len(printed):
        end = printed.index(b"\n", at)
        header = printed[at:end].decode().split()
        at = end + 1
        if len(header) == 3:
            size = int(header[2])
            yield header[0], printed[at : at + size]
            at += size + 1
