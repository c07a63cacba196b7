"""Answer a pull request on the Hub: one comment, as long as the host takes it, and none where no score is brought."""

from collections.abc import Sequence

from evalmark.comment import Draft, Run
from evalmark.errors import TooLong
from evalmark.finding import Finding
from evalmark.flows.proposed import Proposed
from evalmark.flows.publish import Posted, publish_comment
from evalmark.ports import Publisher, Reviews
from evalmark.report.overall import overall
from evalmark.report.pull_request import COMMENT_BYTES, SHORT_BYTES, Told, told_as_markdown
from evalmark.verdict import Verdict

KEY = "default"


def tell(
    proposal: Proposed, verdicts: Sequence[Verdict], findings: Sequence[Finding], reviews: Reviews, digest: str = ""
) -> Told:
    """All that there is to tell of a pull request that was judged at its head then."""
    judged = proposal.pull_request
    now = reviews.pull_request(judged.number).head
    return Told(
        head=judged.head,
        whole=overall(verdicts, findings, frozenset()),
        verdicts=verdicts,
        findings=findings,
        changes=proposal.changes,
        digest=digest,
        moved_to=now if now != judged.head else None,
    )


def answer(told: Told, number: int, publisher: Publisher, at: int) -> Posted:
    """Say it in our one comment; in short if the host does not take the long form. `at`: milliseconds since 1970.

    Of two answers the later stays. Raises what the port raises.
    """
    try:
        return _publish(told, number, publisher, at, COMMENT_BYTES)
    except TooLong:
        return _publish(told, number, publisher, at, SHORT_BYTES)


def _publish(told: Told, number: int, publisher: Publisher, at: int, most: int) -> Posted:
    draft = Draft(KEY, told.head, Run(at), told_as_markdown(told, most), hidden="link")
    return publish_comment(publisher, number, draft, worth_a_first=told.has_news)
