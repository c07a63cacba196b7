"""Answers that are no success, in the form of RFC 9457. Never a traceback."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 10


class Problem(BaseModel):
    """Why there is no other answer (RFC 9457)."""

    type: str = Field(description="Always `about:blank`: the status says it all.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is the matter, for a person.")
    error: str = Field(description="The same as `detail`, under the name that clients of the Hub look for.")


class Refusal(Exception):
    """Ends a request with this status. `detail` may hold foreign text: it is only ever sent as JSON."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "error": detail}
    return Response(to_json(body), status, dict(headers or {}), MEDIA_TYPE)


def not_there(what: str) -> Refusal:
    """There is no such thing. The header is what clients of the Hub look at."""
    return Refusal(404, f"there is no {what}", {"x-error-code": "RepoNotFound"})


def unreadable() -> Response:
    """The store cannot be asked now: it is gone, damaged, or of a newer version. Which, is for the log only."""
    return problem(503, "the store cannot be read at the moment", {"retry-after": str(RETRY_SECONDS)})


def described(*statuses: int) -> dict[int | str, dict[str, object]]:
    """These statuses for the OpenAPI description."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}
