"""Answers that depend on nothing but the store and the address: made once, kept, and not sent again if known.

The tag of an answer follows from the version of the store and the address alone, so whoever has it is told that nothing
has changed without the store being asked.
"""

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evalmark import __version__
from evalmark.errors import EvalmarkError
from evalmark.web.api.problems import problem, unreadable
from evalmark.web.logs import logger
from evalmark.web.lru import Lru

KEPT_BYTES: Final = 64 << 20
FRESH: Final = "public, max-age=60, stale-while-revalidate=300"
SMALLEST_PACKED: Final = 1000
LEVEL: Final = 5
MOST_FIELDS: Final = 50
TRIES: Final = 3
OVERHEAD: Final = 1000
Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
Told: TypeAlias = Callable[[str, int], None]
"""Hears how each request was answered: kept, not-modified, made or refused; and with which status."""


@dataclass(slots=True)
class Made:
    """An answer. `packed` is its body under gzip, once somebody has asked for that."""

    status: int
    headers: Headers
    body: bytes
    packed: bytes | None = field(default=None)


class Kept:
    """GET and HEAD of `app`, whose answers are kept as long as `version` says the same. `most` is in bytes; 0: none."""

    def __init__(
        self, app: ASGIApp, version: Callable[[], str], most: int = KEPT_BYTES, told: Told | None = None
    ) -> None:
        self._app = app
        self._version = version
        self._kept: Lru[str, Made] = Lru(most)
        self._seen = ""
        self._in_work: dict[tuple[str, str], asyncio.Future[Made]] = {}
        self._told = told or (lambda _how, _status: None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI calls it."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        try:
            version = self._version()
        except EvalmarkError as error:
            logger("store").error("the store cannot be read", error=str(error))
            self._told("refused", 503)
            await unreadable()(scope, receive, send)
            return
        how, status, headers, body = await self._answer(scope, version)
        self._told(how, status)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Scope, version: str) -> tuple[str, int, list[tuple[bytes, bytes]], bytes]:
        address = _address(scope)
        tag = tag_of(version, address)
        known, packs = _asked(scope)
        if tag.removeprefix("W/") in known:
            return "not-modified", 304, [(b"etag", tag.encode()), *_CACHED], b""
        if version != self._seen:
            self._kept.clear()
            self._seen = version
        made = self._kept.get(address)
        how = "kept" if made is not None else "made"
        if made is None:
            made = await self._make_once(scope, version, address)
        headers, body = list(made.headers), made.body
        if made.status == 200:
            own = {name for name, _ in headers}
            headers += [(b"etag", tag.encode()), *(each for each in _CACHED if each[0] not in own)]
        if packs and len(body) >= SMALLEST_PACKED:
            body = await _packed(made)
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        return how if made.status == 200 else "refused", made.status, headers, body

    async def _make_once(self, scope: Scope, version: str, address: str) -> Made:
        """Many who ask for the same at a time, as they do after a sync, get what is made for the first of them."""
        key = version, address
        waiting = self._in_work.get(key)
        if waiting is None:
            waiting = asyncio.ensure_future(self._make(scope, version, address))
            self._in_work[key] = waiting
            waiting.add_done_callback(lambda _done: self._in_work.pop(key, None))
        return await asyncio.shield(waiting)

    async def _make(self, scope: Scope, version: str, address: str) -> Made:
        for _ in range(TRIES):
            made = await _run(self._app, scope)
            try:
                now = self._version()
            except EvalmarkError:
                return _made(unreadable())
            if now == version:
                break
            version = now  # a sync came in between: what was read may be of both
        if made.status == 200 and version == self._seen:
            self._kept.put(address, made, 2 * len(made.body) + OVERHEAD)
        return made


def tag_of(version: str, address: str) -> str:
    """The `ETag`: weak, for packed and not it is the same."""
    digest = hashlib.blake2b(f"{version}\n{__version__}\n{address}".encode("utf-8", "replace"), digest_size=12)
    return f'W/"{digest.hexdigest()}"'


_CACHED: Final[Headers] = ((b"cache-control", FRESH.encode()), (b"vary", b"accept-encoding"))


def _address(scope: Scope) -> str:
    """One spelling for what is the same question."""
    path, query = scope["path"], scope["query_string"]
    if not query:
        return str(path)
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return f"{path}?{query.decode('latin-1')}"
    return f"{path}?{urlencode(sorted(pairs, key=lambda pair: pair[0]))}"


def _asked(scope: Scope) -> tuple[frozenset[str], bool]:
    """Which tags the asker knows, and whether it takes gzip."""
    known: Iterable[str] = ()
    packs = False
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = (each.strip().removeprefix("W/") for each in value.decode("latin-1").split(","))
        elif name == b"accept-encoding":
            packs = _takes_gzip(value.decode("latin-1"))
    return frozenset(known), packs


def _takes_gzip(accepted: str) -> bool:
    for each in accepted.lower().split(","):
        name, _, quality = each.partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


async def _packed(made: Made) -> bytes:
    if made.packed is None:
        made.packed = await asyncio.to_thread(gzip.compress, made.body, LEVEL, mtime=0)
    return made.packed


async def _run(app: ASGIApp, scope: Scope) -> Made:
    """The whole answer of the application to a GET of this address."""
    status, headers, body = 500, (), bytearray()  # type: tuple[int, Headers, bytearray]

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = tuple(each for each in message.get("headers", ()) if each[0].lower() != b"content-length")
        elif message["type"] == "http.response.body":
            body.extend(message.get("body", b""))

    # Without the asker's own headers: nothing of them may get into an answer that others will get.
    inner = {**scope, "method": "GET", "headers": []}
    try:
        await app(inner, _nothing, send)
    except Exception as error:  # noqa: BLE001 - nobody is shown a traceback
        logger("web").error("a bug in evalmark", error=f"{type(error).__name__}: {error}", exc_info=True)
        return _made(problem(500, "a bug in evalmark; it is in the log"))
    return Made(status, headers, bytes(body))


def _made(response: Response) -> Made:
    headers = tuple(each for each in response.raw_headers if each[0] != b"content-length")
    return Made(response.status_code, headers, bytes(response.body))


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
