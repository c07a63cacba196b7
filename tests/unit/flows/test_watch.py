"""Which open pull requests are new since the last look."""

import pytest

from evalmark.flows.watch import Cursor
from evalmark.review import OpenPullRequest

A, B = "a" * 40, "b" * 40
ONE, TWO = OpenPullRequest(1, A), OpenPullRequest(2, A)


@pytest.mark.parametrize(
    ("seen", "open_ones", "fresh"),
    [
        ([], [TWO, ONE], (ONE, TWO)),
        ([ONE], [TWO, ONE], (TWO,)),
        ([ONE, TWO], [TWO, ONE], ()),
        ([ONE], [OpenPullRequest(1, B)], (OpenPullRequest(1, B),)),
        ([ONE], [], ()),
    ],
)
def test_fresh(
    seen: list[OpenPullRequest], open_ones: list[OpenPullRequest], fresh: tuple[OpenPullRequest, ...]
) -> None:
    cursor = Cursor()
    for each in seen:
        cursor = cursor.having_seen("acme/model", each)

    assert cursor.fresh("acme/model", open_ones) == fresh


def test_cursor__knows_one_model_from_another() -> None:
    assert Cursor().having_seen("acme/model", ONE).fresh("acme/other", [ONE]) == (ONE,)


def test_cursor__one_that_was_closed_is_new_when_it_is_opened_again() -> None:
    cursor = Cursor().having_seen("acme/model", ONE).without_closed("acme/model", [])

    assert cursor == Cursor()
    assert cursor.fresh("acme/model", [ONE]) == (ONE,)
