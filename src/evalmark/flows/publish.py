"""Say it on the pull request: one comment, whatever happens meanwhile, and a status on the commit that was judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalmark.comment import Create, Draft, Leave, Update, decide
from evalmark.errors import CouldNotFinish, Forbidden, TooLong
from evalmark.ports import Publisher
from evalmark.review import Comment

MOST_STEPS = 8
MOST_TRIES = 2


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of it: our comment if there is one, and what a reader of the run should know."""

    comment: Comment | None = None
    note: str = ""


def publish_comment(publisher: Publisher, number: int, draft: Draft, *, worth_a_first: bool) -> Posted:
    """Bring the pull request's comments into order, looking again after each step.

    A write that failed may have happened all the same, and another run may write at the same time: so nothing is
    written twice without a look. Raises what the port raises.
    """
    return _Poster(publisher, number, draft).post(worth_a_first=worth_a_first)


class _Poster:
    def __init__(self, publisher: Publisher, number: int, draft: Draft) -> None:
        self._publisher = publisher
        self._number = number
        self._draft = draft
        self._tries = 0
        self._created: Comment | None = None

    def post(self, *, worth_a_first: bool) -> Posted:
        me = self._publisher.me()
        for _ in range(MOST_STEPS):
            decision = decide(self._existing(), me, self._draft, worth_a_first=worth_a_first)
            if isinstance(decision, Leave):
                newer = "a later run has already said more on this pull request"
                return Posted(decision.comment, newer if decision.newer else "")
            if isinstance(decision, Create):
                self._create()
                if self._created is not None and self._created.author != me:
                    return Posted(self._created, _stranger(self._created.author, me))
            elif isinstance(decision, Update):
                self._publisher.update_comment(self._number, decision.comment.id, self._draft.body)
            else:
                self._delete(decision.comments)
        raise CouldNotFinish(
            "several runs keep writing the comment at the same time",
            "let one run of the workflow per pull request at a time",
        )

    def _existing(self) -> Sequence[Comment]:
        """A list may lag behind: what was created just now is there."""
        listed = self._publisher.comments(self._number)
        missing = self._created is not None and all(comment.id != self._created.id for comment in listed)
        return (*listed, self._created) if missing and self._created else listed

    def _create(self) -> None:
        """Trouble is looked into before it is believed: the host may have stored what it did not answer."""
        self._tries += 1
        try:
            self._created = self._publisher.create_comment(self._number, self._draft.body)
        except (Forbidden, TooLong):
            raise
        except CouldNotFinish:
            if self._tries >= MOST_TRIES:
                raise

    def _delete(self, comments: Sequence[Comment]) -> None:
        for comment in comments:
            self._publisher.delete_comment(self._number, comment.id)
            if self._created is not None and comment.id == self._created.id:
                self._created = None


def _stranger(author: str, me: str) -> str:
    return (
        f"the comment appears under the name {author}, not {me}, so the next run will not know it: "
        f"set the input `comment-author: {author}`"
    )
