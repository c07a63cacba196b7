"""Comments and commit statuses on GitHub."""

from typing import Final

from evalmark.adapters.github.client import GitHubClient
from evalmark.adapters.github.endpoints import (
    CREATE_COMMENT,
    DELETE_COMMENT,
    LIST_COMMENTS,
    SET_STATUS,
    UPDATE_COMMENT,
    Call,
    Repository,
)
from evalmark.adapters.github.refusals import Gone
from evalmark.adapters.github.reply import Reply
from evalmark.review import Comment, Status

LONGEST_DESCRIPTION: Final = 140  # characters; GitHub answers 422 for more, which its own description does not tell
PER_PAGE: Final = 100  # the most that GitHub gives


class GitHubPublisher:
    """Writes on pull requests of `repository` (`owner/name`) as `author`, the login that the token writes as.

    The author is given because a job's token cannot be asked who it is (`GET /user` is forbidden to it). Raises
    `UsageProblem` if the repo is not named so.
    """

    def __init__(self, client: GitHubClient, repository: str, author: str) -> None:
        self._client = client
        self._repository = Repository.parse(repository)
        self._author = author

    def me(self) -> str:
        """The author that was given."""
        return self._author

    def comments(self, number: int) -> tuple[Comment, ...]:
        """All comments, oldest first: GitHub orders them by their number."""
        call = Call(LIST_COMMENTS, self._repository, {"issue_number": number}, {"per_page": PER_PAGE})
        return tuple(_comment(item) for item in self._client.pages(call))

    def create_comment(self, number: int, body: str) -> Comment:
        """Add a comment. Its author is whom GitHub names, which may be another than `me()`."""
        call = Call(CREATE_COMMENT, self._repository, {"issue_number": number}, body={"body": body})
        return _comment(self._client.call(call))

    def update_comment(self, _number: int, comment: str, body: str) -> Comment:
        """Replace the body of a comment. Raises `Gone`, which is a `CouldNotFinish`, if it is not there any more."""
        call = Call(UPDATE_COMMENT, self._repository, {"comment_id": comment}, body={"body": body})
        return _comment(self._client.call(call))

    def delete_comment(self, _number: int, comment: str) -> None:
        """Remove a comment."""
        try:
            self._client.call(Call(DELETE_COMMENT, self._repository, {"comment_id": comment}))
        except Gone:
            return

    def set_status(self, commit: str, status: Status) -> None:
        """Set the status of a commit. Raises `ValueError` if its description is over 140 characters."""
        if len(status.description) > LONGEST_DESCRIPTION:
            raise ValueError(f"a status has at most {LONGEST_DESCRIPTION} characters, not {len(status.description)}")
        body = {"state": status.state, "context": status.context, "description": status.description}
        if status.url:
            body["target_url"] = status.url
        self._client.call(Call(SET_STATUS, self._repository, {"sha": commit}, body=body))


def _comment(item: Reply) -> Comment:
    url = item["html_url"].text_or_empty()
    return Comment(str(item["id"].number()), _author(item["user"]), item["body"].text_or_empty(), url)


def _author(user: Reply) -> str:
    """The login; empty for a deleted account.

    Also empty for an account that is called like a bot and is none: GitHub allows no such name, so that nobody can
    pass for us, but what we take for ours we may overwrite.
    """
    if user.is_null:
        return ""
    login = user["login"].text()
    return login if user["type"].text() == "Bot" or not login.endswith("[bot]") else ""
