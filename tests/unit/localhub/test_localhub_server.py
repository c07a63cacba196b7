"""The socket side: keep-alive, HEAD, odd bodies, clients that go away, start and stop."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.localhub import LocalHub, RepoId, Served
from evalmark.localhub.message import HANG_UP, json_response
from tests.contract.localhub_fixtures import write

MODEL = RepoId("models", "org/m")
FILE = "/org/m/resolve/main/a.txt"
LARGE = bytes(range(256)) * 24_000


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LocalHub]:
    write(tmp_path / "m", {"a.txt": "hello"})
    (tmp_path / "m" / "large.bin").write_bytes(LARGE)
    with LocalHub({MODEL: tmp_path / "m"}) as hub:
        yield hub


@pytest.fixture
def client(hub: LocalHub) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(hub.url.removeprefix("http://"), timeout=5)
    yield connection
    connection.close()


def test_connection__is_kept_after_an_error(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/org/m/resolve/main/absent")
    client.getresponse().read()
    first = client.sock
    client.request("GET", FILE)
    assert (client.getresponse().read(), client.sock) == (b"hello", first)


def test_head__has_the_true_length_and_no_body(client: http.client.HTTPConnection) -> None:
    client.request("HEAD", "/org/m/resolve/main/large.bin")
    response = client.getresponse()
    assert (response.headers["Content-Length"], response.read()) == (str(len(LARGE)), b"")


def test_large_file__is_streamed_whole(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/org/m/resolve/main/large.bin")
    assert client.getresponse().read() == LARGE


def test_large_file__range_in_the_middle(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/org/m/resolve/main/large.bin", headers={"Range": "bytes=5000000-5000009"})
    assert client.getresponse().read() == LARGE[5_000_000:5_000_010]


def test_body__is_read_before_the_next_request(client: http.client.HTTPConnection) -> None:
    client.request("POST", "/api/models/org/m/commit/main", body=b"x" * 100_000)
    assert client.getresponse().read()
    client.request("GET", FILE)
    assert client.getresponse().read() == b"hello"


def test_body__too_large_is_refused_with_a_reason(client: http.client.HTTPConnection) -> None:
    client.request("POST", "/api/models/org/m/discussions", body=b"x" * 6_000_000)
    response = client.getresponse()
    assert (response.status, "at most 5 MB" in response.headers["X-Error-Message"]) == (413, True)


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30])
def test_body__odd_length_is_refused(client: http.client.HTTPConnection, length: str) -> None:
    client.request("POST", FILE, headers={"Content-Length": length})
    assert client.getresponse().status == 413


def test_body__chunked_is_read(client: http.client.HTTPConnection) -> None:
    form = iter([b"paths=a.txt", b"&paths=", b"none"])
    client.request("POST", "/api/models/org/m/paths-info/main", body=form)
    assert [item["path"] for item in json.loads(client.getresponse().read())] == ["a.txt"]


@pytest.mark.parametrize("chunks", [b"", b"x\r\n", b"-1\r\n", b"5\r\nab", b"fffffff\r\n"])
def test_body__odd_chunks_are_refused(hub: LocalHub, chunks: bytes) -> None:
    head = b"POST /api/models/org/m/paths-info/main HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(hub.url.rpartition(":")[2]))) as connection:
        connection.sendall(head + chunks)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_page_of_another_site__may_write_nothing(client: http.client.HTTPConnection) -> None:
    client.request("POST", "/api/repos/create", body=b"{}", headers={"Origin": "https://evil.example"})
    assert client.getresponse().status == 403


@pytest.mark.parametrize("when", ["before", "after"])
def test_hang_up__is_an_abrupt_end(hub: LocalHub, client: http.client.HTTPConnection, when: str) -> None:
    if when == "before":
        hub.state.before.append(lambda request: HANG_UP)
    else:
        hub.state.after.append(lambda request, response: HANG_UP)
    client.request("GET", FILE)
    with pytest.raises(ConnectionError):
        client.getresponse()


def test_site_handler__gets_the_longest_prefix(hub: LocalHub, client: http.client.HTTPConnection) -> None:
    hub.state.site_handlers["/api/jobs/"] = lambda request, state: json_response({"url": state.url})
    hub.state.site_handlers["/api/"] = lambda request, state: json_response({})
    client.request("POST", "/api/jobs/org", body=b"{}")
    assert json.loads(client.getresponse().read()) == {"url": hub.url}


def test_requests__are_recorded_with_the_raw_path(hub: LocalHub, client: http.client.HTTPConnection) -> None:
    client.request("GET", "/api/models/org/m/revision/refs%2Fpr%2F1?x=1")
    client.getresponse().read()
    assert hub.requests == (Served("GET", "/api/models/org/m/revision/refs%2Fpr%2F1?x=1", 404),)


def test_client_that_goes_away__leaves_no_trace(hub: LocalHub, capfd: pytest.CaptureFixture[str]) -> None:
    port = int(hub.url.rpartition(":")[2])
    for request in (b"", b"GET ", b"nonsense\r\n\r\n", b"GET /org/m/resolve/main/large.bin HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(request)
            # An abrupt end: the server's next write fails.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    time.sleep(0.1)
    assert capfd.readouterr() == ("", "")


def test_many_clients_at_once(hub: LocalHub) -> None:
    bodies: list[bytes] = []

    def download() -> None:
        connection = http.client.HTTPConnection(hub.url.removeprefix("http://"), timeout=20)
        for path in (FILE, "/org/m/resolve/main/large.bin"):
            connection.request("GET", path)
            bodies.append(connection.getresponse().read())
        connection.close()

    threads = [threading.Thread(target=download) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, bodies)) == [5] * 8 + [len(LARGE)] * 8


def test_stop__does_not_wait_for_an_idle_client(tmp_path: Path) -> None:
    write(tmp_path / "m", {"a.txt": "hello"})
    with LocalHub({MODEL: tmp_path / "m"}) as hub:
        client = http.client.HTTPConnection(hub.url.removeprefix("http://"), timeout=5)
        client.request("GET", FILE)
        client.getresponse().read()
        begin = time.monotonic()
    took = time.monotonic() - begin
    client.close()
    assert took < 30  # the client may be idle for 60


def test_stop__removes_what_was_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    write(tmp_path / "m", {"a.txt": "hello"})
    with LocalHub({MODEL: tmp_path / "m"}):
        during = list(scratch.iterdir())
    assert (len(during), list(scratch.iterdir())) == (1, [])


def test_start__twice_from_the_same_folder_gives_the_same_sha(tmp_path: Path) -> None:
    write(tmp_path / "m", {"a.txt": "hello"})
    with LocalHub({MODEL: tmp_path / "m"}) as one, LocalHub({MODEL: tmp_path / "m"}) as two:
        assert one.sha(MODEL) == two.sha(MODEL)


def test_start__listens_on_loopback_only(hub: LocalHub) -> None:
    assert hub.url.startswith("http://127.0.0.1:")


def test_start__taken_port(hub: LocalHub) -> None:
    port = int(hub.url.rpartition(":")[2])
    with pytest.raises(CouldNotFinish, match=f"cannot listen on 127.0.0.1:{port}"), LocalHub({}, port=port):
        pass


def test_start__impossible_port() -> None:
    with pytest.raises(UsageProblem, match="70000 is not a port"), LocalHub({}, port=70_000):
        pass


def test_start__missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="is not a folder"), LocalHub({MODEL: tmp_path / "absent"}):
        pass


def test_sha__unknown_revision(hub: LocalHub) -> None:
    with pytest.raises(UsageProblem, match="no revision 'nope'"):
        hub.sha(MODEL, "nope")


def test_sha__unknown_repo(hub: LocalHub) -> None:
    with pytest.raises(UsageProblem, match="does not serve models/org/other"):
        hub.sha(RepoId("models", "org/other"))
