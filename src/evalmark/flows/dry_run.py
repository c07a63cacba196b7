"""A `Publisher` that writes nothing, and says what it would have written."""

from collections.abc import Callable

from evalmark.ports import Publisher
from evalmark.review import Comment


class DryRun:
    """Reads through `publisher`; writes go to `say` alone, and are then read as if they had been done."""

    def __init__(self, publisher: Publisher, say: Callable[[str], None]) -> None:
        self._publisher = publisher
        self._say = say
        self._written: dict[str, Comment | None] = {}

    def me(self) -> str:
        """The login under which comments of ours would appear."""
        return self._publisher.me()

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Those that are there, as they would be."""
        there = self._publisher.comments(number)
        known = {comment.id for comment in there}
        now = [self._written.get(comment.id, comment) for comment in there]
        added = [comment for name, comment in self._written.items() if name not in known]
        return tuple(comment for comment in (*now, *added) if comment is not None)

    def create_comment(self, number: int, body: str) -> Comment:
        """Tell the comment that would be added."""
        self._say(f"would write a comment on pull request {number}:\n{body}")
        return self._keep(Comment(f"not-written-{len(self._written)}", self.me(), body))

    def update_comment(self, number: int, comment: str, body: str) -> Comment:
        """Tell what the comment would become."""
        self._say(f"would change the comment {comment} on pull request {number}:\n{body}")
        return self._keep(Comment(comment, self.me(), body))

    def delete_comment(self, number: int, comment: str) -> None:
        """Tell that the comment would go."""
        self._say(f"would remove the comment {comment} on pull request {number}")
        self._written[comment] = None

    def _keep(self, comment: Comment) -> Comment:
        self._written[comment.id] = comment
        return comment
