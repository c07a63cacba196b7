"""Every address of the API: what answers it, what may be asked, what comes back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from evalmark import __version__
from evalmark.errors import EvalmarkError
from evalmark.web.api import boards, claims, events, hub, shapes
from evalmark.web.api import parameters as named
from evalmark.web.api.answers import Asked, json_answer
from evalmark.web.api.parameters import Parameter
from evalmark.web.api.problems import Problem, Refusal, described, problem, unreadable
from evalmark.web.api.source import Source
from evalmark.web.logs import logger

Answer: TypeAlias = Callable[[Source, Asked], Response]
ROOT: Final = "/api/v1"
THREADS: Final = 4
"""That ask the store at a time. More of them only get in each other's way."""
ABOUT: Final = (
    "Scores that models report on benchmarks, and what reruns say about them. Everything is read-only and open to "
    "anybody. Answers have an `ETag`; send it back in `If-None-Match`, and an answer that has not changed is 304. "
    "A parameter that means nothing is refused, so that a misspelt one never widens an answer. All times are UTC."
)


@dataclass(frozen=True, slots=True)
class Route:
    """An address. `returns` is the shape of the body; None for what is no JSON."""

    path: str
    answer: Answer
    returns: Any
    summary: str
    parameters: tuple[Parameter, ...] = ()


def index(source: Source, _asked: Asked) -> Response:
    """Where everything is."""
    names = ("leaderboards", "models", "claims", "events", "conflicts", "receipts")
    links = {name: f"{ROOT}/{name}" for name in names}
    links |= {"feed": f"{ROOT}/events.atom", "openapi": f"{ROOT}/openapi.json"}
    return json_answer({"evalmark": __version__, "store": source.records.version, "links": links})


_IN_PATH: Final = {
    name: Parameter(name, description, {"type": "string", "examples": [example]}, "path")
    for name, description, example in (
        ("owner", "Who owns the repo.", "acme"),
        ("name", "The repo's name.", "sums"),
        ("id", "The id, as lists tell it.", "0" * 32),
    )
}
_PAGING = named.PAGING
_EVENTS: Final = (named.MODEL, named.BENCHMARK, named.TASK, named.EVENT_KIND, named.SINCE, *_PAGING)
_CLAIMS: Final = (named.MODEL, named.BENCHMARK, named.TASK, *named.CHOICE, *_PAGING)
_MODELS: Final = tuple(
    each for each in named.CHOICE if each.name in ("q", "owner", "size_min", "size_max", "base_only")
)
ROUTES: Final = (
    Route("/api/v1", index, shapes.Index, "What there is"),
    Route("/api/v1/leaderboards", boards.boards, shapes.TaskPage, "All boards", (named.SEARCH, *_PAGING)),
    Route("/api/v1/leaderboards/{owner}/{name}", boards.benchmark, shapes.Benchmark, "A benchmark's boards"),
    Route(
        "/api/v1/leaderboards/{owner}/{name}/rows",
        boards.rows,
        shapes.BoardPage,
        "The rows of a board; a benchmark with several tasks needs `task`",
        (named.TASK, *named.BOARD),
    ),
    Route("/api/v1/models", claims.models, shapes.ModelPage, "Models", (*_MODELS, *_PAGING)),
    Route("/api/v1/models/{owner}/{name}", claims.model, shapes.ModelAndClaims, "A model and its claims"),
    Route("/api/v1/claims", claims.claims, shapes.ClaimPage, "Claims, newest change first", _CLAIMS),
    Route("/api/v1/claims/{id}", claims.claim, shapes.ClaimAndHistory, "A claim and what happened to it"),
    Route("/api/v1/events", events.events, shapes.EventPage, "Events, newest first", _EVENTS),
    Route("/api/v1/events.atom", events.feed, None, "The same as an Atom feed", _EVENTS),
    Route(
        "/api/v1/conflicts",
        claims.conflicts,
        shapes.DisputePage,
        "Where reports disagree",
        (named.DISPUTE_KIND, named.MODEL, named.BENCHMARK, *_PAGING),
    ),
    Route(
        "/api/v1/receipts",
        claims.receipts,
        shapes.ReceiptPage,
        "Receipts, and what was known of them at the last sync; whoever relies on one checks it again",
        (named.MODEL, named.CLAIM, named.CLAIM_DIGEST, named.RECEIPT_STATE, *_PAGING),
    ),
    Route("/api/v1/verdicts/{id}", claims.verdict, shapes.Verdict, "A verdict, whole"),
    Route(
        "/api/datasets/{owner}/{name}/leaderboard",
        hub.leaderboard,
        list[shapes.HubRow],
        "A board in the form of the Hub's own, for programs that know that one: its first 1000 rows",
        (hub.BASE_MODEL, hub.TASK_ID),
    ),
)


def api(source: Source) -> FastAPI:
    """The application below `/api`."""
    app = FastAPI(
        title="evalmark",
        version=__version__,
        description=ABOUT,
        openapi_url=f"{ROOT}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    limiter = CapacityLimiter(THREADS)
    for route in ROUTES:
        _add(app, route, _endpoint(route, source, limiter))
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(EvalmarkError, _trouble)
    app.add_exception_handler(HTTPException, _no_route)
    _describe_problems(app)
    return app


def _endpoint(route: Route, source: Source, limiter: CapacityLimiter) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked = Asked(request.path_params, named.read(request.query_params.multi_items(), route.parameters))
        return await anyio.to_thread.run_sync(route.answer, source, asked, limiter=limiter)

    return endpoint


def _add(app: FastAPI, route: Route, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
    in_path = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    parameters = (*(_IN_PATH[name] for name in in_path), *route.parameters)
    refusals = (*((404,) if in_path else ()), *((422,) if route.parameters else ()), 503)
    app.add_api_route(
        route.path,
        endpoint,
        name=route.answer.__name__,
        summary=route.summary,
        response_model=route.returns,
        response_class=JSONResponse if route.returns is not None else AtomResponse,
        responses=described(*refusals),
        openapi_extra={"parameters": [each.described() for each in parameters]},
    )


class AtomResponse(Response):
    """Only says the media type in the description: the feed is made elsewhere."""

    media_type = events.MEDIA_TYPE


def _describe_problems(app: FastAPI) -> None:
    """The shape of a problem is in no route's own answer, so it is added to the description."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _schema(Problem)
        return schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way to change it


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - it is registered for nothing else
    return problem(error.status, error.detail, error.headers)


async def _trouble(_request: Request, error: Exception) -> Response:
    """The store's, for the log alone: its path and state are nobody's business."""
    logger("api").error("the store cannot be read", error=str(error))
    return unreadable()


async def _no_route(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    detail = "only GET and HEAD are allowed here" if error.status_code == 405 else f"there is nothing at {ROOT}"
    return problem(error.status_code, detail if error.status_code in (404, 405) else str(error.detail), error.headers)
