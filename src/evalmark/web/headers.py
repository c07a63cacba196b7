"""Headers that every answer has, whatever it is."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE: Final[Mapping[str, str]] = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors https://huggingface.co",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
}
_SAFE: Final = tuple((name.encode(), value.encode()) for name, value in SAFE.items())


class SafeHeaders:
    """The same headers on every answer, errors included. One that an answer sets itself stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI calls it."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", []))
                named = {name.lower() for name, _ in own}
                message = {**message, "headers": [*own, *(each for each in _SAFE if each[0] not in named)]}
            await send(message)

        await self._app(scope, receive, send_safe if scope["type"] == "http" else send)
