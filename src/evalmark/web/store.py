"""Where the ledger is kept: small tables of JSON rows that change in transactions, in a file or on a Redis server."""

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, TypeAlias

Row: TypeAlias = dict[str, Any]
BUSY_SECONDS: Final = 20
LOCK_SECONDS: Final = 30


class Tables(Protocol):
    """Tables inside a transaction: all that is changed happens, or nothing."""

    def get(self, table: str, key: str) -> Row | None:
        """A row."""

    def all(self, table: str) -> Mapping[str, Row]:
        """All rows by their keys."""

    def put(self, table: str, key: str, row: Row) -> None:
        """Write a row."""

    def delete(self, table: str, key: str) -> None:
        """Remove a row; that there is none is fine."""


class Store(Protocol):
    """Transactions, one at a time over all threads, processes and machines that share the store."""

    def transaction(self) -> contextlib.AbstractContextManager[Tables]:
        """Begin one. It is kept when the block ends, and forgotten if the block raises."""

    def close(self) -> None:
        """Let go of it."""


class SqliteStore:
    """A file of SQLite. What a transaction has changed survives a kill and a loss of power."""

    def __init__(self, file: str) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS row (tbl TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (tbl, key)) "
            "WITHOUT ROWID"
        )

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Tables]:
        """Others wait for their turn."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield _SqliteTables(self._connection)
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


class _SqliteTables:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, table: str, key: str) -> Row | None:
        found = self._connection.execute("SELECT body FROM row WHERE tbl = ? AND key = ?", (table, key)).fetchone()
        return _read(found[0]) if found else None

    def all(self, table: str) -> Mapping[str, Row]:
        found = self._connection.execute("SELECT key, body FROM row WHERE tbl = ?", (table,)).fetchall()
        return {key: _read(body) for key, body in found}

    def put(self, table: str, key: str, row: Row) -> None:
        self._connection.execute("INSERT OR REPLACE INTO row VALUES (?, ?, ?)", (table, key, json.dumps(row)))

    def delete(self, table: str, key: str) -> None:
        self._connection.execute("DELETE FROM row WHERE tbl = ? AND key = ?", (table, key))


class RedisStore:
    """Hashes of a Redis server, one a table; a lock of Redis makes transactions wait for each other.

    `client` is a `redis.Redis`. Changes are sent together when a transaction ends.
    """

    def __init__(self, client: Any, prefix: str = "evalmark") -> None:
        self._client = client
        self._prefix = prefix

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Tables]:
        """Others wait for their turn; a holder that was killed is waited for as long as the lock lasts."""
        with self._client.lock(f"{self._prefix}:lock", timeout=LOCK_SECONDS, blocking_timeout=2 * LOCK_SECONDS):
            tables = _RedisTables(self._client, self._prefix)
            yield tables
            tables.send()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class _RedisTables:
    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._changes: dict[tuple[str, str], Row | None] = {}

    def get(self, table: str, key: str) -> Row | None:
        if (table, key) in self._changes:
            return self._changes[table, key]
        found = self._client.hget(self._name(table), key)
        return None if found is None else _read(found)

    def all(self, table: str) -> Mapping[str, Row]:
        found = {_text(key): _read(body) for key, body in self._client.hgetall(self._name(table)).items()}
        changed = {key: row for (where, key), row in self._changes.items() if where == table}
        return {key: row for key, row in {**found, **changed}.items() if row is not None}

    def put(self, table: str, key: str, row: Row) -> None:
        self._changes[table, key] = row

    def delete(self, table: str, key: str) -> None:
        self._changes[table, key] = None

    def send(self) -> None:
        """All together or nothing (MULTI)."""
        pipe = self._client.pipeline(transaction=True)
        for (table, key), row in self._changes.items():
            if row is None:
                pipe.hdel(self._name(table), key)
            else:
                pipe.hset(self._name(table), key, json.dumps(row))
        pipe.execute()

    def _name(self, table: str) -> str:
        return f"{self._prefix}:{table}"


def _read(body: str | bytes) -> Row:
    row: Row = json.loads(body)
    return row


def _text(key: str | bytes) -> str:
    return key.decode() if isinstance(key, bytes) else key
