"""The web address: one route takes webhooks, three are for anybody to read."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import ClientDisconnect

from evalmark.web.desk import Desk
from evalmark.web.headers import SafeHeaders
from evalmark.web.ledger import Job
from evalmark.web.logs import logger
from evalmark.web.metrics import Metrics
from evalmark.web.webhook import PATH, SCOPES, Asked, Changed, Happened, Ignored, meaning, parse

LARGEST_BODY: Final = 1 << 20
BODY_SECONDS: Final = 20
TOO_LARGE: Final = f"a webhook has at most {LARGEST_BODY} bytes"


@dataclass(frozen=True, slots=True)
class Door:
    """Whom and what the webhook lets in. Without a secret there is no webhook: for a machine that only works."""

    secret: str | None = field(repr=False)
    watched: frozenset[str] = frozenset()
    me: Callable[[], str | None] = field(default=lambda: None)
    """The id of our own account, as soon as it is known."""


def make_app(desk: Desk, door: Door, metrics: Metrics, alive: Callable[[], bool], page: str, at: str = "/") -> FastAPI:
    """The application. `page` is what stands at `at`, as HTML."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.add_middleware(SafeHeaders)

    if door.secret is not None:
        app.add_api_route(PATH, _Webhook(desk, door, metrics).answer, methods=["POST"])

    @app.get(at)
    def front() -> HTMLResponse:
        return HTMLResponse(page)

    @app.get("/healthz")
    def health() -> JSONResponse:
        queue, worker = _reachable(desk), alive()
        status = {"queue": "ok" if queue else "unreachable", "worker": "ok" if worker else "not running"}
        return JSONResponse(status, 200 if queue and worker else 503)

    @app.get("/metrics")
    def numbers() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return app


class _Webhook:
    """`POST /webhooks/hub`."""

    def __init__(self, desk: Desk, door: Door, metrics: Metrics) -> None:
        self._desk = desk
        self._door = door
        self._metrics = metrics
        self._log = logger("webhook")

    async def answer(self, request: Request) -> JSONResponse:
        """202 once it is written down; nothing of the body is read before the secret is right."""
        try:
            self._check(_given(request))
            happened = parse(await _whole_body(request))
            if happened is None:
                raise _Refused(400, "this is no webhook of the Hub")
        except _Refused as refused:
            return self._refuse(refused)
        return await self._take(happened)

    def _check(self, given: str) -> None:
        if not given:
            raise _Refused(401, "this needs the webhook's secret")
        if not hmac.compare_digest(given.encode(), (self._door.secret or "").encode()):
            raise _Refused(403, "this is not the webhook's secret")

    async def _take(self, happened: Happened) -> JSONResponse:
        kind = happened.scope if happened.scope in SCOPES else "other"
        means = meaning(happened, self._door.watched, self._door.me())
        try:
            outcome = means.why if isinstance(means, Ignored) else await run_in_threadpool(self._want, means)
        except Exception as error:  # noqa: BLE001 - the Hub sends it again
            self._metrics.webhook(kind, "trouble")
            self._log.error("not taken", error=f"{type(error).__name__}: {error}")
            return JSONResponse({"error": "try again"}, 503, {"retry-after": "10"})
        self._metrics.webhook(kind, "ignored" if isinstance(means, Ignored) else outcome)
        numbers = [*(each.number for each in happened.moved), *([happened.number] if happened.number else [])]
        self._log.info("webhook", scope=happened.scope[:40], repo=happened.repo, numbers=numbers, outcome=outcome)
        return JSONResponse({"outcome": "ignored" if isinstance(means, Ignored) else outcome}, 202)

    def _want(self, means: tuple[Changed, ...] | Asked) -> str:
        new = [self._desk.want(job, seen) for job, seen in _jobs(means)]
        return "queued" if any(new) else "replay"

    def _refuse(self, refused: "_Refused") -> JSONResponse:
        self._metrics.webhook("other", f"refused-{refused.status}")
        self._log.warning("refused", status=refused.status)
        headers = {"www-authenticate": "X-Webhook-Secret"} if refused.status == 401 else {}
        return JSONResponse({"error": refused.why}, refused.status, {**headers, "connection": "close"})


class _Refused(Exception):
    """Why a request is not taken."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def _jobs(means: tuple[Changed, ...] | Asked) -> list[tuple[Job, str]]:
    """What is to be done, each with the name of its event."""
    if isinstance(means, Asked):
        return [(Job(means.model, means.number, "command", means.comment, means.command), means.seen)]
    return [(Job(each.model, each.number, "webhook"), each.seen) for each in means]


def _given(request: Request) -> str:
    """From the header, else from the address. Anything may stand there."""
    return request.headers.get("x-webhook-secret") or request.query_params.get("secret") or ""


async def _whole_body(request: Request) -> bytes:
    """The body; of one that is too large no more is read than shows it."""
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and (len(told) > 9 or int(told) > LARGEST_BODY):
        raise _Refused(413, TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise _Refused(413, TOO_LARGE)
    except TimeoutError:
        raise _Refused(408, "the webhook did not come to its end") from None
    except ClientDisconnect:
        raise _Refused(400, "the webhook broke off") from None
    return bytes(body)


def _reachable(desk: Desk) -> bool:
    try:
        desk.queue.size()
        desk.ledger.waiting()
    except Exception:  # noqa: BLE001 - whatever it is, that is the answer
        return False
    return True
