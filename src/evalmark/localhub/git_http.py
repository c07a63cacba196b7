"""`git clone`, `git fetch` and `git push` over HTTP: rights are looked at here, the rest is git's own work."""

import re
from collections.abc import Mapping
from typing import IO

from evalmark.errors import CouldNotFinish
from evalmark.localhub import discussing
from evalmark.localhub.call import check_gate, readable
from evalmark.localhub.content import HeldFile
from evalmark.localhub.events import RefUpdate
from evalmark.localhub.git import serve_git
from evalmark.localhub.message import Denied, Request, Response, bytes_response, content_response
from evalmark.localhub.people import Person
from evalmark.localhub.pkt import Push, advertisement, read_push, refusal
from evalmark.localhub.refs import may_push
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.routes import GitRoute, GitService
from evalmark.localhub.spool import LARGEST_UPLOAD, TooLarge, unzipped
from evalmark.localhub.state import HubState

_PROTOCOL = re.compile(r"version=[0-2]")
_PUSHED_REFS = ("refs/heads/", "refs/tags/", "refs/pr/")
_ASK = {"WWW-Authenticate": 'Basic realm="localhub"'}


def writes(request: Request, route: GitRoute) -> bool:
    """Whether a request is part of a push."""
    return _service(request, route) == "git-receive-pack"


def answer(request: Request, hub: HubState, route: GitRoute) -> Response:
    """The refs, or the answer of one of git's two services."""
    service = _service(request, route)
    if request.method != ("GET" if route.service is None else "POST"):
        raise Denied(405, f"no {request.method} on {request.path}")
    repository, person = _allowed(request, hub, route, service)
    if route.service is None:
        return _refs(request, repository, service)
    with _body(request) as body:
        if person is None or service == "git-upload-pack":
            return _run(request, repository, service, body)
        return _push(request, hub, route, (person, body))


def _service(request: Request, route: GitRoute) -> GitService:
    asked = route.service or request.query.get("service", [""])[-1]
    if asked == "git-receive-pack":
        return "git-receive-pack"
    if asked == "git-upload-pack":
        return "git-upload-pack"
    raise Denied(403, "this local Hub speaks only git's smart HTTP; use git 1.6.6 or newer")


def _allowed(
    request: Request, hub: HubState, route: GitRoute, service: GitService
) -> tuple[GitRepository, Person | None]:
    """The repo, and who pushes to it. Raises `Denied`; git sends its token only after a 401."""
    person = hub.caller(request)
    if person is None and not (hub.may_read(None, route.repo) and hub.may_download(None, route.repo)):
        raise Denied(401, f"{route.repo} needs a token: put it into the address, http://user:TOKEN@…", headers=_ASK)
    if service == "git-upload-pack":
        repository = readable(hub, person, route.repo)
        check_gate(hub, person, route.repo)
        return repository, None
    person = hub.need_person(request)
    return readable(hub, person, route.repo), person


def _refs(request: Request, repository: GitRepository, service: GitService) -> Response:
    command = [service.removeprefix("git-"), "--stateless-rpc", "--advertise-refs"]
    spool = serve_git(repository.git_dir, command, None, _environment(request))
    with spool:
        printed = spool.read()
    is_v2 = service == "git-upload-pack" and request.headers.get("git-protocol") == "version=2"
    headers = {"Content-Type": f"application/x-{service}-advertisement", "Cache-Control": "no-cache"}
    return bytes_response(200, headers, printed if is_v2 else advertisement(service, printed))


def _run(request: Request, repository: GitRepository, service: GitService, body: IO[bytes]) -> Response:
    command = [service.removeprefix("git-"), "--stateless-rpc"]
    try:
        spool = serve_git(repository.git_dir, command, body, _environment(request))
    except CouldNotFinish as problem:
        raise Denied(400, f"git does not understand it: {problem.message}") from problem
    return content_response(f"application/x-{service}-result", HeldFile(spool))


def _push(request: Request, hub: HubState, route: GitRoute, pushed: tuple[Person, IO[bytes]]) -> Response:
    person, body = pushed
    push = read_push(body)
    body.seek(0)
    reasons = [_reason(hub, route, person, command.ref) for command in push.commands]
    if any(reasons):
        told = [reason or "not done, because another ref was refused" for reason in reasons]
        return bytes_response(200, {"Content-Type": "application/x-git-receive-pack-result"}, refusal(push, told))
    if not push.commands:
        # Before it sends a large body in chunks git asks whether it may, with an empty one.
        return bytes_response(200, {"Content-Type": "application/x-git-receive-pack-result"}, b"")
    with hub.repositories.lock(route.repo):
        repository = hub.repositories.writable(route.repo)
        before = {command.ref: repository.resolve(command.ref) for command in push.commands}
        response = _run(request, repository, "git-receive-pack", body)
        events = discussing.after_push(hub, route.repo, person, _moved(repository, push, before))
    for event in events:
        hub.emit(event)
    return response


def _moved(repository: GitRepository, push: Push, before: Mapping[str, str | None]) -> tuple[RefUpdate, ...]:
    after = {command.ref: repository.resolve(command.ref) for command in push.commands}
    return tuple(RefUpdate(ref, before[ref], new) for ref, new in after.items() if new != before[ref])


def _reason(hub: HubState, route: GitRoute, person: Person, ref: str) -> str:
    """Why a ref may not be pushed; empty if it may."""
    if not ref.startswith(_PUSHED_REFS):
        return "only branches, tags and refs/pr/<number> can be pushed"
    try:
        may_push(hub, person, route.repo, ref)
    except Denied as denied:
        return str(denied)
    return ""


def _body(request: Request) -> IO[bytes]:
    """What git sent, unpacked; the caller closes it. Raises `Denied` (413) if it becomes too large."""
    if request.upload is None:
        raise Denied(400, "git sends a body here")
    if request.headers.get("content-encoding") not in {"gzip", "x-gzip"}:
        return request.upload
    try:
        return unzipped(request.upload, LARGEST_UPLOAD)
    except TooLarge as problem:
        raise Denied(413, f"at most {LARGEST_UPLOAD >> 20} MB can be pushed at once") from problem
    except ValueError as problem:
        raise Denied(400, "the body is not gzip") from problem


def _environment(request: Request) -> dict[str, str]:
    protocol = request.headers.get("git-protocol", "")
    return {"GIT_PROTOCOL": protocol} if _PROTOCOL.fullmatch(protocol) else {}
