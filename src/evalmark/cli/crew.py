"""Many folders at once: reading YAML is work for a processor, so each of the machine's does a part of it."""

import gc
import os
import signal
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from typing import Final, NamedTuple, TypeAlias

from evalmark.errors import EvalmarkError
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef
from evalmark.flows.collect import Collected, collect
from evalmark.flows.proofs import Brought
from evalmark.flows.sync import Sync
from evalmark.history import Heads
from evalmark.ports import Place
from evalmark.record import EventRecord

WORTH_IT: Final = 64
"""So many folders take longer than it takes to start processes."""
CHUNK: Final = 20
RARELY: Final = (100_000, 50, 100)
"""For the garbage collector. Nearly all that a sync makes lives until it is written: looking for what does not costs a
fifth of the time."""
Found: TypeAlias = dict[BenchmarkRef, BenchmarkFound | BenchmarkMissing]
_ASK_FIRST: Final = BenchmarkMissing("not looked up yet", "", surely=False)


class _Job(NamedTuple):
    place: Place
    heads: Heads
    before: tuple[EventRecord, ...]


class _Trouble(NamedTuple):
    """An error on its way to another process."""

    kind: type[EvalmarkError]
    message: str
    advice: str


class _Unknown(NamedTuple):
    """Benchmarks that must be looked up before a repo can be collected."""

    benchmarks: frozenset[BenchmarkRef]


_Outcome: TypeAlias = Collected | _Trouble | _Unknown


class Crew:
    """Collects folders in processes of their own. What they need to know of benchmarks is looked up here."""

    def __init__(self, how: Sync) -> None:
        self._how = how
        self._found: Found = {}
        self._waiting: list[tuple[_Job, Future[Collected]]] = []
        self._first: Future[Collected] | None = None
        self._pool = ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn"), initializer=_begin)

    def begin(self, place: Place, heads: Heads, before: Iterable[EventRecord]) -> "Future[Collected]":
        """Collect a repo by and by; `flush` begins with what is left."""
        future: Future[Collected] = Future()
        self._waiting.append((_Job(place, heads, tuple(before)), future))
        if self._first is None:
            self._first = future
            self._send_waiting()
        elif len(self._waiting) >= CHUNK and self._first.done():
            self._send_waiting()
        return future

    def flush(self) -> None:
        """Begin with all that waits. From the first repo most of the benchmarks are known: it goes ahead."""
        if self._first is not None:
            wait([self._first])
        while self._waiting:
            self._send_waiting()

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)

    def _send_waiting(self) -> None:
        asked, self._waiting = self._waiting[:CHUNK], self._waiting[CHUNK:]
        self._send(asked)

    def _send(self, asked: list[tuple[_Job, "Future[Collected]"]]) -> None:
        given = self._how.given.about(frozenset(job.place.name.model for job, _ in asked))
        jobs = [job for job, _ in asked]
        done = self._pool.submit(_collect, jobs, dict(self._found), given, self._how.now)
        done.add_done_callback(partial(self._arrived, asked))

    def _arrived(self, asked: list[tuple[_Job, "Future[Collected]"]], done: "Future[list[_Outcome]]") -> None:
        """Hand results on; what could not be collected for want of a benchmark is sent again once that is known."""
        try:
            outcomes = zip(asked, done.result(), strict=True)
            again = [pair for pair, outcome in outcomes if not self._settled(pair[1], outcome)]
            if again:
                self._send(again)
        except BaseException as error:  # noqa: BLE001 - whoever waits for a result gets it, or this
            for _, future in asked:
                if not future.done():
                    future.set_exception(error)

    def _settled(self, future: "Future[Collected]", outcome: _Outcome) -> bool:
        match outcome:
            case _Unknown(benchmarks):
                self._found |= {ref: self._how.look_up(ref) for ref in benchmarks}
                return False
            case _Trouble(kind, message, advice):
                future.set_exception(kind(message, advice))
            case _:
                future.set_result(outcome)
        return True


def _begin() -> None:
    """In each process, before all else. Ctrl-C is for the one that waits for them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*RARELY)


def _collect(jobs: list[_Job], found: Found, given: Brought, now: datetime) -> list[_Outcome]:
    return [_collect_one(job, found, given, now) for job in jobs]


def _collect_one(job: _Job, found: Found, given: Brought, now: datetime) -> _Outcome:
    unknown: set[BenchmarkRef] = set()
    look_up = _known(found, unknown)
    try:
        collected = collect(job.place, job.heads, look_up, given, job.before, now)
    except EvalmarkError as error:
        return _Trouble(type(error), error.message, error.advice)
    return _Unknown(frozenset(unknown)) if unknown else collected


def _known(found: Found, unknown: set[BenchmarkRef]) -> Callable[[BenchmarkRef], BenchmarkFound | BenchmarkMissing]:
    def look_up(ref: BenchmarkRef) -> BenchmarkFound | BenchmarkMissing:
        if ref not in found:
            unknown.add(ref)
        return found.get(ref, _ASK_FIRST)

    return look_up
