"""A GitHub on this machine: `with FakeGitHub() as github`, then `github.url` is the address of its API.

It is stateful, speaks real HTTP, and holds every request and every reply of its own to GitHub's description; at the end
it raises `AssertionError` if any was not as described. Limits and rights that the description lacks are in `routes.py`.
"""

import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.github.contract import Request, Response, request_violations, response_violations
from tests.github.faults import DROPPED, Fault, Faults, merged
from tests.github.objects import Content, Executable, Submodule, Symlink
from tests.github.routes import Asked, Refusal, Route, check_rights
from tests.github.state import Pull, Repo, StoredComment, StoredStatus, Token

__all__ = [
    "Content",
    "Executable",
    "FakeGitHub",
    "Pull",
    "Repo",
    "StoredComment",
    "StoredStatus",
    "Submodule",
    "Symlink",
]


class FakeGitHub:
    """`base` is the path of the API (`/api/v3` on a company's own GitHub); `clock` gives seconds since 1970."""

    def __init__(self, *, base: str = "", clock: Callable[[], float] = time.time) -> None:
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        """(method, path with query, headers by lower-case name) of all that was asked."""
        self.violations: list[str] = []
        self._base = base
        self._clock = clock
        self._repos: dict[str, Repo] = {}
        self._tokens: dict[str, Token] = {}
        self._ids = itertools.count(1001)
        self._faults = Faults()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if error is None:  # one that is on its way says more
            self.check()

    def check(self) -> None:
        """Raises `AssertionError` if anything until now was not as GitHub describes it."""
        if self.violations:
            raise AssertionError("not as GitHub describes it:\n" + "\n".join(self.violations))

    @property
    def url(self) -> str:
        """The address of the API, as in GITHUB_API_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self._base}"

    # ── what there is ───────────────────────────────────────────────────────────────────────

    def repository(self, name: str, *, private: bool = False) -> Repo:
        """Create a repo, `owner/name`."""
        self._repos[name.lower()] = repo = Repo(name, self._ids, private)
        return repo

    def repository_named(self, name: str) -> Repo:
        """A repo that has been created."""
        return self._repos[name.lower()]

    def token(self, *rights: str, user: str | None = None) -> str:
        """Make a token with rights such as `contents: read`: a person's, or a job's if no user is named."""
        name = f"ghs_fake{len(self._tokens):028d}"
        self._tokens[name] = Token(dict(right.split(": ", 1) for right in rights), user)
        return name

    # ── what goes wrong ─────────────────────────────────────────────────────────────────────

    def fail(
        self,
        method: str,
        path_regex: str,
        *,
        status: int,
        headers: Mapping[str, str] | None = None,
        body: bytes | object = None,
        after_storing: bool = False,
        times: int | None = 1,
    ) -> None:
        """Answer requests (method `*`: any; the regex is searched in path and query) by a fault, so many times.

        The body is bytes as they are, or anything else as JSON. A fault is not held to the description. `times` None:
        from now on. `after_storing`: what was asked for is done, and then the fault is answered.
        """
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        response = Response(status, content, headers or {})
        self._faults.waiting.append(Fault(method, path_regex, response, after_storing, times))

    def drop(self, method: str, path_regex: str, *, after_storing: bool = False, times: int | None = 1) -> None:
        """Close the connection without an answer."""
        self._faults.waiting.append(Fault(method, path_regex, DROPPED, after_storing, times))

    def redirect(self, path_regex: str, to_url: str, *, status: int = 302, times: int | None = None) -> None:
        """Send requests on to another address."""
        self.fail("*", path_regex, status=status, headers={"Location": to_url}, times=times)

    def link(self, path_regex: str, to_url: str, *, times: int | None = None) -> None:
        """Give the usual answer, but say that the next page is there."""
        headers = {"Link": f'<{to_url}>; rel="next"'}
        self._faults.waiting.append(Fault("GET", path_regex, Response(200, b"", headers), False, times, True))

    def limit(self, seconds: int, *, method: str = "*", times: int | None = 1) -> None:
        """Say that the hour's requests are used up, until the clock is so many seconds further."""
        reset = str(int(self._clock()) + seconds)
        headers = {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
        body = {
            "message": "API rate limit exceeded for installation ID 1.",
            "documentation_url": "https://docs.github.com",
        }
        self.fail(method, "", status=403, headers=headers, body=body, times=times)

    def clear_faults(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.waiting.clear()

    # ── answering ───────────────────────────────────────────────────────────────────────────

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request."""
        with self._lock:
            self.requests.append((method, path, dict(headers)))
            request = Request(method, path.removeprefix(self._base), headers, body)
            self.violations.extend(request_violations(request))
            fault = self._faults.take(request)
            if fault is None:
                return self._usual(request)
            if fault.only_headers:
                return merged(self._usual(request), fault.response.headers)
            if fault.after_storing:
                self._usual(request)
            return fault.response

    def _usual(self, request: Request) -> Response:
        try:
            response = self._do(request)
        except Refusal as refusal:
            response = refusal.response
        except (ValueError, KeyError, TypeError, AttributeError):  # of a request that is not as described
            response = Refusal(422, "Unprocessable").response
        self.violations.extend(response_violations(request, response))
        return response

    def _do(self, request: Request) -> Response:
        route = Route.find(request)
        if route is None:
            raise Refusal(404, "Not Found")
        token = self._holder(request)
        repo = self._repos.get(f"{route.values['owner']}/{route.values['repo']}".lower())
        if repo is None:
            raise Refusal(404, "Not Found")
        check_rights(repo, token, route.rights)
        now = f"{datetime.fromtimestamp(self._clock(), UTC):%Y-%m-%dT%H:%M:%SZ}"
        return route.handler(Asked(repo, request, route.values, token, now, self.url))

    def _holder(self, request: Request) -> Token | None:
        given = request.headers.get("authorization")
        if given is None:
            return None
        scheme, _, name = given.partition(" ")
        if scheme not in ("Bearer", "token") or name not in self._tokens:
            raise Refusal(401, "Bad credentials")
        return self._tokens[name]


def _handler(github: FakeGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            response = github.handle(self.command, self.path, headers, body)
            if response is DROPPED:
                return
            self.send_response(response.status)
            told = {"content-type": "application/json; charset=utf-8", "content-length": str(len(response.body))}
            for name, value in (told | dict(response.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer  # noqa: N815 - the base class names them so

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    return Handler
