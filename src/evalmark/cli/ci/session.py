"""What all modes share: the pull request at the commit that the run is about, and what is proposed in it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from evalmark.adapters.github import GitHubClient, GitHubPublisher, GitHubReviews
from evalmark.checks.places import DECLARATION
from evalmark.cli.check.settings import CheckSettings, declared_settings
from evalmark.cli.ci.event import Target, target_of
from evalmark.cli.ci.inputs import Inputs
from evalmark.cli.ci.workflow import Workflow
from evalmark.cli.settings import Settings
from evalmark.errors import Refused, UsageProblem
from evalmark.finding import Finding
from evalmark.flows.proposed import Proposed, proposed
from evalmark.flows.validate import new_findings
from evalmark.plan.changes import Change
from evalmark.review import PullRequest


@dataclass(frozen=True)
class Session:
    """One run of the action."""

    workflow: Workflow
    inputs: Inputs
    settings: Settings

    @cached_property
    def target(self) -> Target:
        """The pull request and the commit."""
        return target_of(self.workflow.event_name, self.workflow.event, self.inputs)

    @cached_property
    def publisher(self) -> GitHubPublisher:
        """Where something can be said."""
        return GitHubPublisher(self._client, self.workflow.repository, self.inputs.say.author)

    @cached_property
    def now(self) -> PullRequest:
        """The pull request as it stands now."""
        return self._reviews.pull_request(self.target.number)

    @property
    def moved_to(self) -> str | None:
        """The head of the pull request, if it is no longer the commit that the run is about."""
        return self.now.head if self.now.head != self.target.head else None

    def proposed(self, *, whole: bool) -> Proposed:
        """What the pull request proposes at that commit."""
        at = self.now
        if self.moved_to is not None:
            head = self.target.head
            at = replace(at, head=head, base=self._reviews.merge_base(at.target, head))
        return proposed(self._reviews, at, self.inputs.root, whole=whole)

    def check_settings(self, proposal: Proposed) -> CheckSettings:
        """How the owner wants files to be checked: as it stands in the base, which the pull request cannot change."""
        return declared_settings(proposal.before.files.get(f"{self.inputs.root}{DECLARATION}", b""))

    def findings(self, proposal: Proposed, more: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
        """What is wrong in the files, and was not before."""
        settings = self.check_settings(proposal)
        today = datetime.now(UTC).date()
        return new_findings(proposal, today, settings.selection, more, strict=settings.strict)

    def refuse_what_moved(self) -> None:
        """A rerun costs, and nobody waits for one of an old commit. Raises `Refused`."""
        if self.moved_to is not None:
            raise Refused(
                f"pull request {self.target.number} has moved on from {self.target.head[:12]} to {self.moved_to[:12]}",
                "look at the new commit, and start the rerun for that one",
            )

    @cached_property
    def _client(self) -> GitHubClient:
        token = self.inputs.github_token
        if not token:
            raise UsageProblem(
                "there is no GitHub token, so the pull request cannot be read",
                "leave the input `github-token` out of the workflow, or write github-token: ${{ github.token }}",
            )
        return GitHubClient(self.workflow.api_url, token)

    @cached_property
    def _reviews(self) -> GitHubReviews:
        return GitHubReviews(self._client, self.workflow.repository)


def new_claims(changes: tuple[Change, ...]) -> int:
    """How many entries claim what was not claimed before."""
    return sum(change.is_new_claim for change in changes)
