"""The web server itself, whatever it serves."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn

from evalmark.errors import UsageProblem

MOST_CONNECTIONS: Final = 1000


def server(app: object) -> uvicorn.Server:
    """Its own log of requests is off: an address may have the secret in it."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type] # an ASGI application
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=1,
        lifespan="off",
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """The socket. Raises `UsageProblem` if nobody can listen there."""
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:
        raise UsageProblem(f"{host}:{port} cannot be listened at: {error}", "give another --host or --port") from error
    with listener:
        yield listener
