"""What a pull request proposes: the files of both sides as data, and what is refused before it is downloaded."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from evalmark.checks.places import BENCHMARK_FILE, DECLARATION, Listed, place_findings
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.errors import Refused
from evalmark.finding import Finding
from evalmark.flows.verify import claimed_in
from evalmark.formats.text import LARGEST_FILE, too_large
from evalmark.plan.changes import Change, changes
from evalmark.ports import Reviews
from evalmark.review import ListedFile, PullRequest

MOST_FILES = 100
MOST_ENTRIES = 200
READ_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}\.ya?ml")


@dataclass(frozen=True, slots=True)
class Side:
    """The files of one commit: bytes of those that are read, by path from the root; and the findings about the rest."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def results(self, root: str) -> Mapping[str, bytes]:
        """The files that the Hub reads scores from."""
        folder = f"{root}{RESULTS_FOLDER}/"
        return {path: content for path, content in self.files.items() if path.startswith(folder) and _is_yaml(path)}


@dataclass(frozen=True, slots=True)
class Proposed:
    """Both sides of a pull request. `root` is the model repo's folder, empty or with a final slash."""

    pull_request: PullRequest
    root: str
    before: Side
    after: Side

    @property
    def changes(self) -> tuple[Change, ...]:
        """What becomes of the entries. Raises `Refused` for more than can be meant."""
        sides = (claimed_in(side.results(self.root)).entries for side in (self.before, self.after))
        found = changes(*sides)
        if sum(change.is_new_claim for change in found) > MOST_ENTRIES:
            raise Refused(
                f"the pull request makes over {MOST_ENTRIES} new claims",
                "propose the scores of a few benchmarks at once",
            )
        return found

    @property
    def touched(self) -> frozenset[str]:
        """Paths of the files that are new or not what they were."""
        return frozenset(path for path, now in self.after.files.items() if self.before.files.get(path) != now)


def proposed(reviews: Reviews, pull_request: PullRequest, root: str = "", *, whole: bool = False) -> Proposed:
    """Read both sides at their exact commits; `whole` for the repo's other files that evalmark checks as well.

    Links, submodules, files over 64 kB and odd names are findings and are not downloaded. Raises `Refused` for over 100
    results files, and what the port raises.
    """
    reader = _Reader(reviews, root, whole=whole)
    listings = [reader.listing(commit) for commit in (pull_request.base, pull_request.head)]
    if listings[0] == listings[1]:
        return Proposed(pull_request, root, Side(), Side())
    before, after = (reader.side(listing) for listing in listings)
    return Proposed(pull_request, root, before, after)


def readable(reviews: Reviews, commit: str, folder: str) -> dict[str, bytes]:
    """The results files in a folder at a commit, bytes by path. Raises what the port raises, `Refused` for too many."""
    reader = _Reader(reviews, folder.rpartition(RESULTS_FOLDER)[0], whole=False)
    side = reader.side(reader.listing(commit))
    return dict(side.files)


class _Reader:
    """Reads both sides; what both have alike is read once."""

    def __init__(self, reviews: Reviews, root: str, *, whole: bool) -> None:
        self._reviews = reviews
        self._root = root
        self._whole = whole
        self._read: dict[str, bytes] = {}

    def listing(self, commit: str) -> tuple[ListedFile, ...]:
        results = self._reviews.listing(commit, f"{self._root}{RESULTS_FOLDER}")
        if len(results) > MOST_FILES:
            raise Refused(
                f"{self._root}{RESULTS_FOLDER} holds over {MOST_FILES} files",
                "put the scores of one benchmark into one file",
            )
        if not self._whole:
            return results
        beside = self._reviews.listing(commit, self._root.removesuffix("/"))
        return (*results, *(file for file in beside if _is_ours(file.path.removeprefix(self._root))))

    def side(self, listing: Iterable[ListedFile]) -> Side:
        files = {file.path: self._content(file) for file in listing if self._is_read(file)}
        return Side(files, tuple(self._findings(listing)))

    def _is_read(self, file: ListedFile) -> bool:
        name = file.path.rpartition("/")[2]
        named = READ_NAME.fullmatch(name) is not None or name == DECLARATION
        return file.kind == "file" and file.size <= LARGEST_FILE and named

    def _content(self, file: ListedFile) -> bytes:
        if file.digest not in self._read:
            self._read[file.digest] = self._reviews.content(file)
        return self._read[file.digest]

    def _findings(self, listing: Iterable[ListedFile]) -> Iterator[Finding]:
        inside = (
            Listed(file.path.removeprefix(self._root), file.kind in ("symlink", "submodule"))
            for file in listing
            if file.kind != "folder"
        )
        for finding in place_findings(inside):
            yield finding._replace(place=finding.place._replace(path=f"{self._root}{finding.place.path}"))
        for file in listing:
            if file.kind == "file" and file.size > LARGEST_FILE and _is_yaml(file.path):
                yield too_large(file.path, "yaml")


def _is_ours(name: str) -> bool:
    return name in (BENCHMARK_FILE, "eval.yml", DECLARATION)


def _is_yaml(path: str) -> bool:
    return path.endswith(".yaml")
