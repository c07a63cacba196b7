"""How soon the API answers at 200 requests a second over a million claims, and how many it can answer at most.

    python -m benchmarks.api [STORE] [--seconds N]

Without STORE it makes one of a million synthetic claims, which takes minutes. `evalmark serve --store` runs in a
process of its own; the load comes from this one, at a fixed rate over connections that stay open, and the time of an
answer counts from when its request was due. Of five requests, four are for the first pages of the 20 largest boards,
with the tag of the answer that came before; one is for what nobody has asked for yet: further pages of boards, most of
them with filters, models, claims, events. The first five seconds, in which the server reads the store for the first
time, do not count. Then wrk (Debian package `wrk`) asks as fast as it can: for those same pages, with what is kept and
without; and a bare FastAPI application that says hello, for scale. Two cores are for all of it: what else runs on the
machine is told beside the numbers.

Goal: the 99th percentile at 200 a second is at most 50 ms, and nothing but 200 and 304 comes back.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.synthetic import make_store
from evalmark.adapters.duck import DuckRecords
from evalmark.query import Page
from evalmark.record import ClaimRecord, TaskRecord

ROOT: Final = Path(__file__).parent.parent
EVALMARK: Final = Path(sys.executable).with_name("evalmark")
RATE: Final = 200
CONNECTIONS: Final = 32
WARM_SECONDS: Final = 5
HOT: Final = 20
GOAL_MS: Final = 50
WRK_SECONDS: Final = 10
HELLO: Final = """
import uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def hello() -> dict[str, str]:
    return {"hello": "world"}
server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print('{"port": %d}' % listener.getsockname()[1], file=sys.stderr, flush=True)
server.run(sockets=[listener])
"""
FILTERS: Final = (
    "", "", "verified=true", "min_rung=sampled", "base_only=true", "best=true", "size_min=1B&size_max=10B",
    "q=model-1{digit}", "owner=owner-{owner}", "sort=date", "sort=score&verified=true",
)  # fmt: skip


class Questions:
    """What is asked. Seeded: every run asks the same."""

    def __init__(self, store: Path) -> None:
        records = DuckRecords(store)
        self._tasks = records.find(TaskRecord, (), ("-claims", "task_id"))
        self._claims = records.find(ClaimRecord, (), (), Page(0, 5000))
        records.close()
        self._random = random.Random(20261126)
        self.hot = tuple(self._rows(task) for task in self._tasks[:HOT])
        self._asked = set(self.hot)

    @property
    def claims(self) -> int:
        """How many the store has."""
        return sum(task.claims for task in self._tasks)

    def fresh(self) -> str:
        """An address that was not asked for yet."""
        while True:
            address = self._one()
            if address not in self._asked:
                self._asked.add(address)
                return address

    def _one(self) -> str:
        task, claim = self._random.choice(self._tasks), self._random.choice(self._claims)
        kind = self._random.random()
        if kind < 0.6:
            more = self._random.choice(FILTERS).format(digit=self._random.randrange(1000), owner=task.claims % 4999)
            page = self._random.randrange(1, max(2, task.claims // 100 // (5 if more else 1)))
            return f"{self._rows(task)}&page={page}" + (f"&{more}" if more else "")
        number = self._random.randrange(100_000)
        model = f"owner-{number % 5000}/model-{number}"
        addresses = (
            f"/api/v1/models/{model}", f"/api/v1/claims?model={model}", f"/api/v1/events?model={model}",
            f"/api/v1/claims/{claim.id}",
        )  # fmt: skip
        return addresses[int((kind - 0.6) * 10)]

    def _rows(self, task: TaskRecord) -> str:
        return f"/api/v1/leaderboards/{task.dataset_id}/rows?task={quote(task.task_id)}"


class Connection:
    """One that stays open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, address: str, tag: str | None) -> tuple[int, str | None]:
        """The status and the tag."""
        known = f"if-none-match: {tag}\r\n" if tag else ""
        self._writer.write(f"GET {address} HTTP/1.1\r\nhost: 127.0.0.1\r\n{known}\r\n".encode())
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"\r\ncontent-length: (\d+)", head)
        if length:
            await self._reader.readexactly(int(length[1]))
        found = re.search(r"\r\netag: ([^\r]+)", head)
        return int(head[9:12]), found[1] if found else None


async def load(port: int, questions: Questions, seconds: int) -> tuple[list[float], list[float], Counter[int]]:
    """At the fixed rate: milliseconds of the repeated, of the fresh, and how often each status came."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(Connection(*await asyncio.open_connection("127.0.0.1", port)))
    tags: dict[str, str | None] = {}
    times: dict[bool, list[float]] = {True: [], False: []}
    statuses: Counter[int] = Counter()
    chosen = random.Random(1)

    async def one(due: float, address: str, *, hot: bool) -> None:
        connection = await free.get()
        status, tag = await connection.ask(address, tags.get(address))
        times[hot].append((time.perf_counter() - due) * 1000)
        statuses[status] += 1
        if hot:
            tags[address] = tag
        free.put_nowait(connection)

    started = time.perf_counter() + 0.1
    tasks = []
    for number in range(seconds * RATE):
        due = started + number / RATE
        await asyncio.sleep(max(0, due - time.perf_counter()))
        hot = number % 5 != 0
        address = chosen.choice(questions.hot) if hot else questions.fresh()
        tasks.append(asyncio.create_task(one(due, address, hot=hot)))
    await asyncio.gather(*tasks)
    return times[True], times[False], statuses


@contextlib.contextmanager
def running(command: Sequence[str]) -> Iterator[int]:
    """A server in a process of its own; its port."""
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None  # noqa: S101 - it is a pipe
        yield int(json.loads(process.stderr.readline())["port"])
    finally:
        process.terminate()
        process.wait(10)


def serve(store: Path, *more: str) -> contextlib.AbstractContextManager[int]:
    """The server that is measured."""
    return running([str(EVALMARK), "serve", "--store", str(store), "--port", "0", *more])


def wrk(port: int, *files: Path) -> float:
    """The most requests a second that come back; without files, of `/`."""
    script = ["-s", str(ROOT / "benchmarks/api.lua"), f"http://127.0.0.1:{port}/", "--", *map(str, files)]
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{WRK_SECONDS}s",
        *(script if files else [f"http://127.0.0.1:{port}/"]),
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if wrong:
        print(f"  {wrong[1]} answers were errors")
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    return float(found[1]) if found else 0.0


def at(times: list[float], share: float) -> float:
    """A percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def at_the_rate(store: Path, questions: Questions, seconds: int) -> int:
    """Print; 1 if the goal is missed."""
    with serve(store) as port:
        asyncio.run(load(port, questions, WARM_SECONDS))
        busy, own = _busy(), _own()
        hot, fresh, statuses = asyncio.run(load(port, questions, seconds))
        busy, own = (_busy() - busy) / seconds, (_own() - own) / seconds
    print(
        f"{RATE} requests a second for {seconds} s over {questions.claims:,} claims: {dict(sorted(statuses.items()))}"
    )
    print(f"  processors: {own:.2f} for the server and its load, {busy - own:.2f} for other processes of the machine")
    for name, times in (("all", hot + fresh), ("repeated, with a tag", hot), ("fresh", fresh)):
        print(f"  {name:22} p50 {at(times, 0.5):6.1f} ms   p99 {at(times, 0.99):6.1f} ms   max {max(times):6.1f} ms")
    missed = at(hot + fresh, 0.99) > GOAL_MS or set(statuses) - {200, 304}
    print(f"  goal: p99 of all at most {GOAL_MS} ms: {'missed' if missed else 'met'}")
    return 1 if missed else 0


def _busy() -> float:
    """Seconds that all processors together were busy."""
    times = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (sum(times) - times[3] - times[4]) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Seconds of them that were for this process and those that it has started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return sum(map(_of_process, ("self", *children)))


def _of_process(name: str) -> float:
    parts = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def at_most(store: Path, questions: Questions, folder: Path) -> None:
    """Print what wrk finds."""
    hot, known, fresh = folder / "hot", folder / "known", folder / "fresh"
    hot.write_text("\n".join(questions.hot) + "\n")
    fresh.write_text("\n".join(questions.fresh() for _ in range(20_000)) + "\n")
    with running([sys.executable, "-c", HELLO]) as port:
        hello = wrk(port)
    found = [("a bare FastAPI hello", hello)]
    with serve(store) as port:
        tags = asyncio.run(_tags(port, questions.hot))
        known.write_text("".join(f"{address}\t{tag}\n" for address, tag in tags))
        found.append(("board pages, known to the asker (304)", wrk(port, known)))
        found.append(("board pages, kept", wrk(port, hot)))
        found.append(("80 % of them known, 20 % fresh", wrk(port, known, fresh)))
    with serve(store, "--cache", "0") as port:
        found.append(("board pages, nothing kept (--cache 0)", wrk(port, hot)))
    print(f"the most requests a second, {CONNECTIONS} connections, {WRK_SECONDS} s each:")
    for name, rate in found:
        print(f"  {name:40} {rate:8.0f}   × {rate / hello:.2f} of the hello")


async def _tags(port: int, addresses: Sequence[str]) -> list[tuple[str, str | None]]:
    connection = Connection(*await asyncio.open_connection("127.0.0.1", port))
    return [(address, (await connection.ask(address, None))[1]) for address in addresses]


def main(argv: list[str]) -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("store", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args(argv[1:])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = args.store or folder / "store.duckdb"
        if args.store is None:
            make_store(store)
        questions = Questions(store)
        missed = at_the_rate(store, questions, args.seconds)
        if shutil.which("wrk"):
            at_most(store, questions, folder)
        else:
            print("wrk is not installed, so the most that it can answer is not measured")
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv))
