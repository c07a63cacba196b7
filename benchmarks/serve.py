"""How soon `evalmark serve` acknowledges a burst of webhooks, and what a large body costs it.

    python -m benchmarks.serve [WEBHOOKS]

The real server in a process of its own, with its queue on the disk; the verification is a stand-in that takes no time.
All webhooks are sent at once, each on a connection of its own. Goals: 200 webhooks at once are all acknowledged, the
99th percentile in under a second, and each pull request is verified once; twenty bodies of 5 MB add no memory to speak
of.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.acceptance.serve_world import SECRET, Stub, pushed

ROOT = Path(__file__).parent.parent
HEAD = "a" * 40
MODELS = 20
LARGE = 5 << 20
WAIT_SECONDS = 120


async def send(port: int, body: bytes) -> tuple[int, float]:
    """One webhook on its own connection: the status, and the seconds from the first byte out to the answer."""
    started = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /webhooks/hub HTTP/1.1\r\nhost: 127.0.0.1\r\nx-webhook-secret: {SECRET}\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    try:
        writer.write(head.encode() + body)
        line = await reader.readline()
    finally:
        writer.close()
    return int(line.split()[1]), time.perf_counter() - started


async def burst(port: int, bodies: list[bytes]) -> list[tuple[int, float]]:
    """All at once."""
    return await asyncio.gather(*(send(port, body) for body in bodies))


def memory(process: int) -> float:
    """Resident megabytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def wait_for(path: Path) -> None:
    """Until a file is there."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(path)
        time.sleep(0.02)


def measure(stub: Stub, count: int, port: int, process: int) -> int:
    """Print; 1 if a goal is missed."""
    payloads = [pushed(number, HEAD, f"acme/m{number % MODELS}") for number in range(1, count + 1)]
    started = time.monotonic()
    answers = asyncio.run(burst(port, [json.dumps(payload).encode() for payload in payloads]))
    times = sorted(seconds for _, seconds in answers)
    accepted = sum(status == 202 for status, _ in answers)
    p50, p99 = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
    print(f"{count} webhooks at once: {accepted} acknowledged; p50 {p50:.3f} s, p99 {p99:.3f} s, max {times[-1]:.3f} s")
    while sum(line.startswith("end") for line in stub.journal) < accepted:
        if time.monotonic() - started > WAIT_SECONDS:
            break
        time.sleep(0.1)
    ends = [line for line in stub.journal if line.startswith("end")]
    print(
        f"verified: {len(set(ends))}, of them twice: {len(ends) - len(set(ends))}; {time.monotonic() - started:.1f} s"
    )
    before = memory(process)
    large = asyncio.run(burst(port, [b"x" * LARGE] * 20))
    after = memory(process)
    slowest = max(seconds for _, seconds in large)
    print(
        f"20 bodies of 5 MB: {sorted({status for status, _ in large})}, the slowest in {slowest:.3f} s; "
        f"memory {before:.0f} MB before, {after:.0f} MB after"
    )
    return 0 if accepted == count == len(set(ends)) == len(ends) and p99 < 1 else 1


def main(argv: list[str]) -> int:
    """Start the server, measure, end it."""
    count = int(argv[1]) if len(argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        stub = Stub(Path(folder))
        stub.write("heads.json", {f"acme/m{number % MODELS}#{number}": HEAD for number in range(1, count + 1)})
        command = [sys.executable, "-m", "tests.acceptance.serve_world", folder, "0", "--threads", "2"]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(command, cwd=ROOT, stderr=log)
        try:
            wait_for(Path(folder) / "port")
            return measure(stub, count, stub.read("port")["port"], server.pid)
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv))
