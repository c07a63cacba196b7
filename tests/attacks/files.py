"""Rows 10 and 11: files that make a reader work, that readers read differently, or that are something else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalmark.adapters.github import GitHubClient, GitHubReviews
from evalmark.adapters.tree.model import results_files
from evalmark.errors import EvalmarkError
from evalmark.finding import has_error
from evalmark.flows.proposed import proposed
from evalmark.formats import parse_results
from evalmark.formats.document import read_document
from evalmark.review import ListedFile
from tests.attacks.attack import Attack, all_of, instead, none_found, nothing
from tests.attacks.flow import FILE, proposal_of, reading
from tests.attacks.scene import READ
from tests.builders import entry_text
from tests.github.fake import Content, FakeGitHub, Submodule, Symlink

FOLDER = ".eval_results"
SECRET = b"the secret of another folder"


# ── 10: YAML that makes work, or that is not read in one way ────────────────────────────────


def is_read_to_its_end(text: str) -> Callable[[Path], bool]:
    """The file is read, and nothing is said against it; or the reader falls over it."""

    def works(_folder: Path) -> bool:
        try:
            document = read_document(FILE, text)
        except RecursionError:
            return True
        return document.root is not None and not has_error(document.findings)

    return works


def claims(text: str, wanted: Callable[[Any], bool]) -> Callable[[Path], bool]:
    """The file claims something that a reader of YAML 1.2, as the Hub is, does not see in it."""

    def works(_folder: Path) -> bool:
        parsed = parse_results.parse_results(FILE, text.encode())
        return not has_error(parsed.findings) and any(wanted(located.entry) for located in parsed.entries)

    return works


def hides_a_score(_folder: Path) -> bool:
    """The Hub shows a score of a thousand, which a reader of YAML 1.1 takes for a text and leaves out."""
    return not parse_results.parse_results(FILE, entry_text("1e3").encode()).entries


def runs_a_command(folder: Path) -> bool:
    """A tag that names a function of Python."""
    marker = folder / "pwned"
    parse_results.parse_results(FILE, f"!!python/object/apply:os.mkdir ['{marker}']\n".encode())
    return marker.exists()


def is_claimed(files: dict[str, Content]) -> Callable[[Path], bool]:
    """The files bring claims that are looked at."""

    def works(_folder: Path) -> bool:
        try:
            return bool(proposal_of(files).changes)
        except EvalmarkError:
            return False

    return works


def old_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("evalmark.formats.document.resolve", yaml.safe_load)


def unsafe_reader(patch: pytest.MonkeyPatch) -> None:
    def read(path: str, content: bytes) -> Any:
        yaml.unsafe_load(content)
        return read_document(path, content)

    patch.setattr(parse_results, "read_document", read)


BOMB = "- &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"- &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
FLOW_MAP = "{" + ", ".join(f"k{number}: 1" for number in range(20_000)) + "}"
DEEP = "[" * 500 + "]" * 500
TWO_VALUES = entry_text("57.0") + "  value: 99.0\n"
HIDDEN_LINE = entry_text("57.0") + "  notes: with tools #\u0085  date: '2026-01-01'\n"
MERGED = entry_text("57.0") + "  source:\n    <<: {name: x}\n    url: https://a.example\n"

NO_ALIASES = instead("evalmark.formats.document._Tree.refuse_alias", nothing)
NO_ANCHORS = instead("evalmark.formats.document._Tree.refuse_properties", nothing)
MANY = 1_000_000


# ── 11: something else than a file ──────────────────────────────────────────────────────────


def follows_a_link(name: str) -> Callable[[Path], bool]:
    """The checked-out model repo has a link to what lies beside it, for its file or for its folder."""

    def works(folder: Path) -> bool:
        (folder / "private").mkdir()
        (folder / "private" / "sums.yaml").write_bytes(SECRET)
        model = folder / "model"
        link = model / name
        link.parent.mkdir(parents=True)
        link.symlink_to(folder / "private" / ("sums.yaml" if name.endswith(".yaml") else ""))
        try:
            return SECRET in results_files(model).values()
        except EvalmarkError:
            return False

    return works


def reads_a_link_in_a_pull_request(_folder: Path) -> bool:
    """GitHub hands the target of a link out as if it were a file."""
    with FakeGitHub() as github:
        repo = github.repository("acme/adder")
        base = repo.commit({"README.md": b""})
        head = repo.commit({FILE: Symlink(entry_text("99.0"))}, parent=base)
        number = repo.pull_request(head=head, base=base)
        reviews = GitHubReviews(GitHubClient(github.url, github.token(*READ)), "acme/adder")
        try:
            return bool(proposed(reviews, reviews.pull_request(number)).changes)
        except EvalmarkError:
            return False


def any_kind_is_read(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("evalmark.flows.proposed._Reader._is_read", lambda _self, _file: True)


def any_kind_has_content(patch: pytest.MonkeyPatch) -> None:
    usual = GitHubReviews.content

    def content(self: GitHubReviews, file: ListedFile) -> bytes:
        return usual(self, replace(file, kind="file"))

    patch.setattr(GitHubReviews, "content", content)


def goes_unseen(files: dict[str, Content]) -> Callable[[Path], bool]:
    """Nothing is said of it, so a reviewer believes that there is nothing."""
    return lambda _folder: not proposal_of(files).after.findings


def is_downloaded(files: dict[str, Content]) -> Callable[[Path], bool]:
    """A file that is far too large is asked for."""

    def works(_folder: Path) -> bool:
        reviews, pull_request = reading(files)
        proposed(reviews, pull_request)
        return bool(set(files) & set(reviews.asked))

    return works


LINKS_ARE_FOLLOWED = instead("evalmark.adapters.tree.reading.os.O_NOFOLLOW", 0)
LINKS_ARE_NOT_SEEN = instead("pathlib.Path.is_symlink", lambda _path: False)
ANY_NAME = instead("evalmark.flows.proposed.READ_NAME", type("Any", (), {"fullmatch": str}))
NO_PLACES = instead("evalmark.flows.proposed.place_findings", none_found)
ODD_NAMES = ("sums\nx.yaml", "su\u202ems.yaml", "sums .yaml", "sums\x00.yaml", "s\u0441ore.yaml")

ATTACKS = [
    Attack(
        10,
        "bomb of aliases",
        is_read_to_its_end(BOMB),
        all_of(NO_ALIASES, NO_ANCHORS),
        layers=(NO_ALIASES, NO_ANCHORS),
    ),
    Attack(10, "huge mapping", is_read_to_its_end(FLOW_MAP), instead("evalmark.formats.text.LARGEST_FILE", MANY)),
    Attack(10, "depth of 500", is_read_to_its_end(DEEP), instead("evalmark.formats.document.DEEPEST_NESTING", MANY)),
    Attack(
        10,
        "key that is there twice",
        claims(TWO_VALUES, lambda entry: entry.value > 0),
        instead("evalmark.formats.document._Tree.refuse_duplicate", nothing),
    ),
    Attack(
        10,
        "merge key",
        claims(MERGED, lambda entry: entry.value > 0),
        instead("evalmark.formats.document._Tree.refuse_merge", nothing),
    ),
    Attack(10, "base 60", claims(entry_text("190:20:30"), lambda entry: entry.value == 685230), old_numbers),
    Attack(10, "base 8", claims(entry_text("012"), lambda entry: entry.value == 10), old_numbers),
    Attack(10, "number that is a text in YAML 1.1", hides_a_score, old_numbers),
    Attack(10, "tag that runs a command", runs_a_command, unsafe_reader),
    Attack(
        10,
        "line end that only some see",
        claims(HIDDEN_LINE, lambda entry: entry.date is not None),
        instead("evalmark.formats.document._refuse_characters", nothing),
    ),
    Attack(
        10,
        "201 entries in a file",
        is_claimed({FILE: (entry_text("57.0") * 201).encode()}),
        all_of(
            instead("evalmark.formats.parse_results.MOST_ENTRIES", MANY),
            instead("evalmark.flows.proposed.MOST_ENTRIES", MANY),
        ),
        layers=(
            instead("evalmark.formats.parse_results.MOST_ENTRIES", MANY),
            instead("evalmark.flows.proposed.MOST_ENTRIES", MANY),
        ),
    ),
    Attack(
        10,
        "201 claims in three files",
        is_claimed({f"{FOLDER}/{number}.yaml": (entry_text(f"{number}.5") * 67).encode() for number in range(3)}),
        instead("evalmark.flows.proposed.MOST_ENTRIES", MANY),
    ),
    Attack(
        10,
        "101 files",
        is_claimed({f"{FOLDER}/{number}.yaml": entry_text(f"{number}.5").encode() for number in range(101)}),
        instead("evalmark.flows.proposed.MOST_FILES", MANY),
    ),
    Attack(11, "link to a file elsewhere", follows_a_link(FILE), LINKS_ARE_FOLLOWED),
    Attack(11, "link to a folder elsewhere", follows_a_link(FOLDER), LINKS_ARE_NOT_SEEN),
    Attack(
        11,
        "link in a pull request",
        reads_a_link_in_a_pull_request,
        all_of(any_kind_is_read, any_kind_has_content),
        layers=(any_kind_is_read, any_kind_has_content),
    ),
    Attack(11, "submodule for the folder", goes_unseen({FOLDER: Submodule("e" * 40)}), NO_PLACES),
    Attack(11, "link for the folder", goes_unseen({FOLDER: Symlink("../other")}), NO_PLACES),
    *(
        Attack(11, f"file called {name!a}", is_claimed({f"{FOLDER}/{name}": entry_text().encode()}), ANY_NAME)
        for name in ODD_NAMES
    ),
    Attack(
        11,
        "file of 70 kB is downloaded",
        is_downloaded({FILE: b"#" * 70_000}),
        instead("evalmark.flows.proposed.LARGEST_FILE", MANY),
    ),
]
