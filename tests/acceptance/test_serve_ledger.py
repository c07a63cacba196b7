"""The ledger: nothing is lost, nothing is done twice; the same in a file and on a stand-in of Redis."""

import contextlib
import importlib.util
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from evalmark.errors import CouldNotFinish, MissingExtra
from evalmark.web.desk import Desk
from evalmark.web.ledger import BUSY_SECONDS, LEASE_SECONDS, LOST_SECONDS, Job, Ledger, State, Today
from evalmark.web.queue import in_files, on_redis
from evalmark.web.store import RedisStore, SqliteStore, Store

JOB = Job("acme/adder", 1, "webhook")
HEAD = "a" * 40
NOW = 1_800_000_000.0


class Redis:
    """As much of `redis.Redis` as the store uses. `broken`: the connection breaks when a transaction is sent."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[bytes, bytes]] = {}
        self.broken = False
        self._lock = threading.Lock()

    def lock(self, _name: str, timeout: float, blocking_timeout: float) -> threading.Lock:
        assert blocking_timeout > timeout > 0
        return self._lock

    def hget(self, name: str, key: str) -> bytes | None:
        return self.hashes.get(name, {}).get(key.encode())

    def hgetall(self, name: str) -> dict[bytes, bytes]:
        return dict(self.hashes.get(name, {}))

    def pipeline(self, transaction: bool) -> "Pipe":
        assert transaction
        return Pipe(self)

    def close(self) -> None:
        """Nothing."""


class Pipe:
    """MULTI."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._todo: list[Callable[[], Any]] = []

    def hset(self, name: str, key: str, value: str) -> None:
        hashes = self._redis.hashes
        self._todo.append(lambda: hashes.setdefault(name, {}).update({key.encode(): value.encode()}))

    def hdel(self, name: str, key: str) -> None:
        hashes = self._redis.hashes
        self._todo.append(lambda: hashes.get(name, {}).pop(key.encode(), None))

    def execute(self) -> None:
        if self._redis.broken:
            raise ConnectionError("reset")
        for do in self._todo:
            do()


@pytest.fixture(params=["file", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each store."""
    made: Store = SqliteStore(str(tmp_path / "ledger.db")) if request.param == "file" else RedisStore(Redis())
    with contextlib.closing(made):
        yield made


@pytest.fixture
def ledger(store: Store) -> Ledger:
    """Of a process named `here`."""
    return Ledger(store, "here")


def taken(ledger: Ledger, job: Job = JOB, now: float = NOW) -> State:
    """Begin with a job that is there."""
    state = ledger.take(job.key, now)
    assert state is not None
    return state


def test_want__the_same_event_once(ledger: Ledger) -> None:
    assert ledger.want(JOB, NOW, "comment:1")
    assert not ledger.want(JOB, NOW, "comment:1")
    assert ledger.want(JOB, NOW, "comment:2")
    assert ledger.waiting() == 1


def test_take__only_one_has_it(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)

    assert taken(ledger).owner == "here"
    assert ledger.take(JOB.key, NOW) is None


def test_finish__it_is_gone_and_its_head_remembered(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    assert ledger.finish(taken(ledger), HEAD) == ()

    assert (ledger.waiting(), ledger.dealt_with(JOB.key)) == (0, HEAD)
    assert ledger.take(JOB.key, NOW) is None


def test_finish__what_came_meanwhile_is_done_next(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    state = taken(ledger)
    ledger.want(JOB, NOW)

    assert ledger.finish(state, HEAD) == (JOB.key,)
    assert ledger.finish(taken(ledger), HEAD) == ()


def test_force__lasts_until_it_was_done(ledger: Ledger) -> None:
    ledger.want(JOB, NOW, forced=True)
    ledger.want(JOB, NOW)
    state = taken(ledger)
    assert state.forced
    ledger.want(JOB, NOW, forced=True)
    ledger.finish(state, HEAD)
    again = taken(ledger)
    assert again.forced
    ledger.want(JOB, NOW)
    ledger.finish(again, HEAD)
    assert not taken(ledger).forced


def test_killed__it_is_found_at_the_start_of_the_same_process(store: Store, ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    taken(ledger)
    Ledger(store, "elsewhere").put_back()
    assert ledger.take(JOB.key, NOW + 1) is None

    ledger.put_back()
    assert taken(ledger, now=NOW + 1)


def test_killed__another_machine_takes_it_over_after_a_while(store: Store, ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    taken(ledger)
    other = Ledger(store, "elsewhere")
    ledger.renew(NOW + 30)

    assert ledger.due(NOW + 10 * LEASE_SECONDS, queue_is_empty=True) == ()  # a machine that slept has it still
    assert other.due(NOW + LEASE_SECONDS + 1, queue_is_empty=False) == ()
    assert other.due(NOW + 30 + LEASE_SECONDS + 1, queue_is_empty=False) == (JOB.key,)
    assert taken(other, now=NOW + 200).owner == "elsewhere"


def test_due__what_the_queue_has_lost(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)

    assert ledger.due(NOW + LOST_SECONDS + 1, queue_is_empty=False) == ()
    assert ledger.due(NOW, queue_is_empty=True) == ()
    assert ledger.due(NOW + LOST_SECONDS + 1, queue_is_empty=True) == (JOB.key,)


def test_put_off__until_its_time(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    ledger.put_off(taken(ledger), NOW + 100, failed=True)

    assert ledger.take(JOB.key, NOW + 99) is None
    assert ledger.due(NOW + 99, queue_is_empty=True) == ()
    assert ledger.due(NOW + 100, queue_is_empty=False) == (JOB.key,)
    assert taken(ledger, now=NOW + 100).tries == 1


def test_put_off__a_new_push_ends_it(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    ledger.put_off(taken(ledger), NOW + 10_000, failed=True)
    ledger.want(JOB, NOW)

    assert taken(ledger).tries == 0


def test_repo__one_pull_request_at_a_time(ledger: Ledger) -> None:
    second, third, foreign = Job("acme/adder", 2, ""), Job("acme/adder", 3, ""), Job("acme/other", 1, "")
    for after, job in enumerate((JOB, second, third, foreign)):
        ledger.want(job, NOW + after)
    first = taken(ledger)

    assert ledger.take(second.key, NOW) is None
    assert ledger.take(third.key, NOW) is None
    assert taken(ledger, foreign)
    assert ledger.finish(first) == (second.key,)
    assert ledger.finish(taken(ledger, second)) == (third.key,)


def test_repo__one_that_is_taken_over_wakes_the_others_by_itself(ledger: Ledger) -> None:
    second = Job("acme/adder", 2, "")
    ledger.want(JOB, NOW)
    ledger.want(second, NOW)
    taken(ledger)
    ledger.take(second.key, NOW)

    assert second.key in ledger.due(NOW + BUSY_SECONDS + 1, queue_is_empty=False)


def test_repo__a_command_waits_for_nothing(ledger: Ledger) -> None:
    command = Job("acme/adder", 1, "command", "c1", "explain")
    ledger.want(JOB, NOW)
    ledger.want(command, NOW)
    taken(ledger)

    assert ledger.finish(taken(ledger, command)) == ()
    assert ledger.waiting() == 1


def test_bill__counts_a_head_once_and_ends_at_the_limit(ledger: Ledger) -> None:
    today, second = Today("2026-11-26", 1), Job("acme/other", 1, "")
    ledger.want(JOB, NOW)
    ledger.want(second, NOW)
    first, other = taken(ledger), taken(ledger, second)

    assert ledger.bill(first, HEAD, today)
    assert ledger.bill(first, HEAD, today)
    assert not ledger.bill(other, HEAD, today)
    assert ledger.bill(other, HEAD, Today("2026-11-27", 1))
    assert (ledger.spent("2026-11-26"), ledger.spent("2026-11-27")) == (1, 1)


def test_bill__what_was_killed_is_not_counted_again(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    ledger.bill(taken(ledger), HEAD, Today("2026-11-26", 5))
    ledger.put_back()
    ledger.bill(taken(ledger), HEAD, Today("2026-11-26", 5))

    assert ledger.spent("2026-11-26") == 1


def test_give_up__is_visible_until_it_is_asked_for_again(ledger: Ledger) -> None:
    ledger.want(JOB, NOW)
    ledger.give_up(taken(ledger), "the Hub is gone", NOW)

    assert (ledger.waiting(), ledger.given_up()) == (0, 1)
    ledger.want(JOB, NOW)
    assert (ledger.waiting(), ledger.given_up()) == (1, 0)


def test_forget_old__but_never_a_command(ledger: Ledger) -> None:
    for seen in ("content:1", "comment:1"):
        ledger.want(JOB, NOW, seen)
    ledger.forget_old(NOW + 100 * 86_400)

    assert ledger.want(JOB, NOW, "content:1")
    assert not ledger.want(JOB, NOW, "comment:1")


def test_store__a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with contextlib.suppress(ZeroDivisionError), store.transaction() as tables:
        tables.put("t", "k", {"a": 1})
        assert tables.get("t", "k") == {"a": 1}
        assert tables.all("t") == {"k": {"a": 1}}
        raise ZeroDivisionError
    with store.transaction() as tables:
        assert tables.get("t", "k") is None
        tables.put("t", "k", {"a": 2})
        tables.delete("t", "other")
    with store.transaction() as tables:
        tables.delete("t", "k")
        assert tables.all("t") == {}


def test_redis__a_connection_that_breaks_leaves_nothing() -> None:
    redis = Redis()
    ledger = Ledger(RedisStore(redis), "here")
    redis.broken = True
    with pytest.raises(ConnectionError):
        ledger.want(JOB, NOW, "comment:1")
    redis.broken = False

    assert ledger.want(JOB, NOW, "comment:1")


@pytest.mark.skipif(importlib.util.find_spec("redis") is not None, reason="the client of Redis is installed")
def test_redis__without_its_client_is_one_sentence() -> None:
    with pytest.raises(MissingExtra, match="the extra `redis`"):
        on_redis("redis://127.0.0.1:1/0")


def test_files__a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CouldNotFinish, match="cannot be opened"):
        in_files(str(tmp_path / "file"))


def test_queue__first_in_first_out_also_for_the_next_process(tmp_path: Path) -> None:
    queue, store = in_files(str(tmp_path))
    for key in ("acme/a#1", "acme/b#2"):
        queue.put(key)
    store.close()
    again, store = in_files(str(tmp_path))

    assert [again.size(), again.take(), again.take(), again.take()] == [2, "acme/a#1", "acme/b#2", None]
    store.close()


def test_desk__a_key_in_the_queue_that_stands_for_nothing(tmp_path: Path) -> None:
    queue, store = in_files(str(tmp_path))
    desk = Desk(Ledger(store, "here"), queue, lambda: NOW)
    queue.put("acme/gone#1")
    desk.want(JOB)

    state = desk.take()
    assert state is not None
    assert state.job == JOB
    store.close()


def test_desk__killed_between_ledger_and_queue(tmp_path: Path) -> None:
    queue, store = in_files(str(tmp_path))
    ledger = Ledger(store, "here")
    ledger.want(JOB, NOW, "comment:1")
    later = Desk(ledger, queue, lambda: NOW + 60)
    later.begin()

    assert later.take() is not None
    store.close()
