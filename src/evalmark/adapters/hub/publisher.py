"""What is said on a pull request of the Hub: comments of one account, found again and edited in place."""

import warnings
from collections.abc import Callable
from typing import Final

import httpx2
from huggingface_hub import DiscussionComment
from huggingface_hub.errors import HfHubHTTPError

from evalmark.adapters.hub.caller import HubCaller
from evalmark.adapters.hub.trouble import TROUBLE, in_words, patiently
from evalmark.errors import CouldNotFinish, TooLong
from evalmark.review import Comment

TOO_LONG: Final = frozenset({400, 413, 422})


class HubPublisher(HubCaller):
    """Speaks on pull requests of the model repo `model` for the holder of `token`."""

    def __init__(self, endpoint: str, token: str | None, model: str) -> None:
        super().__init__(endpoint, token)
        self._model = model
        self._name = ""

    def me(self) -> str:
        """The account's name, asked for once: the Hub limits this question strictly."""
        if not self._name:
            self._name = str(self._ask("whose token this is", self._api.whoami)["name"])
        return self._name

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All comments that are not hidden, oldest first, with the description of the pull request as the first."""
        what = f"the comments of pull request {number} of {self._model}"
        details = self._ask(what, lambda: self._api.get_discussion_details(self._model, number))
        return tuple(
            self._comment(number, event)
            for event in details.events
            if isinstance(event, DiscussionComment) and not event.hidden
        )

    def create_comment(self, number: int, body: str) -> Comment:
        """Add a comment. It is not repeated: what was not answered may have been stored."""
        event = self._write(number, body, lambda: self._api.comment_discussion(self._model, number, body))
        return self._comment(number, event)

    def update_comment(self, number: int, comment: str, body: str) -> Comment:
        """Replace the body of a comment."""
        event = self._write(
            number,
            body,
            lambda: patiently(lambda: self._api.edit_discussion_comment(self._model, number, comment, body)),
        )
        return self._comment(number, event)

    def delete_comment(self, number: int, comment: str) -> None:
        """Hide a comment: its words go, and it is not listed any more. The Hub removes none."""
        what = f"a comment on pull request {number} of {self._model}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that it cannot be undone is known here
            self._ask(what, lambda: self._api.hide_discussion_comment(self._model, number, comment))

    def _write(self, number: int, body: str, write: Callable[[], DiscussionComment]) -> DiscussionComment:
        what = f"a comment on pull request {number} of {self._model}"
        try:
            return write()
        except HfHubHTTPError as error:
            if error.response.status_code in TOO_LONG:
                raise TooLong(f"{what}: {self._endpoint} does not take {len(body):,} characters", "say less") from error
            raise in_words(error, what, self._endpoint) from error
        except (httpx2.HTTPError, *TROUBLE) as error:
            raise in_words(error, what, self._endpoint) from error

    def _comment(self, number: int, event: DiscussionComment) -> Comment:
        if not isinstance(event, DiscussionComment):
            raise CouldNotFinish(f"{self._endpoint} answered a comment with something else", "try again")
        url = f"{self._endpoint}/{self._model}/discussions/{number}#{event.id}"
        return Comment(
            str(event.id), str(event.author), str(event.content), url, event.last_edited_by if event.edited else ""
        )
