"""The socket side of the local Hub: a threading HTTP/1.1 server on loopback, and `LocalHub`, which owns it."""

import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from evalmark.errors import CouldNotFinish, EvalmarkError, UsageProblem
from evalmark.localhub.api import handle
from evalmark.localhub.folder import open_repository
from evalmark.localhub.message import Request, Response, error_response
from evalmark.localhub.names import RepoId
from evalmark.localhub.repository import GitRepository

_LARGEST_BODY = 1 << 20


@dataclass(frozen=True)
class Served:
    """A request that was answered: its method, its raw path with the query, and the status it got."""

    method: str
    target: str
    status: int


class LocalHub:
    """Serves folders and git repositories over the Hub's API while its `with` block runs; read-only.

    A source is a git repository (work tree or bare), of which all commits are served and **uncommitted changes are
    not**, or a plain folder, which is served as one commit whose sha depends only on its content. `port` 0 takes any
    free one. Only this machine can connect.

    >>> with LocalHub({RepoId("datasets", "org/bench"): Path("examples/bench")}) as hub:   # doctest: +SKIP
    ...     HfApi(endpoint=hub.url).dataset_info("org/bench").sha == hub.sha(RepoId("datasets", "org/bench"))
    True

    Entering raises `UsageProblem` for a source or a port that cannot be served, `CouldNotFinish` if git fails or the
    port is taken. The attributes work inside the `with` block; `requests` also after it.
    """

    def __init__(self, sources: Mapping[RepoId, Path], *, port: int = 0) -> None:
        self._sources = dict(sources)
        self._port = port
        self._repositories: dict[RepoId, GitRepository] = {}
        self._served: list[Served] = []
        self._opened = ExitStack()
        self.url = ""

    def __enter__(self) -> Self:
        """Open the repositories and start to serve."""
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evalmark-localhub-")))
            for number, (repo, source) in enumerate(sorted(self._sources.items())):
                repository = open_repository(source.absolute(), scratch / f"{number}.git")
                self._repositories[repo] = repository
                stack.callback(repository.close)
            server = stack.enter_context(_running_server(self._port, self._repositories, self._served))
            self.url = f"http://127.0.0.1:{server.server_address[1]}"
            self._opened = stack.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Stop serving, and remove what was imported."""
        self._opened.close()

    @property
    def requests(self) -> tuple[Served, ...]:
        """The requests served so far, in the order in which they were answered."""
        return tuple(self._served)

    def sha(self, repo: RepoId, revision: str = "main") -> str:
        """The 40-hex sha of the commit that `revision` stands for. Raises `UsageProblem` if there is none."""
        if repo not in self._repositories:
            raise UsageProblem(f"the local Hub does not serve {repo}", "name one of the repos it was started with")
        sha = self._repositories[repo].resolve(revision)
        if sha is None:
            raise UsageProblem(
                f"{repo} has no revision {revision!r}", "name a branch, a tag, refs/pr/<number> or a full 40-digit sha"
            )
        return sha

    def checked_out(self, repo: RepoId) -> str:
        """The sha of the commit that the repo's folder is on, whatever its branch is called."""
        return self._repositories[repo].checked_out() or self.sha(repo)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, repositories: Mapping[RepoId, GitRepository], served: list[Served]) -> None:
        self.repositories = repositories
        self.served = served
        self._connections: set[socket.socket] = set()
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
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; `handle` has answered everything else."""

    def end_connections(self) -> None:
        """Wake up the threads that wait for another request of an idle client."""
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self._connections.discard(connection)


@contextmanager
def _running_server(port: int, repositories: Mapping[RepoId, GitRepository], served: list[Served]) -> Iterator[_Server]:
    try:
        server = _Server(port, repositories, served)
    except OverflowError as problem:
        raise UsageProblem(f"{port} is not a port", "use 1 to 65535, or 0 for any free one") from problem
    except OSError as problem:
        raise CouldNotFinish(
            f"cannot listen on 127.0.0.1:{port}: {problem.strerror}", "use another port, or 0 for any free one"
        ) from problem
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="localhub", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.end_connections()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
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
            response = error_response(413, "this local Hub is read-only, and takes no large or chunked request body")
        else:
            response = handle(request, self.server.repositories)
        self.server.served.append(Served(self.command, self.path, response.status))
        self._send(response)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: `LocalHub.requests` has it all."""

    def finish(self) -> None:
        """End the connection. A client that is still sending gets its answer: an abrupt end would destroy it."""
        super().finish()
        if self.body_unread:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_WR)
                self.connection.settimeout(1)
                while self.connection.recv(_LARGEST_BODY):
                    pass

    def _request(self) -> Request | None:
        """The request with its body; None if the body is too large, or does not say how large it is."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        has_length = length.isascii() and length.isdigit() and len(length) < 18 and "transfer-encoding" not in headers
        if not has_length or int(length) > _LARGEST_BODY:
            self.close_connection = self.body_unread = True
            return None
        return Request(self.command, self.path, headers, self.rfile.read(int(length)))

    def _send(self, response: Response) -> None:
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


# The base class looks for one name a method; what is read-only is decided in one place, `handle`.
for _method in ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
    setattr(_Handler, f"do_{_method}", _Handler.do_GET)
