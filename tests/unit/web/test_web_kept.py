"""What depends on nothing but version and address is made once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from evalmark.errors import CouldNotFinish
from evalmark.web.kept import Kept, tag_of

BODY = b"x" * 5000


class Maker:
    """Counts how often an answer is made, and may take its time."""

    def __init__(self, status: int = 200, on_call: Callable[[], Awaitable[None]] | None = None) -> None:
        self.made = 0
        self.scopes: list[Scope] = []
        self._status = status
        self._on_call = on_call

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.made += 1
        self.scopes.append(scope)
        if self._on_call:
            await self._on_call()
        await send({"type": "http.response.start", "status": self._status, "headers": [(b"x-own", b"1")]})
        await send({"type": "http.response.body", "body": BODY})


async def asked(
    app: Kept, address: str = "/api/v1", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body."""
    path, _, query = address.partition("?")
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": named}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await app(scope, receive, send)
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}, sent[1]["body"]


def run(steps: Awaitable[Any]) -> Any:
    """Carry out."""

    async def all_of_it() -> Any:
        return await steps

    return asyncio.run(all_of_it())


def test_kept__is_made_once() -> None:
    maker = Maker()
    app = Kept(maker, lambda: "1")

    async def steps() -> list[tuple[int, dict[str, str], bytes]]:
        return [await asked(app, "/a?x=1&y=2"), await asked(app, "/a?y=2&x=1"), await asked(app, "/a?y=2&x=1", "HEAD")]

    first, second, head = run(steps())

    assert maker.made == 1
    assert first == second == (200, first[1], BODY)
    assert (head[1], head[2]) == (first[1], b"")


def test_kept__for_many_who_ask_at_a_time() -> None:
    maker = Maker(on_call=lambda: asyncio.sleep(0.05))
    app = Kept(maker, lambda: "1")

    async def steps() -> None:
        await asyncio.gather(*(asked(app) for _ in range(50)))

    run(steps())
    assert maker.made == 1


def test_kept__one_who_leaves_spoils_it_for_nobody() -> None:
    maker = Maker(on_call=lambda: asyncio.sleep(0.05))
    app = Kept(maker, lambda: "1")

    async def steps() -> tuple[int, dict[str, str], bytes]:
        first = asyncio.create_task(asked(app))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(asked(app))
        await asyncio.sleep(0.01)
        first.cancel()
        return await second

    assert run(steps())[0] == 200
    assert maker.made == 1


def test_known__is_told_without_asking_the_store() -> None:
    maker = Maker()
    app = Kept(maker, lambda: "1")

    status, headers, body = run(asked(app, if_none_match=tag_of("1", "/api/v1").removeprefix("W/")))

    assert (status, body, maker.made) == (304, b"", 0)
    assert "content-length" not in headers


def test_version__another_one_makes_anew() -> None:
    maker, version = Maker(), ["1"]
    app = Kept(maker, lambda: version[0])

    async def steps() -> list[str]:
        tags = [(await asked(app))[1]["etag"]]
        version[0] = "2"
        tags.append((await asked(app))[1]["etag"])
        version[0] = "1"
        tags.append((await asked(app))[1]["etag"])
        return tags

    first, second, third = run(steps())

    assert first == third != second
    assert maker.made == 3


def test_version__that_changes_meanwhile() -> None:
    """What was read while a sync came in may be of both stores, so it is made again."""
    version = ["1"]

    async def sync() -> None:
        version[0] = "2"

    maker = Maker(on_call=sync)
    app = Kept(maker, lambda: version[0])

    assert run(asked(app))[0] == 200
    assert maker.made == 2


@pytest.mark.parametrize("status", [404, 422, 500, 503])
def test_refusals__are_not_kept(status: int) -> None:
    maker = Maker(status)
    app = Kept(maker, lambda: "1")

    async def steps() -> dict[str, str]:
        await asked(app)
        return (await asked(app))[1]

    headers = run(steps())

    assert maker.made == 2
    assert not {"etag", "cache-control"} & set(headers)


def test_nothing_kept() -> None:
    maker = Maker()
    app = Kept(maker, lambda: "1", 0)

    async def steps() -> None:
        await asked(app)
        await asked(app)

    run(steps())
    assert maker.made == 2


def test_headers__of_the_asker_reach_no_answer_that_others_get() -> None:
    maker = Maker()
    run(asked(Kept(maker, lambda: "1"), cookie="mine", authorization="Bearer mine"))

    assert maker.scopes[0]["headers"] == []


def test_store__that_cannot_be_read() -> None:
    def version() -> str:
        raise CouldNotFinish("gone", "look for it")

    status, headers, _ = run(asked(Kept(Maker(), version)))

    assert (status, headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip; q=0", False), ("br", False), ("", False), ("xgzip", False)],
)
def test_packed__only_if_taken(accepted: str, packed: bool) -> None:
    _, headers, body = run(asked(Kept(Maker(), lambda: "1"), accept_encoding=accepted))

    assert (headers.get("content-encoding") == "gzip") is packed
    assert int(headers["content-length"]) == len(body)
    assert headers["vary"] == "accept-encoding"
