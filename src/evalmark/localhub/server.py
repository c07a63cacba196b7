"""The socket side of the local Hub: a threading HTTP/1.1 server on loopback."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any, cast

from evalmark.errors import CouldNotFinish, EvalmarkError, UsageProblem
from evalmark.localhub.api import handle
from evalmark.localhub.message import HANG_UP, LARGEST_JSON, Request, Response, error_response
from evalmark.localhub.routes import takes_upload
from evalmark.localhub.spool import LARGEST_UPLOAD, TooLarge, receive
from evalmark.localhub.state import HubState

_DRAINED = 1 << 20
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Served:
    """A request that was answered: its method, its raw path with the query, and the status it got (0: none)."""

    method: str
    target: str
    status: int


class Server(ThreadingHTTPServer):
    """Answers for one Hub; what was answered is in `served`."""

    daemon_threads = True

    def __init__(self, port: int, hub: HubState, served: list[Served]) -> None:
        self.hub = hub
        self.served = served
        self._connections: set[socket.socket] = set()
        self._hung_up: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """As the base class, without its look-up of our own name, which can take seconds without a network."""
        super(ThreadingHTTPServer, self).server_bind()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be ended with the server."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection, and close it."""
        self._connections.discard(request)
        if request in self._hung_up:
            self._hung_up.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def hang_up(self, connection: socket.socket) -> None:
        """End a connection, soon, as if the network had failed."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._hung_up.add(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; `handle` has answered everything else."""

    def end_connections(self) -> None:
        """Wake up the threads that wait for another request of an idle client."""
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._connections.discard(connection)


def open_server(port: int, hub: HubState, served: list[Served]) -> Server:
    """A server that has its port and answers nobody yet. Raises `UsageProblem` or `CouldNotFinish` for the port."""
    try:
        return Server(port, hub, served)
    except OverflowError as problem:
        raise UsageProblem(f"{port} is not a port", "use 1 to 65535, or 0 for any free one") from problem
    except OSError as problem:
        raise CouldNotFinish(
            f"cannot listen on 127.0.0.1:{port}: {problem.strerror}", "use another port, or 0 for any free one"
        ) from problem


@contextmanager
def answering(server: Server) -> Iterator[None]:
    """The server answers while the context is open."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="localhub", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.end_connections()


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "evalmark-localhub"
    sys_version = ""
    timeout = 60
    # Headers and body leave in one piece; two small ones would wait for each other (Nagle, delayed ACK).
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    body_unread = False

    def do_GET(self) -> None:
        """Answer a request of any method."""
        request = self._request()
        if request is None:
            most = f"{LARGEST_JSON >> 20} MB, a commit or a push {LARGEST_UPLOAD >> 20} MB"
            response = error_response(413, f"the body is too large, or does not say how large it is: at most {most}")
        else:
            response = handle(request, self.server.hub)
            if request.upload is not None:
                request.upload.close()
        self.server.served.append(Served(self.command, self.path, response.status))
        self._send(response)

    def handle_expect_100(self) -> bool:
        """Tell a client that waits for it to go on; git does with large pushes."""
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: `LocalHub.requests` has it all."""

    def finish(self) -> None:
        """End the connection. A client that is still sending gets its answer: an abrupt end would destroy it."""
        super().finish()
        if self.body_unread:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_WR)
                self.connection.settimeout(1)
                while self.connection.recv(_DRAINED):
                    pass

    def _request(self) -> Request | None:
        """The request with its body; None if the body is too large, or does not say how large it is."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_upload = takes_upload(self.path)
        try:
            body = receive(cast("IO[bytes]", self.rfile), headers, LARGEST_UPLOAD if is_upload else LARGEST_JSON)
        except TooLarge:
            self.close_connection = self.body_unread = True
            return None
        if is_upload:
            return Request(self.command, self.path, headers, upload=body)
        with body:
            return Request(self.command, self.path, headers, body.read())

    def _send(self, response: Response) -> None:
        if response is HANG_UP:
            self.close_connection = True
            self.server.hang_up(self.connection)
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(response.length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(response)

    def _send_body(self, response: Response) -> None:
        try:
            with closing(response.chunks()) as chunks:
                for chunk in chunks:
                    self.wfile.write(chunk)
        except EvalmarkError:
            # The headers are out; a body that is too short is the only way left to say that it failed.
            self.close_connection = True


# The base class looks for one name a method; which of them do something is decided in one place, `handle`.
for _method in ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
    setattr(_Handler, f"do_{_method}", _Handler.do_GET)
