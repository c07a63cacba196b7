"""A discussion or pull request as a value: what is in it, and what each step makes of it. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

from evalmark.localhub.events import CommentFacts, DiscussionFacts

Status = Literal["draft", "open", "closed", "merged"]
_HIDDEN = "This comment has been hidden"


@dataclass(frozen=True)
class Moment:
    """Who did something, and when (a date as the Hub writes it)."""

    author: str
    at: str


@dataclass(frozen=True)
class Version:
    """The text of a comment at one time."""

    text: str
    by: Moment


@dataclass(frozen=True)
class Comment:
    """A comment with all its versions, oldest first. Of a hidden one no text is kept."""

    id: str
    versions: tuple[Version, ...]
    hidden: bool = False
    type: Literal["comment"] = "comment"

    @property
    def by(self) -> Moment:
        """Who wrote it first, and when."""
        return self.versions[0].by

    @property
    def text(self) -> str:
        """What it says now."""
        return self.versions[-1].text


@dataclass(frozen=True)
class Step:
    """Something that happened to a discussion other than a comment; `data` as the Hub tells it."""

    id: str
    by: Moment
    type: Literal["status-change", "commit", "title-change"]
    data: dict[str, str]


@dataclass(frozen=True)
class Discussion:
    """A discussion or pull request. The first of its events is its description.

    `base` is the ref that a pull request is to be merged into; `merge_commit` is set once it is, and `merged_onto` is
    what the ref stood for until then.
    """

    id: str
    number: int
    title: str
    status: Status
    by: Moment
    events: tuple[Comment | Step, ...]
    base: str | None = None
    merge_commit: str | None = None
    merged_onto: str | None = None

    @property
    def is_pull_request(self) -> bool:
        """Whether commits belong to it."""
        return self.base is not None

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody; a draft does."""
        return self.status in {"draft", "open"}

    def comment(self, comment_id: str) -> Comment | None:
        """The comment with that id."""
        comments = (event for event in self.events if isinstance(event, Comment))
        return next((comment for comment in comments if comment.id == comment_id), None)

    def with_event(self, event: Comment | Step) -> "Discussion":
        """The discussion after a comment or a step."""
        return replace(self, events=(*self.events, event))

    def with_status(self, status: Status, step: Step) -> "Discussion":
        """The discussion after its status changed."""
        return replace(self.with_event(step), status=status)

    def with_title(self, title: str, step: Step) -> "Discussion":
        """The discussion after it was renamed."""
        return replace(self.with_event(step), title=title)

    def with_comment(self, changed: Comment) -> "Discussion":
        """The discussion with `changed` in the place of the comment that has its id."""
        return replace(self, events=tuple(changed if event.id == changed.id else event for event in self.events))


def edited(comment: Comment, text: str, by: Moment) -> Comment:
    """The comment with a new text; the older ones stay readable."""
    return replace(comment, versions=(*comment.versions, Version(text, by)))


def hidden(comment: Comment, by: Moment) -> Comment:
    """The comment without any of its texts."""
    return replace(comment, versions=(Version(_HIDDEN, comment.by), Version(_HIDDEN, by)), hidden=True)


def facts_of(discussion: Discussion) -> DiscussionFacts:
    """What listeners are told of a discussion."""
    return DiscussionFacts(
        id=discussion.id,
        number=discussion.number,
        title=discussion.title,
        status=discussion.status,
        author=discussion.by.author,
        is_pull_request=discussion.is_pull_request,
        base=discussion.base,
        merge_commit=discussion.merge_commit,
    )


def comment_facts(comment: Comment) -> CommentFacts:
    """What listeners are told of a comment."""
    return CommentFacts(comment.id, comment.by.author, comment.text, comment.hidden)
