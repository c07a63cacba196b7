"""Who may give commands on a repo of an organisation: what can be learnt of the Hub, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evalmark.adapters.hub import HubAccount
from evalmark.errors import CouldNotFinish
from evalmark.web.commands import Allowed

MEMBERS = [{"user": "ada", "fullname": "Ada", "avatarUrl": "/a"}, {"user": "Bob", "fullname": "Bob", "avatarUrl": "/b"}]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, body = {
            "/api/organizations/acme/members": (200, MEMBERS),
            "/api/organizations/secret/members": (403, {"error": "not for you"}),
        }.get(self.path.partition("?")[0], (404, {"error": "there is none"}))
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[HubAccount]:
    """A Hub with an organisation of two."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield HubAccount(f"http://127.0.0.1:{server.server_address[1]}", "hf_bot")
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("author", "model", "members", "may"),
    [
        pytest.param("ada", "acme/adder", True, True, id="a member"),
        pytest.param("bob", "acme/adder", True, True, id="a member, written otherwise"),
        pytest.param("ada", "acme/adder", False, False, id="a member, but members may not"),
        pytest.param("eve", "acme/adder", True, False, id="a stranger"),
        pytest.param("eve", "ada/adder", True, False, id="a person is no organisation"),
        pytest.param("ada", "ada/adder", True, True, id="the person who owns it"),
        pytest.param("deleted", "acme/adder", True, False, id="an account that is gone"),
    ],
)
def test_may(hub: HubAccount, author: str, model: str, members: bool, may: bool) -> None:
    assert Allowed(members=members).may(author, model, hub.members) is may


def test_may__an_organisation_that_is_not_shown_is_trouble(hub: HubAccount) -> None:
    with pytest.raises(CouldNotFinish, match="does not allow it"):
        Allowed(members=True).may("eve", "secret/model", hub.members)
