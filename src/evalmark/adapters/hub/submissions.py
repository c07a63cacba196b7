"""Our own pull requests on a model repo of the Hub: opened, gone on with, and withdrawn."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final, Literal

from huggingface_hub import CommitOperationAdd, Discussion, DiscussionComment
from huggingface_hub.community import DiscussionWithDetails

from evalmark.adapters.hub.caller import HubCaller
from evalmark.adapters.hub.pulls import ending_of
from evalmark.errors import CouldNotFinish
from evalmark.report.submission import MADE_WITH
from evalmark.review import OpenPullRequest, TurnedDown

LONGEST_TITLE: Final = 200
MOST_CLOSED: Final = 20
"""More would be a question to the Hub each; a refusal that old is forgotten."""


class HubSubmissions(HubCaller):
    """Pull requests on the model repo `model` of the holder of `token`."""

    def __init__(self, endpoint: str, token: str | None, model: str) -> None:
        super().__init__(endpoint, token)
        self._model = model

    def mine(self) -> tuple[OpenPullRequest, ...]:
        """Those of ours that are open, newest first."""
        return tuple(OpenPullRequest(*each) for each in self._heads(self._listed("open")))

    def turned_down(self) -> tuple[TurnedDown, ...]:
        """The last ones of ours that somebody else closed without merging them, newest first."""
        closed = [each for each in self._listed("closed") if each.status == "closed"]
        return tuple(
            TurnedDown(number, head, by)
            for number, head in self._heads(closed[:MOST_CLOSED])
            if (by := ending_of(self._details(number)).by) not in ("", self._me)
        )

    @cached_property
    def _me(self) -> str:
        return str(self._ask("whose token this is", self._api.whoami)["name"])

    def _listed(self, status: Literal["open", "closed"]) -> list[Discussion]:
        return self._ask(
            f"our pull requests on {self._model}",
            lambda: list(
                self._api.get_repo_discussions(
                    self._model, author=self._me, discussion_type="pull_request", discussion_status=status
                )
            ),
        )

    def _heads(self, listed: Sequence[Discussion]) -> list[tuple[int, str]]:
        """Numbers with their newest commits, of those that have any."""
        if not listed:
            return []
        refs = self._ask(
            f"the pull requests of {self._model}",
            lambda: self._api.list_repo_refs(self._model, include_pull_requests=True),
        )
        heads = {ref.ref: ref.target_commit for ref in refs.pull_requests or ()}
        return [(each.num, heads[f"refs/pr/{each.num}"]) for each in listed if f"refs/pr/{each.num}" in heads]

    def _details(self, number: int) -> DiscussionWithDetails:
        what = f"pull request {number} of {self._model}"
        return self._ask(what, lambda: self._api.get_discussion_details(self._model, number))

    def open(self, files: Mapping[str, bytes], title: str, description: str) -> int:
        """Open one with these files. It is not repeated: what was not answered may have been opened."""
        commit = self._once(
            f"a pull request on {self._model}",
            lambda: self._api.create_commit(
                self._model,
                [CommitOperationAdd(path, content) for path, content in files.items()],
                commit_message=title[:LONGEST_TITLE],
                commit_description=description,
                create_pr=True,
            ),
        )
        if commit.pr_num is None:
            raise CouldNotFinish(f"{self._model} has these very files already, so nothing was opened", "look at main")
        return int(commit.pr_num)

    def amend(self, number: int, files: Mapping[str, bytes], title: str, description: str) -> None:
        """Add a commit to one of ours. The same files a second time change nothing.

        The description comes first: once the files are there, nobody looks at it again.
        """
        self._describe(number, description)
        self._ask(
            f"pull request {number} of {self._model}",
            lambda: self._api.create_commit(
                self._model,
                [CommitOperationAdd(path, content) for path, content in files.items()],
                commit_message=title[:LONGEST_TITLE],
                revision=f"refs/pr/{number}",
            ),
        )

    def _describe(self, number: int, description: str) -> None:
        """Write the description anew, unless it is in words of the submitter's own."""
        what = f"pull request {number} of {self._model}"
        first = next((event for event in self._details(number).events if isinstance(event, DiscussionComment)), None)
        if first is None or MADE_WITH not in first.content or first.content == description:
            return
        comment = first.id
        self._ask(what, lambda: self._api.edit_discussion_comment(self._model, number, comment, description))

    def withdraw(self, number: int, comment: str) -> None:
        """Close one of ours, and say why."""
        self._ask(
            f"pull request {number} of {self._model}",
            lambda: self._api.change_discussion_status(self._model, number, "closed", comment=comment),
        )

    def address(self, number: int) -> str:
        """Where a person looks at it."""
        return f"{self._endpoint}/{self._model}/discussions/{number}"
