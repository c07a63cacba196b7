"""What a running Hub knows, in one place: its repos, discussions and people, and who wants to hear of changes."""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evalmark.errors import CouldNotFinish
from evalmark.localhub.community import Community
from evalmark.localhub.events import Event
from evalmark.localhub.files import replace_file
from evalmark.localhub.message import Denied, Request, Response
from evalmark.localhub.names import RepoId
from evalmark.localhub.people import AnyToken, Person, Token, Users, may_read, may_write
from evalmark.localhub.repositories import Repositories
from evalmark.localhub.tokens import token_of
from evalmark.localhub.writing import Signature

SiteHandler = Callable[[Request, "HubState"], Response]
Extension = Callable[["HubState"], AbstractContextManager[object]]


@dataclass
class HubState:
    """The state that every handler gets. For whoever adds to this Hub (Jobs, webhooks, faults, rate limits):

    - `extensions.py` lists functions that get this object when the Hub starts; the context that one returns is left
      when the Hub stops. There it adds itself to the lists below.
    - `site_handlers`: path prefix (`/api/jobs/`) to `handler(request, state)`; the longest prefix that fits wins. It
      also gets writes of a read-only Hub's, checks rights itself (`caller`, `need_person`), may raise `Denied`.
    - `before`: asked in order ahead of every request; the first one that gives a response has answered it.
      `after`: sees each request with its response, and may put another in its place. `message.HANG_UP` as a response
      ends the connection abruptly: in `before` nothing happened yet, in `after` the write is done and its reply lost.
    - `listeners`: called with each `events.Event` in the thread of the request, after the write is on the disk and
      outside of locks; must return soon. An exception of one is its own affair: it is dropped, the others are called.
    - `extras` is where an extension leaves what others may ask for, by its name (`jobs`, `webhooks`, `faults`).
    - `folder` is for files that must survive a restart (take a sub-folder of your own); `url` is this Hub's address.
    """

    folder: Path
    repositories: Repositories
    community: Community
    users: Users = field(default_factory=AnyToken)
    read_only: bool = False
    url: str = ""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    site_handlers: dict[str, SiteHandler] = field(default_factory=dict)
    before: list[Callable[[Request], Response | None]] = field(default_factory=list)
    after: list[Callable[[Request, Response], Response]] = field(default_factory=list)
    listeners: list[Callable[[Event], None]] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)

    def token(self, request: Request) -> Token | None:
        """Whose request it is, and with which rights; None if nobody says so. Raises `Denied` for a wrong token."""
        text = token_of(request)
        token = self.users.token(text) if text else None
        if text and token is None:
            raise Denied(401, "Invalid user token.", headers={"WWW-Authenticate": 'Basic realm="localhub"'})
        return token

    def caller(self, request: Request) -> Person | None:
        """Who asks, or None."""
        token = self.token(request)
        return token.person if token is not None else None

    def need_person(self, request: Request) -> Person:
        """Who asks, with a token that may write. Raises `Denied`: 401 for nobody, 403 for a token that only reads."""
        token = self.token(request)
        if token is None:
            message = "Invalid username or password. (No token was sent: set HF_TOKEN, or log in)"
            raise Denied(401, message, headers={"WWW-Authenticate": 'Basic realm="localhub"'})
        if token.role != "write":
            raise Denied(403, "Forbidden: this token may only read; use one with the role `write`")
        return token.person

    def may_read(self, person: Person | None, repo: RepoId) -> bool:
        """Whether a person may know of a repo."""
        return may_read(person, repo, self._private(repo))

    def may_download(self, person: Person | None, repo: RepoId) -> bool:
        """Whether a person may have the files of a repo that they know of."""
        return may_read(person, repo, self.users.gated)

    def may_write(self, person: Person | None, repo: RepoId) -> bool:
        """Whether a person may push to a repo, merge, and close and hide in its discussions."""
        return may_write(person, repo)

    def is_private(self, repo: RepoId) -> bool:
        """Whether a repo is hidden from the public."""
        return str(repo) in self._private(repo)

    def make_private(self, repo: RepoId) -> None:
        """Hide a repo from all who may not write to it, also after a restart."""
        replace_file(self._private_mark(repo), b"")

    def signature(self, person: Person) -> Signature:
        """Who commits, now."""
        return Signature(person, self.now())

    def emit(self, event: Event) -> None:
        """Tell the listeners; what one of them does wrong is not the client's problem."""
        for listener in self.listeners:
            try:
                listener(event)
            except Exception:  # noqa: BLE001, S112 - the write is done, and its answer must say so
                continue

    def _private(self, repo: RepoId) -> Mapping[str, tuple[str, ...]]:
        made_private = {str(repo): ()} if self._private_mark(repo).exists() else {}
        return made_private | dict(self.users.private)

    def _private_mark(self, repo: RepoId) -> Path:
        return self.folder / "private" / repo.kind / repo.name


@contextmanager
def only_hub_on(folder: Path) -> Iterator[None]:
    """Nobody else's Hub uses that folder meanwhile. Raises `CouldNotFinish` if one does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = (folder / "lock").open("a")
    except OSError as problem:
        raise CouldNotFinish(
            f"cannot write to {folder}: {problem.strerror}", "give yourself the right to, or serve it read-only"
        ) from problem
    with opened as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise CouldNotFinish(
                f"another local Hub is using {folder}", "stop it, or give this one a folder of its own"
            ) from problem
        yield
