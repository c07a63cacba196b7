"""How the pull requests of a model repo on the Hub stand."""

from collections.abc import Mapping
from typing import Final, Literal

from huggingface_hub.community import DiscussionStatusChange, DiscussionWithDetails

from evalmark.adapters.hub.caller import HubCaller
from evalmark.adapters.hub.reviews import OPEN
from evalmark.review import Ending, PullState

MAIN: Final = "refs/heads/main"
_ENDS: Final = ("merged", "closed")


class HubPulls(HubCaller):
    """The pull requests of the model repo `model` (`owner/name`)."""

    def __init__(self, endpoint: str, token: str | None, model: str) -> None:
        super().__init__(endpoint, token)
        self._model = model

    def refs(self) -> Mapping[str, str]:
        """Main and every pull request, each with its newest commit."""
        found = self._ask(
            f"the branches of {self._model}",
            lambda: self._api.list_repo_refs(self._model, include_pull_requests=True),
        )
        main = [ref for ref in found.branches if ref.ref == MAIN]
        return {ref.ref: ref.target_commit for ref in (*main, *(found.pull_requests or ()))}

    def states(self) -> tuple[PullState, ...]:
        """All of them, newest first."""
        listed = self._ask(
            f"the pull requests of {self._model}",
            lambda: list(self._api.get_repo_discussions(self._model, discussion_type="pull_request")),
        )
        return tuple(PullState(each.num, "open" if each.status in OPEN else _ended(each.status)) for each in listed)

    def ending(self, number: int) -> Ending:
        """From the last change of its status."""
        details = self._ask(
            f"pull request {number} of {self._model}", lambda: self._api.get_discussion_details(self._model, number)
        )
        return ending_of(details)


def _ended(status: str) -> Literal["merged", "closed"]:
    return "merged" if status == "merged" else "closed"


def ending_of(details: DiscussionWithDetails) -> Ending:
    """When and by whom it was last ended."""
    ends = [
        event for event in details.events if isinstance(event, DiscussionStatusChange) and event.new_status in _ENDS
    ]
    return Ending(ends[-1].created_at, ends[-1].author) if ends else Ending()
