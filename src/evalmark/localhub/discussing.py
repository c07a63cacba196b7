"""Every step of a discussion: what is stored of it, and what is told to listeners. The caller holds the repo's lock."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

from evalmark.localhub.call import Call
from evalmark.localhub.discussion import (
    Comment,
    Discussion,
    Moment,
    Status,
    Step,
    Version,
    comment_facts,
    facts_of,
)
from evalmark.localhub.events import (
    CommentCreated,
    ContentUpdated,
    DiscussionCreated,
    DiscussionUpdated,
    Event,
    RefUpdate,
)
from evalmark.localhub.message import Denied
from evalmark.localhub.names import RepoId
from evalmark.localhub.payloads import hub_date
from evalmark.localhub.people import Person
from evalmark.localhub.pulls import from_ref, next_number
from evalmark.localhub.refs import number_of, target_ref
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.state import HubState
from evalmark.localhub.writing import move_ref

LONGEST_COMMENT = 65_536
_TITLE = range(3, 201)
Events = tuple[Event, ...]


@dataclass(frozen=True)
class NewDiscussion:
    """What somebody opens, checked; with a `base` it is a pull request, whose commits end at `head`."""

    title: str
    description: str
    status: Status
    base: str | None = None
    head: str | None = None


def moment(hub: HubState, person: Person) -> Moment:
    """This person, now."""
    return Moment(person.name, hub_date(hub.now()))


def new_id() -> str:
    """24 hex digits, as ids on the Hub."""
    return secrets.token_hex(12)


def open_discussion(call: Call, person: Person, opened: NewDiscussion) -> tuple[Discussion, Events]:
    """Give it a number, a ref if it is a pull request, and store it."""
    number = next_number(call.repo, call.repository, call.hub.community)
    by = moment(call.hub, person)
    description = Comment(new_id(), (Version(opened.description, by),))
    commits = (_commit_step(call, by, opened.head),) if opened.head and opened.status != "draft" else ()
    discussion = Discussion(
        id=new_id(),
        number=number,
        title=opened.title,
        status=opened.status,
        by=by,
        events=(description, *commits),
        base=opened.base,
    )
    events: Events = (DiscussionCreated(call.repo, person, facts_of(discussion), comment_facts(description)),)
    if opened.head is not None:
        ref = f"refs/pr/{number}"
        if not move_ref(call.repository.git_dir, ref, opened.head, None):
            raise Denied(409, f"somebody took the number {number} for a pull request meanwhile; try again")
        events = (*events, ContentUpdated(call.repo, person, (RefUpdate(ref, None, opened.head),)))
    call.hub.community.save(call.repo, discussion)
    return discussion, events


def after_push(hub: HubState, repo: RepoId, person: Person, updates: tuple[RefUpdate, ...]) -> Events:
    """Note the new commits in the pull requests that they belong to, and which pull requests are now merged."""
    if not updates:
        return ()
    by = moment(hub, person)
    for update in updates:
        _note_commit(hub, repo, by, update)
    merges = [event for update in updates for event in _note_merges(hub, repo, (person, by), update)]
    return (ContentUpdated(repo, person, updates), *merges)


def _note_commit(hub: HubState, repo: RepoId, by: Moment, update: RefUpdate) -> None:
    number = number_of(update.ref)
    if number is None or update.old is None or update.new is None:
        return
    repository = hub.repositories[repo]
    pull_request = hub.community.get(repo, number) or from_ref(repo, repository, number, update.old)
    commit = repository.commit(update.new)
    step = Step(new_id(), by, "commit", {"subject": commit.title, "oid": commit.sha})
    hub.community.save(repo, pull_request.with_event(step))


def _note_merges(hub: HubState, repo: RepoId, who: tuple[Person, Moment], update: RefUpdate) -> Iterator[Event]:
    """Somebody merged with git and pushed: what the branch now holds is merged."""
    person, by = who
    repository = hub.repositories[repo]
    for pull_request in hub.community.of(repo):
        is_meant = pull_request.status == "open" and target_ref(repository, pull_request.base or "") == update.ref
        head = repository.resolve(f"refs/pr/{pull_request.number}") if is_meant else None
        if head is not None and _got(repository, update, head):
            step = Step(new_id(), by, "status-change", {"status": "merged"})
            changed = merged(pull_request.with_status("merged", step), str(update.new), update.old)
            hub.community.save(repo, changed)
            yield DiscussionUpdated(repo, person, facts_of(changed))


def _got(repository: GitRepository, update: RefUpdate, head: str) -> bool:
    """Whether a ref holds a commit that it did not hold before."""
    before, after = (repository.base(sha, head) if sha else None for sha in (update.old, update.new))
    return after == head != before


def set_status(call: Call, person: Person, discussion: Discussion, status: Status) -> tuple[Step, Discussion]:
    """Change the status; the caller saves the discussion."""
    step = Step(new_id(), moment(call.hub, person), "status-change", {"status": status})
    return step, discussion.with_status(status, step)


def save(call: Call, person: Person, discussion: Discussion, added: Comment | None = None) -> Events:
    """Store a discussion whose title or status changed, or that got a comment."""
    call.hub.community.save(call.repo, discussion)
    if added is None:
        return (DiscussionUpdated(call.repo, person, facts_of(discussion)),)
    return (CommentCreated(call.repo, person, facts_of(discussion), comment_facts(added)),)


def merged(discussion: Discussion, commit: str, onto: str | None) -> Discussion:
    """A pull request that became part of its base."""
    return replace(discussion, merge_commit=commit, merged_onto=onto)


def title_of(summary: str) -> str:
    """The title of a pull request that a commit opens: people write commits of any length."""
    return summary.splitlines()[0][: _TITLE.stop - 1]


def checked_title(title: object) -> str:
    """Raises `Denied` (400) for a title that the Hub does not take."""
    text = _text(title, "title").strip()
    if len(text) not in _TITLE or "\n" in text:
        raise Denied(
            400, f"a title is one line of {_TITLE.start} to {_TITLE.stop - 1} characters; this has {len(text)}"
        )
    return text


def checked_text(text: object, *, least: int = 1) -> str:
    """Raises `Denied` (400) for a comment that is empty or too long."""
    words = _text(text, "comment")
    if not least <= len(words) <= LONGEST_COMMENT:
        raise Denied(400, f"a comment has 1 to {LONGEST_COMMENT} characters; this has {len(words)}")
    return words


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise Denied(400, f"the {name} must be text")
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise Denied(400, f"the {name} holds half a character") from problem
    return value


def _commit_step(call: Call, by: Moment, sha: str) -> Step:
    commit = call.repository.commit(sha)
    return Step(new_id(), by, "commit", {"subject": commit.title, "oid": sha})
