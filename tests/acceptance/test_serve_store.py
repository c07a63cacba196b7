"""`evalmark serve --store`: a process that anybody may read from, while a sync goes on."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import RepositoryNotFoundError
from starlette.testclient import TestClient

from evalmark.adapters.duck import DuckRecords, writing
from evalmark.record import ClaimRecord, Record
from evalmark.web.app import Door, make_app
from evalmark.web.page import BESIDE_STORE, page
from evalmark.web.reading import beside, reading
from evalmark.web.worker import Rules
from tests.acceptance.serve_world import SECRET, Stub, discussed, make_bot
from tests.records import MemoryRecords, small_world

EVALMARK = Path(sys.executable).with_name("evalmark")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("EVALMARK_", "HF_"))}
SUMS = "/api/v1/leaderboards/acme/sums/rows?per_page=1000"


@dataclass(frozen=True)
class Server:
    """A running one."""

    process: subprocess.Popen[str]
    port: int

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


def put(path: Path, rows: dict[type[Record], tuple[Any, ...]]) -> None:
    """Put a new store in the place of the older one."""
    with writing(path) as store:
        for kind, records in rows.items():
            store.replace(kind, (), records)
        store.finish()


@contextmanager
def serving(store: Path, *more: str) -> Iterator[Server]:
    """`evalmark serve` on a free port."""
    command = [str(EVALMARK), "serve", "--store", str(store), "--port", "0", *more]
    process = subprocess.Popen(command, env=ENVIRONMENT, cwd=store.parent, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        yield Server(process, int(json.loads(process.stderr.readline())["port"]))
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world."""
    path = tmp_path_factory.mktemp("served") / "store.duckdb"
    put(path, small_world())
    return path


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    """One for tests that change nothing."""
    with serving(store) as made:
        yield made


def test_serve__reads_alone_without_token_or_secret(server: Server) -> None:
    with httpx2.Client(base_url=server.address) as client:
        assert client.get("/healthz").json() == {"store": "ok"}
        assert client.get(SUMS).json()["total"] == 160
        assert "<title>" in client.get("/").text
        assert "evalmark_answers_total" in client.get("/metrics").text
        assert client.post("/webhooks/hub").status_code == 404


def test_serve__imports_nothing_that_runs_models() -> None:
    heavy = {"inspect_ai", "datasets", "huggingface_hub", "huey"}
    code = f"import sys, evalmark.cli.serve.store; print(*({heavy!r} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_serve__the_hubs_own_client_reads_a_leaderboard(server: Server) -> None:
    api = HfApi(endpoint=server.address, token=False)
    rows = api.get_dataset_leaderboard("acme/sums")
    everything = api.get_dataset_leaderboard("acme/sums", base_model_only=False)
    adder = next(row for row in rows if row.model_id == "acme/adder" and row.pull_request is None)

    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    assert (adder.value, adder.verified, adder.source) == (57.0, False, {"url": "https://example.org/log"})
    assert adder.author.fullname == "acme"
    assert vars(adder)["evalmark"]["verdict"] == "verified"
    assert {row.model_id for row in everything} - {row.model_id for row in rows} == {"beta/sum-1b-gguf"}
    assert api.get_dataset_leaderboard("acme/sums", base_model_only=True) == rows
    with pytest.raises(RepositoryNotFoundError):
        api.get_dataset_leaderboard("acme/nothing")


def test_serve__ends_at_sigterm(store: Path) -> None:
    with serving(store) as server:
        server.process.send_signal(signal.SIGTERM)
        _, said = server.process.communicate(timeout=10)

    assert server.process.returncode == 0
    assert json.loads(said.splitlines()[-1])["event"] == "stopped"


def test_serve__goes_over_to_a_new_store_while_it_is_read(tmp_path: Path) -> None:
    path, rows = tmp_path / "store.duckdb", small_world()
    put(path, rows)
    failures: list[tuple[str, int]] = []
    stop = threading.Event()

    def read(address: str, there: str) -> None:
        with httpx2.Client(base_url=there) as client:
            tag = ""
            while not stop.is_set():
                answer = client.get(address, headers={"if-none-match": tag})
                tag = answer.headers.get("etag", "")
                if answer.status_code not in (200, 304):
                    failures.append((answer.text, answer.status_code))

    with serving(path) as server, httpx2.Client(base_url=server.address) as client:
        addresses = (SUMS, f"{SUMS}&verified=1", f"{SUMS}&best=1", "/api/v1/claims", "/")
        readers = [threading.Thread(target=read, args=(address, server.address)) for address in addresses]
        for each in readers:
            each.start()
        seen = [client.get(SUMS).headers["etag"]]
        for number in range(3):
            fewer = tuple(
                each for each in rows[ClaimRecord] if each.place > number + 1 or each.dataset_id != "acme/sums"
            )
            put(path, {**rows, ClaimRecord: tuple(replace(each, author=f"sync {number}") for each in fewer)})
            answer = client.get("/api/v1/claims")
            assert {each["author"] for each in answer.json()["items"]} == {f"sync {number}"}
            seen.append(client.get(SUMS).headers["etag"])
            time.sleep(0.2)
        stop.set()
        for each in readers:
            each.join(10)

    assert failures == []
    assert len(set(seen)) == 4


def test_serve__without_what_is_kept(store: Path) -> None:
    with serving(store, "--cache", "0") as server, httpx2.Client(base_url=server.address) as client:
        for _ in range(2):
            assert client.get(SUMS).json()["total"] == 160
        assert 'how="kept"' not in client.get("/metrics").text


@pytest.mark.parametrize(
    ("more", "environment", "says"),
    [
        (["--store", "nothing.duckdb"], {}, "there is no store nothing.duckdb"),
        (["--store", "text"], {}, "text is not a store of evalmark"),
        (["--store", "nothing.duckdb"], {"EVALMARK_WEBHOOK_SECRET": "short"}, "there is no Hub token"),
        (["--store", "nothing.duckdb", "--repos", "acme"], {}, "there is no Hub token"),
        ([], {}, "there is no Hub token"),
    ],
)
def test_serve__without_a_store_to_read_or_a_token_for_the_bot(
    tmp_path: Path, more: list[str], environment: dict[str, str], says: str
) -> None:
    (tmp_path / "text").write_text("no store\n" * 1000)
    command = [str(EVALMARK), "serve", "--port", "0", "--allow", "acme/sums", *more]
    done = subprocess.run(
        command,
        env={**ENVIRONMENT, **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 2, done.stderr
    assert says in done.stderr


def test_bot__keeps_its_own_addresses_beside_a_store(tmp_path: Path) -> None:
    bot = make_bot(Stub(tmp_path), Rules())
    own = make_app(bot.desk, Door(SECRET), bot.metrics, lambda: True, page([], []), BESIDE_STORE)
    client = TestClient(beside(own, reading(MemoryRecords(small_world()), bot.metrics)))
    told = client.post("/webhooks/hub", json=discussed(1, "closed"), headers={"x-webhook-secret": SECRET})
    bot.listener.close()

    assert told.status_code == 202
    assert client.get("/healthz").json() == {"queue": "ok", "worker": "ok"}
    assert "A bot that proves reported scores" in client.get("/bot").text
    assert "A bot that proves reported scores" not in client.get("/").text
    assert client.get("/api/v1/leaderboards").json()["total"] == 3
    assert "evalmark_queue_length" in client.get("/metrics").text


def open_files() -> list[str]:
    """The files that this process has open."""
    found = []
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(os.readlink(each))  # noqa: PTH115 - what is deleted has no path
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is open")
def test_reader__lets_go_of_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    put(path, small_world())
    records = DuckRecords(path)
    before = records.version
    put(path, {**small_world(), ClaimRecord: ()})

    assert (records.count(ClaimRecord), records.version != before) == (0, True)
    assert not [each for each in open_files() if str(tmp_path) in each and "deleted" in each]
    records.close()
