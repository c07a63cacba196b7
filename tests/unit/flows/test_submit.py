"""Proposing results files: once, and going on with what is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from evalmark.errors import CouldNotFinish, Forbidden
from evalmark.flows.submit import Amended, Nothing, Opened, Submitted, decide, submit, turned_down
from evalmark.formats.parse_results import parse_results
from evalmark.review import OpenPullRequest, TurnedDown
from tests.builders import entry_text
from tests.fake_reviews import FakeReviews

MAIN, MINE, LATER, BASE = "a" * 40, "b" * 40, "c" * 40, "d" * 40
A, B = ".eval_results/a.yaml", ".eval_results/b.yaml"
OLD, NEW = b"- old", b"- new"
Tree = Mapping[str, bytes]


@dataclass
class FakeSubmissions:
    """Our pull requests; `trouble` is raised by the next ones that are opened, `stores` all the same."""

    open_ones: tuple[OpenPullRequest, ...] = ()
    reviews: FakeReviews = field(default_factory=FakeReviews)
    trouble: list[Exception] = field(default_factory=list)
    stores: bool = False
    done: list[tuple[object, ...]] = field(default_factory=list)
    closed: tuple[TurnedDown, ...] = ()

    def mine(self) -> tuple[OpenPullRequest, ...]:
        return self.open_ones

    def turned_down(self) -> tuple[TurnedDown, ...]:
        return self.closed

    def open(self, files: Tree, title: str, description: str) -> int:
        if self.stores or not self.trouble:
            self.done.append(("open", dict(files)))
            self.open_ones = (OpenPullRequest(9, LATER),)
            self.reviews.trees = {**self.reviews.trees, LATER: dict(files)}
        if self.trouble:
            raise self.trouble.pop()
        return 9

    def amend(self, number: int, files: Tree, title: str, description: str) -> None:
        self.done.append(("amend", number, dict(files)))

    def withdraw(self, number: int, comment: str) -> None:
        self.done.append(("withdraw", number))


def submitted(
    files: Tree, main: Tree, mine: Tree | None = None, base: Tree | None = None, **more: object
) -> tuple[Submitted, FakeSubmissions]:
    trees = {MAIN: main, BASE: main if base is None else base, **({MINE: mine} if mine is not None else {})}
    reviews = FakeReviews({}, trees, {(MAIN, MINE): BASE})
    open_ones = (OpenPullRequest(7, MINE),) if mine is not None else ()
    submissions = FakeSubmissions(open_ones, reviews, **more)  # type: ignore[arg-type] # a test names what it is about
    return submit(files, MAIN, reviews, submissions, "title", ""), submissions


@pytest.mark.parametrize(
    ("files", "main", "mine", "expected"),
    [
        pytest.param({A: NEW}, {}, None, Opened(9), id="a first one"),
        pytest.param({A: NEW}, {A: OLD}, None, Opened(9), id="another score"),
        pytest.param({A: NEW}, {A: NEW}, None, Nothing(), id="main has it"),
        pytest.param({A: NEW}, {A: OLD}, {A: NEW}, Nothing(7), id="ours brings it"),
        pytest.param({A: NEW}, {A: OLD}, {A: b"- other"}, Amended(7), id="ours brings another"),
        pytest.param({A: NEW}, {A: OLD}, {A: OLD, B: NEW}, Opened(9), id="ours is about another file"),
        pytest.param({A: NEW, B: NEW}, {}, {A: NEW}, Amended(7), id="ours brings a part"),
    ],
)
def test_submit(files: Tree, main: Tree, mine: Tree | None, expected: Submitted) -> None:
    assert submitted(files, main, mine)[0] == expected


@pytest.mark.parametrize(
    ("main", "mine", "opens"),
    [
        pytest.param({}, None, True, id="a first one"),
        pytest.param({A: NEW}, None, False, id="main has it"),
        pytest.param({}, {A: NEW}, False, id="ours brings it"),
        pytest.param({}, {A: OLD}, False, id="ours is gone on with"),
    ],
)
def test_decide__whether_a_new_one_is_needed(main: Tree, mine: Tree | None, opens: bool) -> None:
    trees = {MAIN: main, BASE: main, **({MINE: mine} if mine is not None else {})}
    ours = FakeSubmissions((OpenPullRequest(7, MINE),) if mine is not None else ())

    assert decide({A: NEW}, MAIN, FakeReviews({}, trees, {(MAIN, MINE): BASE}), ours).opens == opens


def test_submit__main_that_moved_on_makes_no_pull_request_ours_for_a_file() -> None:
    done, _ = submitted({A: NEW}, {A: b"- moved on"}, {A: OLD, B: NEW}, base={A: OLD})

    assert done == Opened(9)


def test_submit__brings_only_what_is_new() -> None:
    _, submissions = submitted({A: OLD, B: NEW}, {A: OLD})

    assert submissions.done == [("open", {B: NEW})]


def test_submit__an_answer_that_was_lost_opens_no_second_one() -> None:
    done, submissions = submitted({A: NEW}, {}, trouble=[CouldNotFinish("502", "")], stores=True)

    assert done == Nothing(9)
    assert len(submissions.done) == 1


def test_submit__what_did_not_happen_is_tried_again() -> None:
    done, _ = submitted({A: NEW}, {}, trouble=[CouldNotFinish("502", "")])

    assert done == Opened(9)


@pytest.mark.parametrize("trouble", [[Forbidden("no", "")], [CouldNotFinish("1", ""), CouldNotFinish("2", "")]])
def test_submit__gives_up(trouble: list[Exception]) -> None:
    with pytest.raises(CouldNotFinish):
        submitted({A: NEW}, {}, trouble=list(trouble))


@pytest.mark.parametrize(
    ("closed", "found"),
    [
        pytest.param((), None, id="none was closed"),
        pytest.param(("61.0",), None, id="one with another score"),
        pytest.param(("57.0",), 1, id="one with this score"),
        pytest.param(("61.0", "57"), 2, id="an older one, in another spelling"),
        pytest.param(("57.0", "57.0"), 1, id="the newest of two"),
    ],
)
def test_turned_down(closed: tuple[str, ...], found: int | None) -> None:
    heads = {str(number) * 40: value for number, value in enumerate(closed, 1)}
    reviews = FakeReviews({}, {head: {A: entry_text(value).encode()} for head, value in heads.items()})
    ours = FakeSubmissions(closed=tuple(TurnedDown(int(head[0]), head, "acme") for head in heads))
    brought = parse_results(A, entry_text("57.0").encode()).entries

    refusal = turned_down(brought, reviews, ours)

    assert (refusal and refusal[0].number) == found
