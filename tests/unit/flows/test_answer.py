"""Answering a pull request on the Hub."""

from dataclasses import dataclass

import pytest

from evalmark.errors import TooLong
from evalmark.flows.answer import answer, tell
from evalmark.flows.proposed import Proposed, Side
from evalmark.report.pull_request import SHORT_BYTES
from evalmark.review import Comment, PullRequest
from evalmark.verdict import Answer
from tests.builders import verdict
from tests.fake_reviews import FakePublisher, FakeReviews

BASE, HEAD, NEWER = "a" * 40, "b" * 40, "c" * 40


def pull_request(head: str) -> PullRequest:
    return PullRequest(1, head, BASE, BASE, from_fork=True)


PROPOSAL = Proposed(pull_request(HEAD), "", Side(), Side())


@pytest.mark.parametrize(("now", "moved_to"), [(HEAD, None), (NEWER, NEWER)])
def test_tell__whether_the_pull_request_has_moved_on(now: str, moved_to: str | None) -> None:
    told = tell(PROPOSAL, [verdict()], [], FakeReviews({1: pull_request(now)}))

    assert (told.head, told.moved_to) == (HEAD, moved_to)


def told_of(count: int) -> FakePublisher:
    publisher = Strict()
    told = tell(PROPOSAL, [verdict(Answer.VERIFIED)] * count, [], FakeReviews({1: pull_request(HEAD)}))
    answer(told, 1, publisher, 5)
    return publisher


@dataclass
class Strict(FakePublisher):
    """A host that takes little."""

    def create_comment(self, number: int, body: str) -> Comment:
        if len(body) > SHORT_BYTES + 500:
            raise TooLong("too long", "say less")
        return super().create_comment(number, body)


def test_answer__is_one_comment_with_a_marker_that_needs_no_html() -> None:
    (comment,) = told_of(1).comments(1)

    assert comment.body.startswith(f"[//]: # (evalmark:sticky:v1:default sha={HEAD} run=5 attempt=1)\n\n### evalmark")


def test_answer__in_short_where_the_host_takes_no_more() -> None:
    (comment,) = told_of(60).comments(1)

    assert "60 verified" in comment.body
    assert "more claims" in comment.body


def test_answer__nothing_where_no_score_is_brought() -> None:
    assert told_of(0).comments(1) == ()
