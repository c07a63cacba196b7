"""What happened on this Hub, told to `HubState.listeners` after it is on the disk; webhooks are made of these.

Every event names the repo and `who` did it. One request can give more than one event: opening a pull request gives
`DiscussionCreated`, and `ContentUpdated` with the new ref, as on the real Hub.
"""

from dataclasses import dataclass

from evalmark.localhub.names import RepoId
from evalmark.localhub.people import Person


@dataclass(frozen=True)
class RefUpdate:
    """A ref by its full name, and the commit it stood for and stands for now; None if there was or is none."""

    ref: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class DiscussionFacts:
    """A discussion or pull request after the event. `id` is 24 hex digits; `author` is a name, see `person_id`."""

    id: str
    number: int
    title: str
    status: str
    author: str
    is_pull_request: bool
    base: str | None
    """The full ref that a pull request is to be merged into, such as `refs/heads/main`."""
    merge_commit: str | None


@dataclass(frozen=True)
class CommentFacts:
    """A comment after the event; of a hidden one the content is gone."""

    id: str
    author: str
    content: str
    hidden: bool


@dataclass(frozen=True)
class RepoCreated:
    """A repo was made over the API (scope `repo`, action `create`)."""

    repo: RepoId
    who: Person


@dataclass(frozen=True)
class ContentUpdated:
    """Refs moved, by a commit, a merge or a push (scope `repo.content`, action `update`)."""

    repo: RepoId
    who: Person
    refs: tuple[RefUpdate, ...]


@dataclass(frozen=True)
class DiscussionCreated:
    """A discussion or pull request was opened (scope `discussion`, action `create`); `comment` is its description."""

    repo: RepoId
    who: Person
    discussion: DiscussionFacts
    comment: CommentFacts


@dataclass(frozen=True)
class DiscussionUpdated:
    """The title or the status changed, also by a merge (scope `discussion`, action `update`)."""

    repo: RepoId
    who: Person
    discussion: DiscussionFacts


@dataclass(frozen=True)
class CommentCreated:
    """Somebody commented (scope `discussion.comment`, action `create`)."""

    repo: RepoId
    who: Person
    discussion: DiscussionFacts
    comment: CommentFacts


@dataclass(frozen=True)
class CommentUpdated:
    """A comment was edited or hidden (scope `discussion.comment`, action `update`)."""

    repo: RepoId
    who: Person
    discussion: DiscussionFacts
    comment: CommentFacts


Event = RepoCreated | ContentUpdated | DiscussionCreated | DiscussionUpdated | CommentCreated | CommentUpdated
