"""HTTP on the standard library: one request, one answer, no redirects, nothing decided.

The base install has no HTTP library, and a command line that only checks files should not pay for one: importing httpx
takes 0.4 s, urllib 0.1 s.
"""

import http.client
import ipaddress
import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from evalmark.errors import CouldNotFinish

TIMEOUT_SECONDS = 30
LARGEST_BODY = 5 * 1024 * 1024  # bytes

_PLAIN = re.compile(r"[!-\[\]-~]+")  # printable ASCII without the space and the backslash
_PORTS = {"http": 80, "https": 443}


class Dropped(Exception):
    """No answer, or a part of one: what was asked for may have been done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Names of headers are lower case; of a header that comes twice, the last is kept."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Origin:
    """What two addresses share if they are the same server."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin | None":
        """None if it is no plain http(s) address: one with a user, or with letters that parsers read differently."""
        if _PLAIN.fullmatch(url) is None:
            return None
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return None
        if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
            return None
        return cls(parts.scheme, host.lower(), port if port is not None else _PORTS[parts.scheme])

    @property
    def is_loopback(self) -> bool:
        """This machine itself."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def joined(url: str, location: str) -> str:
    """Where a `Location` leads; as it is if it is no address at all."""
    try:
        return urljoin(url, location)
    except ValueError:
        return location


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Hands every answer over: urllib would follow redirects with all headers, the token's included."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:  # noqa: ARG002 - urllib names it
        return response

    https_response = http_response


class Transport:
    """Sends requests as urllib does: through the proxy that the environment names, but never for this machine."""

    def __init__(self, origin: Origin) -> None:
        proxies = urllib.request.ProxyHandler({}) if origin.is_loopback else urllib.request.ProxyHandler()
        self._opener = urllib.request.build_opener(proxies, _AsItIs())

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """One try. Raises `Dropped` if no whole answer came, `CouldNotFinish` if it is too large."""
        request = urllib.request.Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 - by Origin
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                content = _read(response, method, url)
                return Answer(response.status, _lower(response.headers), content)
        except (OSError, http.client.HTTPException, UnicodeError) as error:  # the last: a name that is no host's
            raise Dropped(_named(error)) from None


def _read(response: Any, method: str, url: str) -> bytes:
    stream: IO[bytes] = response
    content = stream.read(LARGEST_BODY + 1)
    if len(content) > LARGEST_BODY:
        raise CouldNotFinish(
            f"GitHub's answer to {method} {urlsplit(url).path} is over {LARGEST_BODY:,} bytes",
            "evalmark reads no more at once; look whether the folder or the file has to be that large",
        )
    if response.length:  # bytes that were promised and did not come: `read(n)` alone does not tell
        raise Dropped("the answer was cut off")
    return content


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}


def _named(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return str(reason or error).strip() or type(error).__name__
