"""A publisher that writes nothing, and says what it would have written."""

from evalmark.comment import Draft, Run
from evalmark.flows.dry_run import DryRun
from evalmark.flows.publish import publish_comment
from tests.fake_reviews import FakePublisher

SHA = "a" * 40


def draft(number: int, text: str) -> Draft:
    return Draft("default", SHA, Run(number), text, hidden="link")


def test_dry_run__says_what_would_be_created_and_creates_nothing() -> None:
    real, said = FakePublisher(), list[str]()
    publish_comment(DryRun(real, said.append), 1, draft(1, "words"), worth_a_first=True)

    assert real.comments(1) == ()
    assert said == [f"would write a comment on pull request 1:\n{draft(1, 'words').body}"]


def test_dry_run__says_what_would_be_changed_and_removed_and_leaves_it() -> None:
    real, said = FakePublisher(), list[str]()
    real.create_comment(1, draft(1, "old").body)
    real.create_comment(1, draft(2, "old too").body)
    before = real.comments(1)
    publish_comment(DryRun(real, said.append), 1, draft(3, "new"), worth_a_first=True)

    assert real.comments(1) == before
    assert [line.split(" on ")[0] for line in said] == [
        "would remove the comment 1001",
        "would change the comment 1002",
    ]
