"""Answers about what is in a repo."""

from urllib.parse import parse_qs

from evalmark.localhub import payloads
from evalmark.localhub.board import leaderboard
from evalmark.localhub.call import Call, check_gate
from evalmark.localhub.download import resolve
from evalmark.localhub.message import Denied, Response, json_response
from evalmark.localhub.summary import summary

_MANY_FIELDS = 10_000


def info(call: Call) -> Response:
    """`/api/models/<id>` and `…/revision/<rev>`."""
    return json_response(summary(call.hub, call.repo, call.repository, call.sha, call.request))


def tree(call: Call) -> Response:
    """What is in a folder at a revision."""
    entries = call.repository.tree(call.sha, call.route.path, recursive=call.request.flag("recursive"))
    if entries is None:
        message = f"no folder {call.route.path!r} at {call.sha}"
        raise Denied(404, message, "EntryNotFound", {"X-Repo-Commit": call.sha})
    expand = call.request.flag("expand")
    return json_response([payloads.tree_item(call.repository, call.sha, entry, expand=expand) for entry in entries])


def resolve_file(call: Call) -> Response:
    """A file, for those who may have it."""
    check_gate(call.hub, call.person, call.repo)
    return resolve(call.repository, call.sha, call.route.path, call.request)


def paths_info(call: Call) -> Response:
    """What is at the paths that a form lists."""
    try:
        form = parse_qs(call.request.body.decode(), max_num_fields=_MANY_FIELDS)
    except ValueError as problem:
        raise Denied(400, f"paths-info takes a form in UTF-8 with at most {_MANY_FIELDS} fields") from problem
    entries = (call.repository.entry(call.sha, path) for path in form.get("paths", []))
    expand = form.get("expand") == ["true"]
    found = [payloads.tree_item(call.repository, call.sha, entry, expand=expand) for entry in entries if entry]
    return json_response(found)


def refs(call: Call) -> Response:
    """All branches, tags and pull requests."""
    return json_response(payloads.refs(call.repository, pull_requests=call.request.flag("include_prs")))


def commits(call: Call) -> Response:
    """A commit and what came before it."""
    return json_response([payloads.commit_item(commit) for commit in call.repository.commits(call.sha)])


def board(call: Call) -> Response:
    """The scores that the models here report for a benchmark."""
    base_only = call.request.query.get("base_model", [""])[-1] != "false"
    return json_response(leaderboard(call.hub, call.person, call.repo.name, base_only=base_only))
