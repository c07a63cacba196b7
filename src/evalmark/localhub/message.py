"""Requests and responses as values, without sockets."""

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import IO, Literal
from urllib.parse import parse_qs

from evalmark.localhub.content import Content

# The Hub's own codes, by which its client chooses its exceptions, and one for what this Hub does not do.
ErrorCode = Literal["RepoNotFound", "RevisionNotFound", "EntryNotFound", "GatedRepo", "NotServed"]
LARGEST_JSON = 5 << 20


@dataclass(frozen=True)
class Request:
    """A request: `target` is the raw path with its query, the names of `headers` are in lower case.

    What git sends is too large to be held: it is in the file `upload`, and `body` is empty.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    upload: IO[bytes] | None = None

    @property
    def path(self) -> str:
        """The raw path, without the query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> Mapping[str, list[str]]:
        """The query, decoded; a name may stand there more than once."""
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    def flag(self, name: str) -> bool:
        """Whether the query says yes to `name`."""
        return self.query.get(name, ["false"])[-1].lower() in {"true", "1"}

    def json(self) -> Mapping[str, object]:
        """The body, a JSON object; no body is an empty one. Raises `Denied` (400) for anything else."""
        try:
            value = json.loads(self.body) if self.body.strip() else {}
        except (ValueError, RecursionError) as problem:
            raise Denied(400, "the body is not JSON") from problem
        if not isinstance(value, dict):
            raise Denied(400, "the body must be a JSON object")
        return value


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


def content_response(content_type: str, content: Content) -> Response:
    """A response whose body is read piece by piece; nothing keeps it."""
    headers = {"Content-Type": content_type, "Cache-Control": "no-cache"}
    return Response(200, headers, content.size, lambda: content.chunks(0, content.size))


# In the place of an answer: the server ends the connection abruptly, as if the network had failed.
HANG_UP = bytes_response(0, {}, b"")


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


class Denied(Exception):
    """What was asked for is not done; `response` says so to the client."""

    def __init__(
        self, status: int, message: str, code: ErrorCode = "NotServed", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.response = error_response(status, message, code, headers)
