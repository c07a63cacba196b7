"""Holds requests and replies to GitHub's own description of its API (its cut lies in `data/`)."""

import copy
import functools
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from evalmark.adapters.github.endpoints import ENDPOINTS

DATA = Path(__file__).parent / "data"
HOST = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. `path` begins with `/repos`; names of headers are lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def query(self) -> dict[str, str]:
        """What stands after the question mark."""
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def read_data(name: str) -> Any:
    """One of the files in `data/`. Not to be changed: all share it."""
    return json.loads(gzip.decompress((DATA / name).read_bytes()))


def description() -> Any:
    """GitHub's description of the operations that we use (OpenAPI 3.0)."""
    return read_data("github-openapi.json.gz")


def _with_what_it_lacks() -> Any:
    """The description, where GitHub is known to answer otherwise: no `head.repo` once a fork has been deleted.

    Source: issues 424 and 1811 of github/rest-api-description.
    """
    told = copy.deepcopy(description())
    schemas = told["components"]["schemas"]
    schemas["pull-request"]["properties"]["head"]["properties"]["repo"] = schemas["repository"] | {"nullable": True}
    return told


@functools.cache
def _openapi() -> OpenAPI:
    # The description itself is GitHub's to check; that takes seconds.
    config = Config(spec_validator_cls=None)  # type: ignore[arg-type] # None is how it is switched off
    return OpenAPI.from_dict(_with_what_it_lacks(), config=config)


def request_violations(request: Request) -> Iterator[str]:
    """Where a request is not as GitHub describes it."""
    mock = _mock(request)
    yield from (_line(request, "request", error) for error in _openapi().iter_request_errors(mock))
    operation = _operation(request)
    declared = {_resolved(each)["name"] for each in operation.get("parameters", ())}
    for name in request.query.keys() - declared:
        yield f"{request.method} {request.path}: request: the query has {name!r}, which is not declared"
    if request.headers.get("accept") != "application/vnd.github+json":
        yield f"{request.method} {request.path}: request: no media type of GitHub is asked for"
    if request.headers.get("x-github-api-version") != "2022-11-28":
        yield f"{request.method} {request.path}: request: no version of the API is asked for"


def response_violations(request: Request, response: Response) -> Iterator[str]:
    """Where a reply is not as GitHub describes it.

    GitHub sends errors that it does not list for an operation (a 403 for statuses): of those nothing is known.
    """
    if response.status >= 400 and str(response.status) not in _operation(request).get("responses", {}):
        return
    mock = MockResponse(
        response.body, response.status, dict(response.headers), content_type="application/json" if response.body else ""
    )
    yield from (
        _line(request, f"reply {response.status}", error)
        for error in _openapi().iter_response_errors(_mock(request), mock)
    )


def _operation(request: Request) -> Any:
    path = urlsplit(request.path).path.split("/")
    for endpoint in ENDPOINTS:
        template = endpoint.path.split("/")
        fits = len(template) == len(path) and all(
            part.startswith("{") or part == given for part, given in zip(template, path, strict=True)
        )
        if fits and endpoint.method == request.method:
            return description()["paths"][endpoint.path][endpoint.method.lower()]
    return {}


def _resolved(parameter: Any) -> Any:
    pointer = parameter.get("$ref")
    if pointer is None:
        return parameter
    return description()["components"]["parameters"][pointer.rpartition("/")[2]]


def _mock(request: Request) -> MockRequest:
    return MockRequest(
        HOST,
        request.method,
        urlsplit(request.path).path,
        args=request.query,
        headers=dict(request.headers),
        data=request.body,
        content_type=request.headers.get("content-type", ""),
    )


def _line(request: Request, what: str, error: Exception) -> str:
    """One line on an error: the message of each cause, or what the schema says in place of a copy of the whole body."""
    causes: list[str] = []
    at: BaseException | None = error
    while at is not None:
        details = [f"{each.json_path}: {each.message}" for each in getattr(at, "schema_errors", ())]
        causes += details or ([str(at)] if not isinstance(at.__cause__, InvalidSchemaValue) else [])
        at = at.__cause__
    return f"{request.method} {request.path}: {what}: {'; '.join(causes)}"
