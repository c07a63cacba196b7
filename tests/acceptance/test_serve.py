"""The bot behind its address, over real HTTP: what it lets in, and that nothing is lost and nothing done twice."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from evalmark.web.app import Door, make_app
from evalmark.web.worker import Rules
from tests.acceptance.serve_world import ME, MODEL, SECRET, Bot, Stub, discussed, heads, make_bot, pushed
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = "a" * 40, "b" * 40
PATH = "/webhooks/hub"
FAST = Rules(backoff=lambda _tries: 0.05, sweep=0.1)


class Client:
    """What the Hub, or anybody, sends."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of the answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()}

    def tell(self, payload: object, secret: str = SECRET) -> tuple[int, str]:
        """Send a webhook; status, and what came of it."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        status, text, _ = self.ask("POST", PATH, body, x_webhook_secret=secret, content_type="application/json")
        told = json.loads(text)
        return status, told.get("outcome", told.get("error"))


@contextmanager
def running(stub: Stub, rules: Rules = FAST) -> Iterator[tuple[Bot, Client]]:
    """The bot in threads of this process."""
    bot = make_bot(stub, rules)
    bot.workers.start()
    thread = threading.Thread(target=lambda: bot.server.run(sockets=[bot.listener]), daemon=True)
    thread.start()
    until(lambda: bot.server.started)
    try:
        yield bot, Client(bot.port)
    finally:
        bot.server.should_exit = True
        thread.join(5)
        bot.workers.stop()
        bot.listener.close()


def idle(bot: Bot) -> bool:
    """Whether all jobs have come to their end."""
    return bot.desk.ledger.waiting() == 0


@pytest.fixture
def stub(tmp_path: Path) -> Stub:
    """One open pull request."""
    made = Stub(tmp_path)
    made.write("heads.json", heads({1: OLD}))
    return made


@pytest.fixture
def there(stub: Stub) -> Iterator[tuple[Bot, Client]]:
    """The bot, running."""
    with running(stub) as made:
        yield made


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bot, Client]]:
    """The bot, running, for tests that get no work into it."""
    with running(Stub(tmp_path_factory.mktemp("door"))) as made:
        yield made


def test_webhook__is_dealt_with(there: tuple[Bot, Client]) -> None:
    bot, client = there

    assert client.tell(discussed(1)) == (202, "queued")
    until(lambda: idle(bot))
    assert bot.stub.journal == [f"begin acme/adder#1 {OLD}", f"end acme/adder#1 {OLD}"]


@pytest.mark.parametrize(
    ("secret", "status"), [("", 401), ("wrong", 403), (SECRET[:-1], 403), (f"{SECRET}x", 403), ("\xff", 403)]
)
def test_webhook__without_the_secret(door: tuple[Bot, Client], secret: str, status: int) -> None:
    bot, client = door

    assert client.tell(pushed(1, OLD), secret)[0] == status
    assert client.tell(b"garbage", secret)[0] == status
    assert idle(bot)


def test_webhook__the_secret_in_the_address(door: tuple[Bot, Client]) -> None:
    _, client = door

    assert client.ask("POST", f"{PATH}?secret={SECRET}", json.dumps(discussed(1, "closed")).encode())[0] == 202
    assert client.ask("POST", f"{PATH}?secret=wrong", b"{}")[0] == 403


@pytest.mark.parametrize(
    ("payload", "outcome"),
    [
        pytest.param(discussed(1, "closed"), "ignored", id="closed"),
        pytest.param(discussed(1, id="c1", content="/verify", author={"id": ME}), "ignored", id="our own comment"),
        pytest.param(discussed(1, id="c1", content="Nice."), "ignored", id="no command"),
        pytest.param({**pushed(1, OLD), "event": {"action": "x", "scope": "repo.new"}}, "ignored", id="unknown scope"),
    ],
)
def test_webhook__that_means_no_work(door: tuple[Bot, Client], payload: object, outcome: str) -> None:
    bot, client = door

    assert client.tell(payload) == (202, outcome)
    assert idle(bot)
    assert bot.stub.journal == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{", id="half"),
        pytest.param(b"null", id="null"),
        pytest.param(b"\x00" * 100, id="bytes"),
        pytest.param(b"[" * 200_000, id="deep"),
        pytest.param(b'{"event": {}}', id="no repo"),
    ],
)
def test_webhook__garbage(door: tuple[Bot, Client], body: bytes) -> None:
    assert door[1].tell(body) == (400, "this is no webhook of the Hub")


def test_webhook__a_replay_does_nothing(there: tuple[Bot, Client]) -> None:
    bot, client = there
    client.tell(pushed(1, OLD))
    until(lambda: idle(bot))

    assert client.tell(pushed(1, OLD)) == (202, "replay")
    assert client.tell(discussed(1)) == (202, "queued")  # another event, about the same commit
    until(lambda: idle(bot))
    assert len(bot.stub.journal) == 2


def test_webhook__out_of_order(there: tuple[Bot, Client]) -> None:
    bot, client = there
    bot.stub.write("heads.json", heads({1: NEW}))
    client.tell(pushed(1, NEW))
    until(lambda: idle(bot))
    client.tell(pushed(1, OLD))
    until(lambda: idle(bot))

    assert bot.stub.journal == [f"begin acme/adder#1 {NEW}", f"end acme/adder#1 {NEW}"]


def test_webhook__closed_meanwhile(there: tuple[Bot, Client]) -> None:
    bot, client = there
    bot.stub.write("heads.json", {})
    client.tell(pushed(1, OLD))
    until(lambda: idle(bot))

    assert bot.stub.journal == []
    assert 'outcome="not-open"} 1.0' in client.ask("GET", "/metrics")[1]


def test_pushes__in_a_burst_are_one_verification_of_the_newest(stub: Stub) -> None:
    stub.seconds = 0.3
    with running(stub) as (bot, client):
        client.tell(pushed(1, OLD))
        until(lambda: stub.journal)
        for number in range(10):
            client.tell(pushed(1, f"{number:040x}"))
        stub.write("heads.json", heads({1: NEW}))
        until(lambda: idle(bot))

    assert [line for line in stub.journal if line.startswith("end")] == [
        f"end acme/adder#1 {OLD}",
        f"end acme/adder#1 {NEW}",
    ]


def test_repo__one_at_a_time_and_repos_side_by_side(stub: Stub) -> None:
    stub.seconds = 0.3
    stub.write("heads.json", heads({1: OLD, 2: OLD}) | heads({1: OLD}, "acme/other"))
    with running(stub, Rules(threads=3)) as (bot, client):
        for number, model in ((1, MODEL), (2, MODEL), (1, "acme/other")):
            client.tell(pushed(number, OLD, model))
        until(lambda: idle(bot))

    of_one = [line for line in stub.journal if MODEL in line]
    assert [line.split()[0] for line in of_one] == ["begin", "end", "begin", "end"]
    assert [line.split()[0] for line in stub.journal[:2]] == ["begin", "begin"]


def test_trouble__is_tried_five_times_and_then_given_up(there: tuple[Bot, Client]) -> None:
    bot, client = there
    bot.stub.write("settings.json", {"trouble": True})
    client.tell(pushed(1, OLD))
    until(lambda: idle(bot))

    assert len(bot.stub.journal) == 5
    numbers = client.ask("GET", "/metrics")[1]
    assert "evalmark_given_up 1.0" in numbers
    assert 'evalmark_verifications_total{outcome="failed"} 4.0' in numbers
    bot.stub.write("settings.json", {})
    client.tell(pushed(1, NEW))
    until(lambda: idle(bot))
    assert bot.stub.journal[-1].startswith("end")
    assert "evalmark_given_up 0.0" in client.ask("GET", "/metrics")[1]


def test_limit__the_rest_waits_for_the_next_day(stub: Stub) -> None:
    stub.write("heads.json", heads({1: OLD, 2: OLD}))
    with running(stub, Rules(per_day=1, sweep=0.1)) as (bot, client):
        client.tell(pushed(1, OLD))
        client.tell(pushed(2, OLD))
        until(lambda: 'outcome="over-the-limit"} 1.0' in client.ask("GET", "/metrics")[1])
        numbers = client.ask("GET", "/metrics")[1]

        assert "evalmark_verifications_left_today 0.0" in numbers
        assert "evalmark_queue_length 1.0" in numbers
        assert len(stub.journal) == 2
        tomorrow = time.time() + 86_400
        bot.desk.clock = lambda: tomorrow
        until(lambda: idle(bot))
    assert stub.journal[-1] == f"end acme/adder#2 {OLD}"


@pytest.mark.parametrize(
    ("author", "verified"), [("acme", 2), ("ada", 2), ("eve", 1), ("deleted", 1), ("evalmark-bot", 1)]
)
def test_command__verify_again(there: tuple[Bot, Client], author: str, verified: int) -> None:
    bot, client = there
    client.tell(pushed(1, OLD))
    until(lambda: idle(bot))
    bot.stub.write("comments.json", {"c1": {"author": author, "content": "/verify"}})

    assert client.tell(discussed(1, id="c1", content="/verify")) == (202, "queued")
    until(lambda: idle(bot))
    assert client.tell(discussed(1, id="c1", content="/verify")) == (202, "replay")
    assert sum(line.startswith("end") for line in bot.stub.journal) == verified


def test_command__that_the_comment_does_not_have(there: tuple[Bot, Client]) -> None:
    """The webhook's words are not believed: somebody may know the secret, or have edited the comment."""
    bot, client = there
    bot.stub.write("comments.json", {"c1": {"author": "acme", "content": "nothing"}})
    client.tell(discussed(1, id="c1", content="/verify"))
    client.tell(discussed(1, id="c2", content="/verify"))
    until(lambda: idle(bot))

    assert bot.stub.journal == []


def test_command__explain_is_one_comment_that_is_edited(there: tuple[Bot, Client]) -> None:
    bot, client = there
    bot.stub.write("comments.json", {name: {"author": "acme", "content": "/explain"} for name in ("c1", "c2")})
    for name in ("c1", "c2"):
        client.tell(discussed(1, id=name, content="/explain"))
        until(lambda: idle(bot))

    (comment,) = bot.stub.read("published.json")["acme/adder#1"]
    assert comment.startswith(f"[//]: # (evalmark:sticky:v1:explain sha={OLD}")
    assert "nothing to explain yet" in comment


def test_body__five_megabytes_are_refused_before_they_are_read(door: tuple[Bot, Client]) -> None:
    _, client = door
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nx-webhook-secret: {SECRET}\r\ncontent-length: 5242880\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_body__without_a_length_is_cut_off_at_a_megabyte(door: tuple[Bot, Client]) -> None:
    _, client = door
    with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
        head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\nx-webhook-secret: {SECRET}\r\ntransfer-encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        sent = 0
        with contextlib.suppress(OSError):  # it may hang up on us
            for _ in range(80):
                connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                sent += 65536
        connection.settimeout(5)
        try:
            answer = connection.recv(100)
        except ConnectionResetError:
            answer = b""
    assert answer.startswith(b"HTTP/1.1 413") or sent < 5 << 20
    assert client.ask("GET", "/healthz")[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
        ("GET", PATH, 405),
        ("POST", "/", 405),
        ("DELETE", "/metrics", 405),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/openapi.json", 404),
        ("GET", "/webhooks/hub/", 404),
        ("GET", "/../data/ledger.db", 404),
        ("GET", "/%2e%2e/data/ledger.db", 404),
        ("POST", PATH, 401),
    ],
)
def test_routes__and_no_others(door: tuple[Bot, Client], method: str, path: str, status: int) -> None:
    answered, text, headers = door[1].ask(method, path)

    assert answered == status
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "Traceback" not in text


def test_routes__a_machine_that_only_works_takes_no_webhooks(there: tuple[Bot, Client]) -> None:
    bot, _ = there
    app = make_app(bot.desk, Door(None), bot.metrics, bot.workers.alive, "")

    assert {getattr(route, "path", "") for route in app.routes} == {"/", "/healthz", "/metrics"}


def test_health__a_queue_that_is_gone(there: tuple[Bot, Client]) -> None:
    bot, client = there
    bot.workers.stop()
    assert client.ask("GET", "/healthz")[0] == 503
    bot.desk.ledger._store.close()

    assert client.ask("GET", "/healthz")[:2] == (503, '{"queue":"unreachable","worker":"not running"}')
    assert client.tell(pushed(1, OLD)) == (503, "try again")


def test_burst__of_200_webhooks(stub: Stub) -> None:
    """benchmarks/serve.py measures it."""
    numbers = range(1, 201)
    stub.write("heads.json", {f"acme/m{number % 20}#{number}": OLD for number in numbers})
    with running(stub, Rules(threads=2)) as (bot, client):
        payloads = [pushed(number, OLD, f"acme/m{number % 20}") for number in numbers]
        with ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(client.tell, [*payloads, *payloads[:20]]))
        assert {status for status, _ in answers} == {202}
        until(lambda: idle(bot))

    ends = [line for line in stub.journal if line.startswith("end")]
    assert len(ends) == len(set(ends)) == 200


@contextmanager
def process(stub: Stub, seconds: float, log: Path) -> Iterator[tuple["subprocess.Popen[bytes]", Client]]:
    """The bot as a process of its own, which can be killed."""
    (stub.folder / "port").unlink(missing_ok=True)
    with log.open("ab") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.serve_world", str(stub.folder), str(seconds)], cwd=ROOT, stderr=out
        )
        try:
            until((stub.folder / "port").exists)
            yield started, Client(stub.read("port")["port"])
        finally:
            started.kill()
            started.wait()


def all_text(folder: Path) -> bytes:
    """All that is in the files below a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
def test_killed__in_the_middle_of_a_job_it_is_done_once(stub: Stub, tmp_path: Path) -> None:
    log = tmp_path / "log"
    stub.write("heads.json", heads({1: OLD, 2: OLD}))
    with process(stub, 60, log) as (started, client):
        assert client.tell(pushed(1, OLD)) == (202, "queued")
        assert client.tell(pushed(2, OLD)) == (202, "queued")
        until(lambda: stub.journal)
        started.send_signal(signal.SIGKILL)
    with process(stub, 0, log) as (_, client):
        until(lambda: "evalmark_queue_length 0.0" in client.ask("GET", "/metrics")[1])
        assert client.tell(pushed(1, OLD)) == (202, "replay")

    ends = sorted(line for line in stub.journal if line.startswith("end"))
    assert ends == [f"end acme/adder#1 {OLD}", f"end acme/adder#2 {OLD}"]
    assert SECRET.encode() not in all_text(tmp_path)


@pytest.mark.slow
def test_terminated__it_ends_soon_and_puts_back(stub: Stub, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with process(stub, 60, log) as (started, client):
        client.tell(pushed(1, OLD))
        until(lambda: stub.journal)
        started.send_signal(signal.SIGTERM)
        started.wait(30)
    assert '"put back"' in log.read_text()
    with process(stub, 0, log) as (_, client):
        until(lambda: any(line.startswith("end") for line in stub.journal))


@pytest.mark.slow
def test_secrets__in_no_log_answer_or_file(stub: Stub, tmp_path: Path) -> None:
    log = tmp_path / "log"
    answers: list[Any] = []
    with process(stub, 0, log) as (_, client):
        answers.append(client.ask("POST", f"{PATH}?secret={SECRET}", json.dumps(discussed(1)).encode()))
        answers.append(client.ask("POST", f"{PATH}?secret=x{SECRET}", b"{}"))
        answers += [client.tell(b"garbage"), client.tell(pushed(1, OLD)), client.ask("GET", f"/?secret={SECRET}")]
        answers += [client.ask("GET", f"/{SECRET}"), client.ask("GET", "/healthz"), client.ask("GET", "/metrics")]
        until(lambda: any(line.startswith("end") for line in stub.journal))

    assert SECRET not in str(answers)
    assert SECRET.encode() not in all_text(tmp_path)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"webhook", "refused", "begins", "ends"} <= {event["event"] for event in events}
