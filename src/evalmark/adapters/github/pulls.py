"""How the pull requests of a repo on GitHub stand."""

from datetime import datetime
from typing import Final

from evalmark.adapters.github.client import GitHubClient
from evalmark.adapters.github.endpoints import LIST_PULL_REQUESTS, Call, Repository
from evalmark.adapters.github.reply import Reply
from evalmark.review import Ending, PullState

PER_PAGE: Final = 100


class GitHubPulls:
    """The pull requests of `repository` (`owner/name`). One question for a hundred of them, when first asked."""

    def __init__(self, client: GitHubClient, repository: str) -> None:
        self._client = client
        self._repository = Repository.parse(repository)
        self._endings: dict[int, Ending] = {}

    def states(self) -> tuple[PullState, ...]:
        """All of them, newest first."""
        call = Call(LIST_PULL_REQUESTS, self._repository, query={"state": "all", "per_page": PER_PAGE})
        return tuple(self._state(reply) for reply in self._client.pages(call))

    def ending(self, number: int) -> Ending:
        """As the list told; GitHub's list does not say who closed or merged it."""
        if number not in self._endings:
            self.states()
        return self._endings.get(number, Ending())

    def _state(self, reply: Reply) -> PullState:
        number = reply["number"].number()
        merged_at, closed_at = _time(reply["merged_at"]), _time(reply["closed_at"])
        self._endings[number] = Ending(merged_at or closed_at)
        if reply["state"].text() == "open":
            return PullState(number, "open")
        return PullState(number, "merged" if merged_at is not None else "closed")


def _time(reply: Reply) -> datetime | None:
    if reply.is_null:
        return None
    try:
        return datetime.fromisoformat(reply.text())
    except ValueError:
        return None
