"""The queue between the webhooks and the workers: huey's, in a file or on a Redis server.

Only the keys of jobs pass through it, as plain text: what they are stands in the ledger, and nothing is unpickled.
"""

import sqlite3
from typing import Any, Final, Protocol

from huey import RedisHuey, SqliteHuey  # type: ignore[import-untyped]
from huey.exceptions import ConfigurationError  # type: ignore[import-untyped]

from evalmark.errors import CouldNotFinish, MissingExtra, UsageProblem
from evalmark.web.store import RedisStore, SqliteStore, Store

NAME: Final = "evalmark"


class Queue(Protocol):
    """Keys of jobs, first in, first out. A key that was taken is gone: the ledger remembers."""

    def put(self, key: str) -> None:
        """Add a key."""

    def take(self) -> str | None:
        """The next key, if there is one."""

    def size(self) -> int:
        """How many keys are in it."""


class HueyQueue:
    """A queue in the storage of a `Huey`."""

    def __init__(self, huey: Any) -> None:
        self._storage = huey.storage

    def put(self, key: str) -> None:
        """Add a key."""
        self._storage.enqueue(key.encode())

    def take(self) -> str | None:
        """The next key, if there is one; Redis is asked to wait for one for a second."""
        found = self._storage.dequeue()
        return bytes(found).decode() if found is not None else None

    def size(self) -> int:
        """How many keys are in it."""
        return int(self._storage.queue_size())


def in_files(folder: str) -> tuple[Queue, Store]:
    """Queue and ledger in files of a folder, for one process. Raises `CouldNotFinish`."""
    try:
        queue = HueyQueue(SqliteHuey(NAME, filename=f"{folder}/queue.db", results=False))
        return queue, SqliteStore(f"{folder}/ledger.db")
    except (sqlite3.Error, OSError) as error:
        raise CouldNotFinish(
            f"the queue in {folder} cannot be opened: {error}", "give another --data, or free some space"
        ) from error


def on_redis(url: str, name: str = NAME) -> tuple[Queue, Store]:
    """Queue and ledger of a name on a Redis server, for any number of machines.

    Raises `MissingExtra`, `UsageProblem` or `CouldNotFinish`.
    """
    try:
        huey = RedisHuey(name, url=url, results=False)
    except ConfigurationError as error:
        raise MissingExtra("redis", "serve --redis") from error
    except ValueError as error:
        raise UsageProblem("`--redis` is not the address of a Redis server", "write redis://HOST:6379/0") from error
    try:
        huey.storage.conn.ping()
    except Exception as error:
        raise CouldNotFinish("the Redis server does not answer", "check --redis and that it runs") from error
    return HueyQueue(huey), RedisStore(huey.storage.conn, name)
