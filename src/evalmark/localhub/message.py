"""Requests and responses as values, without sockets."""

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Literal

# The Hub's own codes, by which its client chooses its exceptions, and one for what a read-only Hub does not do.
ErrorCode = Literal["RepoNotFound", "RevisionNotFound", "EntryNotFound", "NotServed"]


@dataclass(frozen=True)
class Request:
    """A request: `target` is the raw path with its query, the names of `headers` are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """A response: `length` is the size of the body that `chunks()` gives, also where none is sent (HEAD)."""

    status: int
    headers: Mapping[str, str]
    length: int
    chunks: Callable[[], Generator[bytes]]


def bytes_response(status: int, headers: Mapping[str, str], body: bytes) -> Response:
    """A response whose body is in memory."""
    return Response(status, headers, len(body), lambda: (piece for piece in (body,)))


def json_response(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response that says `value` in JSON."""
    body = json.dumps(value).encode()
    return bytes_response(status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)


def error_response(
    status: int, message: str, code: ErrorCode = "NotServed", headers: Mapping[str, str] | None = None
) -> Response:
    """An error as the Hub tells it: in the body, and in headers, which the client prefers."""
    one_line = message.encode("ascii", errors="backslashreplace").decode()
    one_line = "".join(character if character.isprintable() else " " for character in one_line)
    told = {"X-Error-Code": code, "X-Error-Message": one_line[:1000]}
    return json_response({"error": message}, status, {**told, **(headers or {})})
