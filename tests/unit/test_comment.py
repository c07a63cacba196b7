"""Which comment is ours, and what becomes of it."""

import itertools
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.comment import Create, Decision, Delete, Draft, Leave, Run, Update, answered, decide
from evalmark.review import Comment

ME = "github-actions[bot]"
SHA = "a" * 40


def draft(number: int = 7, text: str = "words", attempt: int = 1, key: str = "default") -> Draft:
    return Draft(key, SHA, Run(number, attempt), text)


def posted(made: Draft, id_: int = 1, author: str = ME) -> Comment:
    return Comment(str(id_), author, made.body)


def decided(*existing: Comment, made: Draft | None = None, first: bool = True) -> Decision:
    return decide(existing, ME, made or draft(), worth_a_first=first)


OURS = posted(draft(5))


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        pytest.param([], Create(), id="none yet"),
        pytest.param([OURS], Update(OURS), id="an older run's"),
        pytest.param([posted(draft(7))], Leave(posted(draft(7))), id="already said"),
        pytest.param([posted(draft(7, "other words"))], Update(posted(draft(7, "other words"))), id="other words"),
        pytest.param(
            [posted(draft(6))], Update(posted(draft(6))), id="the same words by an older run: its number stays"
        ),
        pytest.param([posted(draft(8))], Leave(posted(draft(8)), newer=True), id="a newer run's"),
        pytest.param(
            [posted(draft(7, attempt=2))], Leave(posted(draft(7, attempt=2)), newer=True), id="a newer attempt's"
        ),
        pytest.param([posted(draft(5), author="mallory")], Create(), id="our marker, posted by somebody"),
        pytest.param([Comment("1", ME, f"> {OURS.body}")], Create(), id="our marker, but not at its start"),
        pytest.param([Comment("1", ME, "Hello")], Create(), id="another comment of the same bot"),
        pytest.param([posted(draft(5, key="other"))], Create(), id="another use of the action"),
        pytest.param([OURS, posted(draft(6), 2)], Delete((OURS,)), id="two: the newer stays"),
        pytest.param([posted(draft(7), 2), posted(draft(7), 3)], Delete((posted(draft(7), 3),)), id="two of one run"),
        pytest.param(
            [Comment("1", ME, draft().body.replace("\n", "\r\n") + "\r\n")],
            Leave(Comment("1", ME, draft().body.replace("\n", "\r\n") + "\r\n")),
            id="as the host keeps it",
        ),
    ],
)
def test_decide(existing: list[Comment], expected: Decision) -> None:
    assert decided(*existing) == expected


def test_decide__nothing_worth_a_first_comment() -> None:
    assert decided(first=False) == Leave()


def test_decide__an_earlier_comment_is_kept_up_to_date_also_then() -> None:
    assert decided(OURS, first=False) == Update(OURS)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3)), max_size=6), st.integers(1, 9))
def test_decide__whatever_runs_wrote_one_comment_of_the_newest_is_left(
    runs: list[tuple[int, int]], number: int
) -> None:
    """Carry out what is decided until nothing is left to do."""
    ids = itertools.count(100)
    existing = [posted(draft(run, attempt=attempt), index) for index, (run, attempt) in enumerate(runs)]
    made = draft(number, "my words")
    for _ in range(4):
        match decided(*existing, made=made):
            case Create():
                existing.append(posted(made, next(ids)))
            case Update(comment):
                existing = [posted(made, int(each.id)) if each == comment else each for each in existing]
            case Delete(comments):
                existing = [each for each in existing if each not in comments]
            case Leave():
                break
    else:
        raise AssertionError("it never ends")

    newest = max([Run(*run) for run in runs], default=Run(0))
    assert [comment.body for comment in existing] == [
        (draft(newest.number, attempt=newest.attempt) if newest > made.run else made).body
    ]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (OURS, SHA),
        (Comment("1", ME, OURS.body, edited_by=ME), SHA),
        (Comment("1", ME, OURS.body, edited_by="owner"), None),
        (Comment("1", "mallory", OURS.body), None),
        (Comment("1", ME, "Hello"), None),
    ],
)
def test_answered__only_what_we_wrote_and_nobody_changed(comment: Comment, expected: str | None) -> None:
    assert answered([comment], ME, "default") == expected


@pytest.mark.parametrize("hidden", ["html", "link"])
def test_draft__its_marker_is_found_however_the_host_hides_it(hidden: Literal["html", "link"]) -> None:
    made = Draft("default", SHA, Run(7), "words", hidden)

    assert decided(posted(made), made=made) == Leave(posted(made))
