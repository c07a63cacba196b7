"""What a store is read by: the API below `/api`, the dashboard everywhere else."""

from typing import Final
from urllib.parse import quote

import anyio.to_thread
from anyio import CapacityLimiter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from evalmark.errors import EvalmarkError
from evalmark.ports import Records
from evalmark.web.api.problems import unreadable
from evalmark.web.api.routes import THREADS, api
from evalmark.web.api.source import Source
from evalmark.web.headers import SafeHeaders
from evalmark.web.kept import KEPT_BYTES, Kept
from evalmark.web.logs import logger
from evalmark.web.metrics import Metrics
from evalmark.web.page import BESIDE_STORE
from evalmark.web.site.pages import Site
from evalmark.web.site.rendering import PageAnswer
from evalmark.web.webhook import PATH

FOREVER: Final = "public, max-age=31536000, immutable"
"""For a file whose address has its version in it."""
OWN: Final = frozenset({"/healthz", "/metrics", BESIDE_STORE, PATH})
"""Addresses that are no business of the store's."""


def reading(records: Records, metrics: Metrics, most: int = KEPT_BYTES) -> ASGIApp:
    """API and dashboard. `most` bytes of answers are kept; with 0, each is made anew."""
    answers = _ByPath(api(Source(records, keep=most > 0)), _Dashboard(Site(records)))
    kept = Kept(answers, lambda: records.version, most, metrics.answer)
    anywhere = CORSMiddleware(
        kept,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD"],
        allow_headers=["If-None-Match"],
        expose_headers=["ETag", "Link"],
    )
    return SafeHeaders(_ByPath(anywhere, kept))


def reader(records: Records, metrics: Metrics, most: int = KEPT_BYTES) -> ASGIApp:
    """The whole of a server that only reads."""

    def health(_request: Request) -> Response:
        try:
            store = bool(records.version)
        except EvalmarkError:
            store = False
        return JSONResponse({"store": "ok" if store else "unreadable"}, 200 if store else 503)

    def numbers(_request: Request) -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    own = Starlette(routes=[Route("/healthz", health), Route("/metrics", numbers)])
    return beside(SafeHeaders(own), reading(records, metrics, most))


def beside(own: ASGIApp, store: ASGIApp) -> ASGIApp:
    """An application for the addresses in `OWN`, and the store's for all others."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (own if scope.get("path") in OWN else store)(scope, receive, send)

    return app


class _ByPath:
    """The API's addresses, and the others."""

    def __init__(self, below_api: ASGIApp, others: ASGIApp) -> None:
        self._below_api = below_api
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_api = scope["type"] != "http" or path == "/api" or path.startswith("/api/")
        await (self._below_api if is_api else self._others)(scope, receive, send)


class _Dashboard:
    """The pages as an application."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._limiter = CapacityLimiter(THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method not in ("GET", "HEAD"):
            response = Response(status_code=405, headers={"allow": "GET, HEAD"})
        else:
            response = await self._page(scope["path"], request)
        await response(scope, receive, send)

    async def _page(self, path: str, request: Request) -> Response:
        try:
            return await anyio.to_thread.run_sync(self._answer, path, dict(request.query_params), limiter=self._limiter)
        except EvalmarkError as error:
            logger("dashboard").error("the store cannot be read", error=str(error))
            return unreadable()

    def _answer(self, path: str, query: dict[str, str]) -> Response:
        found = self._site.answer(path, query)
        if found is None and not path.endswith("/") and self._site.answer(f"{path}/", query) is not None:
            return Response(status_code=308, headers={"location": f"{quote(path.rpartition('/')[2])}/"})
        answer: PageAnswer = found or self._site.not_found(path)
        headers = dict(answer.headers)
        if path.startswith("/assets/") and "v" in query and answer.status == 200:
            headers["cache-control"] = FOREVER
        return Response(answer.body, answer.status, headers, answer.content_type)
