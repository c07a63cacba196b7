"""Commits over the API: to a branch, to a pull request, or as a new pull request."""

from collections.abc import Mapping

from evalmark.localhub import discussing
from evalmark.localhub.call import Call
from evalmark.localhub.commit_body import CommitBody, read_commit_body
from evalmark.localhub.events import RefUpdate
from evalmark.localhub.message import Denied, Response, json_response
from evalmark.localhub.names import is_commit_sha
from evalmark.localhub.people import Person
from evalmark.localhub.pulls import MAIN
from evalmark.localhub.refs import may_push, target_ref
from evalmark.localhub.writing import Change, make_commit, move_ref

_STALE = "The branch was updated since you opened this page. Please refresh and try again."
_TRIES = 5


def preupload(call: Call) -> Response:
    """How each file is to be sent: in the commit itself. The oid tells the client which files it need not send."""
    call.need_person()
    files = call.request.json().get("files", [])
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise Denied(400, "`files` must be a list of objects")
    return json_response({"files": [_to_send(call, file) for file in files]})


def _to_send(call: Call, file: Mapping[str, object]) -> dict[str, object]:
    path = file.get("path")
    if not isinstance(path, str):
        raise Denied(400, "each file needs a path")
    entry = call.repository.entry(call.sha, path)
    known = {"oid": entry.oid} if entry is not None and entry.kind == "file" else {}
    return {"path": path, "uploadMode": "regular", "shouldIgnore": False, **known}


def commit(call: Call) -> Response:
    """Commit, or with `create_pr` open a pull request that holds the commit."""
    person = call.need_person()
    body = read_commit_body(call.request.upload or call.request.body.splitlines())
    if call.request.flag("create_pr"):
        return _as_pull_request(call, person, body)
    with call.hub.repositories.lock(call.repo):
        ref = target_ref(call.repository, call.route.revision)
        if ref is None:
            raise _not_a_branch(call)
        may_push(call.hub, person, call.repo, ref)
        call = call.writing()
        update = _add_commit(call, person, body, ref)
        events = discussing.after_push(call.hub, call.repo, person, (update,))
    for event in events:
        call.hub.emit(event)
    return json_response(_said(call, str(update.new)))


def _add_commit(call: Call, person: Person, body: CommitBody, ref: str) -> RefUpdate:
    """Put a commit on top of a ref. Somebody may push with git meanwhile: then try again, on top of theirs."""
    for _ in range(_TRIES):
        old = call.repository.resolve(ref)
        if old is None or (body.parent and not old.startswith(body.parent)):
            raise Denied(412, _STALE)
        _check_deletions(call, old, body.changes)
        new = make_commit(call.repository.git_dir, old, body.changes, call.hub.signature(person), body.message)
        if move_ref(call.repository.git_dir, ref, new, old):
            return RefUpdate(ref, old, new)
    raise Denied(412, _STALE)


def _as_pull_request(call: Call, person: Person, body: CommitBody) -> Response:
    if is_commit_sha(call.route.revision):
        raise _not_a_branch(call)
    description = discussing.checked_text(body.description, least=0)
    with call.hub.repositories.lock(call.repo):
        base = target_ref(call.repository, call.route.revision)
        if base is None or not base.startswith("refs/heads/"):
            raise _not_a_branch(call)
        call = call.writing()
        parent = _parent_of_pull_request(call, body)
        _check_deletions(call, parent, body.changes)
        new = make_commit(call.repository.git_dir, parent, body.changes, call.hub.signature(person), body.message)
        shown_base = MAIN if call.route.revision == "main" else base
        opened = discussing.NewDiscussion(discussing.title_of(body.summary), description, "open", shown_base, new)
        discussion, events = discussing.open_discussion(call, person, opened)
    for event in events:
        call.hub.emit(event)
    url = f"{_page(call)}/discussions/{discussion.number}"
    return json_response(_said(call, new) | {"pullRequestUrl": url})


def _parent_of_pull_request(call: Call, body: CommitBody) -> str:
    if not body.parent:
        return call.sha
    history = (commit.sha for commit in call.repository.commits(call.sha))
    parent = next((sha for sha in history if sha.startswith(body.parent)), None)
    if parent is None:
        raise Denied(412, f"{body.parent} is not a commit of {call.route.revision}")
    return parent


def _check_deletions(call: Call, sha: str, changes: tuple[Change, ...]) -> None:
    for change in changes:
        if change.data is None and call.repository.entry(sha, change.path) is None:
            raise Denied(404, f"there is no {change.path!r} to delete at {sha}", "EntryNotFound")


def _not_a_branch(call: Call) -> Denied:
    return Denied(404, f"{call.route.revision!r} is not a branch; commits go to branches", "RevisionNotFound")


def _page(call: Call) -> str:
    prefix = "" if call.repo.kind == "models" else f"{call.repo.kind}/"
    return f"{call.hub.url}/{prefix}{call.repo.name}"


def _said(call: Call, sha: str) -> dict[str, object]:
    return {"success": True, "commitOid": sha, "commitUrl": f"{_page(call)}/commit/{sha}", "hookOutput": ""}
