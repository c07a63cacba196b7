"""What is done about a job: the Hub is asked, the verification is somebody else's, commands are carried out here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from evalmark.flows.publish import publish_comment
from evalmark.ports import Publisher
from evalmark.review import Comment
from evalmark.web.commands import Allowed, command_in
from evalmark.web.desk import Desk
from evalmark.web.explain import explanation
from evalmark.web.ledger import Job


class Hub(Protocol):
    """What is asked of the Hub. All raise what a `Publisher` raises."""

    def head(self, model: str, number: int) -> str | None:
        """The newest commit of a pull request; None if it is not open."""

    def comment(self, model: str, number: int, comment: str) -> Comment | None:
        """A comment by its id."""

    def members(self, owner: str) -> tuple[str, ...]:
        """The people of an organisation; none for a person."""


class Verifying(Protocol):
    """Verifies and answers."""

    def deal_with(self, model: str, number: int) -> str:
        """What came of it, in words: `1 mismatch; answered`."""

    def interrupt(self) -> None:
        """End all that is going on: `deal_with` raises `Interrupted`."""


@dataclass(frozen=True, slots=True)
class HubCarrier:
    """The worker's `Carrier`.

    `publisher` tells where an answer for a model goes; `report` gives the text of a pull request's last `verdict.json`.
    """

    desk: Desk
    hub: Hub
    verifying: Verifying
    allowed: Allowed
    publisher: Callable[[str], Publisher]
    report: Callable[[str, int], str | None]

    def head(self, model: str, number: int) -> str | None:
        """The pull request's newest commit; None if it is no longer open."""
        return self.hub.head(model, number)

    def deal_with(self, model: str, number: int) -> str:
        """Verify and answer."""
        return self.verifying.deal_with(model, number)

    def interrupt(self) -> None:
        """End what is being done."""
        self.verifying.interrupt()

    def carry_out(self, job: Job) -> str:
        """Look the comment up, for a webhook names no author; and do as it says, if its author may say so."""
        said = self.hub.comment(job.model, job.number, job.comment)
        if said is None or command_in(said.body) != job.command:
            return "gone"
        if not self.allowed.may(said.author, job.model, self.hub.members):
            return "not-allowed"
        if job.command == "verify":
            again = Job(job.model, job.number, "command")
            self.desk.want(again, f"verify:{job.comment}", forced=True)
            return "queued"
        return self._explain(job)

    def _explain(self, job: Job) -> str:
        head = self.hub.head(job.model, job.number)
        if head is None:
            return "not-open"
        draft = explanation(self.report(job.model, job.number), head, int(self.desk.clock() * 1000))
        publish_comment(self.publisher(job.model), job.number, draft, worth_a_first=True)
        return "answered"
