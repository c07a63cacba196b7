"""The community tab over the API: read and open discussions, comment, rename, close, merge."""

from collections.abc import Callable
from contextlib import suppress

from evalmark.errors import CouldNotFinish
from evalmark.localhub import discussing, discussion_payloads
from evalmark.localhub.call import Call
from evalmark.localhub.discussing import Events, checked_text, checked_title, moment, new_id
from evalmark.localhub.discussion import Comment, Discussion, Step, Version, comment_facts, edited, facts_of, hidden
from evalmark.localhub.events import CommentUpdated, ContentUpdated, RefUpdate
from evalmark.localhub.message import Denied, Response, json_response
from evalmark.localhub.people import Person
from evalmark.localhub.pulls import MAIN, discussion_of, discussions_of
from evalmark.localhub.refs import target_ref
from evalmark.localhub.writing import commit_tree, merge_trees, move_ref


def listing(call: Call) -> Response:
    """A page of them."""
    every = discussions_of(call.repo, call.repository, call.hub.community)
    return json_response(discussion_payloads.listing(call.repo, every, call.request.query))


def details(call: Call) -> Response:
    """One of them with all that happened in it, and what it changes."""
    discussion = _discussion(call)
    told = discussion_payloads.head(call.repo, discussion)
    told["events"] = [discussion_payloads.event(happened) for happened in discussion.events]
    if discussion.is_pull_request:
        told |= _changes(call, discussion)
    return json_response(told)


def create(call: Call) -> Response:
    """A discussion, or a pull request without a commit of its own yet: a draft."""
    person = call.need_person()
    asked = call.request.json()
    title, description = checked_title(asked.get("title")), checked_text(asked.get("description") or "", least=0)
    opened = discussing.NewDiscussion(title, description, "open")
    with call.hub.repositories.lock(call.repo):
        if asked.get("pullRequest") is True:
            call = call.writing()
            opened = discussing.NewDiscussion(title, description, "draft", MAIN, call.repository.resolve("main"))
        discussion, events = discussing.open_discussion(call, person, opened)
    _emit(call, events)
    return json_response({"num": discussion.number, "url": f"{call.hub.url}/{call.repo}/discussions"})


def comment(call: Call) -> Response:
    """Say something; everybody may who is known."""
    person = call.need_person()
    text = checked_text(call.request.json().get("comment"))
    added = Comment(new_id(), (Version(text, moment(call.hub, person)),))
    with call.hub.repositories.lock(call.repo):
        changed = _discussion(call).with_event(added)
        events = discussing.save(call, person, changed, added)
    _emit(call, events)
    return json_response({"newMessage": discussion_payloads.event(added)})


def edit(call: Call) -> Response:
    """Change what a comment says."""
    text = checked_text(call.request.json().get("content"))
    return _change_comment(call, lambda old, person: edited(old, text, moment(call.hub, person)))


def hide(call: Call) -> Response:
    """Take away what a comment says, for good."""
    return _change_comment(call, lambda old, person: hidden(old, moment(call.hub, person)))


def rename(call: Call) -> Response:
    """Give it another title."""
    title = checked_title(call.request.json().get("title"))
    person = call.need_person()
    with call.hub.repositories.lock(call.repo):
        discussion = _own_discussion(call, person)
        titles = {"from": discussion.title, "to": title}
        step = Step(new_id(), moment(call.hub, person), "title-change", titles)
        events = discussing.save(call, person, discussion.with_title(title, step))
    _emit(call, events)
    return json_response({"newTitle": discussion_payloads.event(step)})


def change_status(call: Call) -> Response:
    """Open or close it, perhaps with a comment."""
    person = call.need_person()
    asked = call.request.json()
    status = asked.get("status")
    if status != "open" and status != "closed":  # noqa: PLR1714 - mypy understands it so
        raise Denied(400, "the status must be `open` or `closed`")
    with call.hub.repositories.lock(call.repo):
        discussion = _own_discussion(call, person)
        if discussion.status == "merged":
            raise Denied(400, f"{call.repo} #{discussion.number} is merged, which cannot be undone")
        discussion, said = _with_remark(call, person, discussion)
        step, discussion = discussing.set_status(call, person, discussion, status)
        events = (*said, *discussing.save(call, person, discussion))
    _emit(call, events)
    return json_response({"newStatus": discussion_payloads.event(step)})


def merge(call: Call) -> Response:
    """Make a merge commit on the base."""
    person = call.need_right()
    with call.hub.repositories.lock(call.repo):
        call = call.writing()
        discussion = _discussion(call)
        if discussion.status != "open" or discussion.base is None:
            raise Denied(400, f"{call.repo} #{discussion.number} is no open pull request, but {discussion.status}")
        update = _merge_commit(call, person, discussion, discussion.base)
        discussion, said = _with_remark(call, person, discussion)
        _, discussion = discussing.set_status(call, person, discussion, "merged")
        discussion = discussing.merged(discussion, str(update.new), update.old)
        updated = discussing.save(call, person, discussion)
        events = (*said, *updated, ContentUpdated(call.repo, person, (update,)))
    _emit(call, events)
    return json_response({"success": True, "mergeCommitId": update.new})


def _merge_commit(call: Call, person: Person, discussion: Discussion, base: str) -> RefUpdate:
    ref = target_ref(call.repository, base)
    head = call.repository.resolve(f"refs/pr/{discussion.number}")
    old = call.repository.resolve(ref) if ref is not None else None
    if ref is None or old is None or head is None:
        raise Denied(409, f"{base} or the pull request's ref is not there any more")
    git_dir = call.repository.git_dir
    merged = merge_trees(git_dir, old, head, keep=True)
    if merged.conflicts:
        raise Denied(409, f"the merge has conflicts in: {', '.join(merged.conflicts)}")
    words = f"{discussion.title} (#{discussion.number})"
    new = commit_tree(git_dir, merged.tree, (old, head), call.hub.signature(person), words)
    if not move_ref(git_dir, ref, new, old):
        raise Denied(409, f"{base} moved meanwhile; try again")
    return RefUpdate(ref, old, new)


def _with_remark(call: Call, person: Person, discussion: Discussion) -> tuple[Discussion, Events]:
    """With the comment that came along with a change of status."""
    text = call.request.json().get("comment")
    if not text:
        return discussion, ()
    added = Comment(new_id(), (Version(checked_text(text), moment(call.hub, person)),))
    discussion = discussion.with_event(added)
    return discussion, discussing.save(call, person, discussion, added)


def _change_comment(call: Call, change: Callable[[Comment, Person], Comment]) -> Response:
    person = call.need_person()
    with call.hub.repositories.lock(call.repo):
        discussion = _discussion(call)
        old = discussion.comment(call.route.comment)
        if old is None:
            raise Denied(404, f"{call.repo} #{discussion.number} has no comment {call.route.comment[:24]!r}")
        if old.by.author != person.name and not call.hub.may_write(person, call.repo):
            raise Denied(403, f"Forbidden: the comment is {old.by.author}'s, not {person.name}'s")
        if old.hidden:
            raise Denied(400, "the comment is hidden, which cannot be undone")
        new = change(old, person)
        discussion = discussion.with_comment(new)
        call.hub.community.save(call.repo, discussion)
    _emit(call, (CommentUpdated(call.repo, person, facts_of(discussion), comment_facts(new)),))
    return json_response({"updatedComment": discussion_payloads.event(new)})


def _discussion(call: Call) -> Discussion:
    number = call.route.number
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    found = discussion_of(call.repo, call.repository, call.hub.community, int(number)) if is_number else None
    if found is None:
        raise Denied(404, f"{call.repo} has no discussion or pull request {number[:24]}")
    return found


def _own_discussion(call: Call, person: Person) -> Discussion:
    """The discussion, if it is the person's own, or they may write to the repo."""
    discussion = _discussion(call)
    if discussion.by.author != person.name and not call.hub.may_write(person, call.repo):
        raise Denied(403, f"Forbidden: {call.repo} #{discussion.number} is {discussion.by.author}'s")
    return discussion


def _changes(call: Call, discussion: Discussion) -> dict[str, object]:
    head = call.repository.resolve(f"refs/pr/{discussion.number}")
    target = discussion.merged_onto or call.repository.resolve(discussion.base or MAIN)
    if head is None or target is None:
        return discussion_payloads.changes(discussion, "", ())
    conflicts: tuple[str, ...] = ()
    if discussion.is_open:
        # A git that is too old to try the merge does not stand in the way of reading.
        with suppress(CouldNotFinish):
            conflicts = merge_trees(call.repository.git_dir, target, head, keep=False).conflicts
    diff = call.repository.diff(call.repository.base(target, head), head)
    return discussion_payloads.changes(discussion, diff, conflicts)


def _emit(call: Call, events: Events) -> None:
    for event in events:
        call.hub.emit(event)
