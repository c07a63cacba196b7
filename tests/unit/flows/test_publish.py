"""Saying it on the pull request, whatever happens meanwhile."""

from dataclasses import dataclass

import pytest

from evalmark.comment import Draft, Run
from evalmark.errors import CouldNotFinish, Forbidden
from evalmark.flows.publish import publish_comment
from evalmark.review import Comment
from tests.fake_reviews import FakePublisher

SHA = "a" * 40


def draft(number: int = 7, text: str = "words") -> Draft:
    return Draft("default", SHA, Run(number), text)


def bodies(publisher: FakePublisher) -> list[str]:
    return [comment.body for comment in publisher.comments(1)]


def test_publish__twice_leaves_one_comment() -> None:
    publisher = FakePublisher()
    publish_comment(publisher, 1, draft(7), worth_a_first=True)
    posted = publish_comment(publisher, 1, draft(8, "new words"), worth_a_first=True)

    assert bodies(publisher) == [draft(8, "new words").body]
    assert posted.comment is not None


def test_publish__a_race_of_two_first_comments_leaves_the_newer() -> None:
    publisher = FakePublisher()
    rival = FakePublisher(comments_of=publisher.comments_of, ids=publisher.ids)

    def the_other_run() -> None:
        publisher.after_create = lambda: None
        rival.create_comment(1, draft(8, "the other's").body)

    publisher.after_create = the_other_run
    posted = publish_comment(publisher, 1, draft(7), worth_a_first=True)

    assert bodies(publisher) == [draft(8, "the other's").body]
    assert "later run" in posted.note


@dataclass
class Flaky(FakePublisher):
    """Answers the first writes with trouble; `stores` says whether they happen all the same."""

    stores: bool = True
    troubles: int = 1

    def create_comment(self, number: int, body: str) -> Comment:
        if self.troubles:
            self.troubles -= 1
            if self.stores:
                super().create_comment(number, body)
            raise CouldNotFinish("502", "try again")
        return super().create_comment(number, body)


@pytest.mark.parametrize("stores", [True, False])
def test_publish__a_write_that_failed_is_looked_for_before_it_is_repeated(stores: bool) -> None:
    publisher = Flaky(stores=stores)
    publish_comment(publisher, 1, draft(), worth_a_first=True)

    assert bodies(publisher) == [draft().body]


def test_publish__gives_up_if_it_keeps_failing() -> None:
    with pytest.raises(CouldNotFinish):
        publish_comment(Flaky(stores=False, troubles=9), 1, draft(), worth_a_first=True)


@dataclass
class Lagging(FakePublisher):
    """Never lists what was created."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        return ()


def test_publish__a_list_that_lags_behind_brings_no_second_comment() -> None:
    publisher = Lagging()
    publish_comment(publisher, 1, draft(), worth_a_first=True)

    assert len(publisher.comments_of[1]) == 1


@dataclass
class Renamed(FakePublisher):
    """Comments appear under another name than it says."""

    def me(self) -> str:
        return "expected[bot]"


def test_publish__a_comment_under_another_name_is_told_with_the_input_to_set() -> None:
    publisher = Renamed()
    posted = publish_comment(publisher, 1, draft(), worth_a_first=True)

    assert "comment-author: github-actions[bot]" in posted.note
    assert len(publisher.comments_of[1]) == 1


@dataclass
class Restless(FakePublisher):
    """Somebody changes the comment again after each look."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        found = super().comments(number)
        return tuple(Comment(each.id, each.author, f"{each.body} changed") for each in found)


def test_publish__does_not_go_on_for_ever() -> None:
    publisher = Restless()
    publisher.create_comment(1, draft(1).body)
    with pytest.raises(CouldNotFinish, match="keep writing"):
        publish_comment(publisher, 1, draft(7), worth_a_first=True)


def test_publish__one_that_another_run_removed_meanwhile() -> None:
    publisher = FakePublisher()
    for number in (1, 2, 3):
        publisher.create_comment(1, draft(number).body)
    publish_comment(publisher, 1, draft(7), worth_a_first=True)

    assert bodies(publisher) == [draft(7).body]


def test_publish__what_may_not_be_written_is_not_tried_again() -> None:
    with pytest.raises(Forbidden):
        publish_comment(FakePublisher(forbidden=True), 1, draft(), worth_a_first=True)
