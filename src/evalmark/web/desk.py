"""Ledger and queue together: first it is written down, then the bell is rung."""

import threading
from collections.abc import Callable, Iterable

from evalmark.web.ledger import Job, Ledger, State
from evalmark.web.queue import Queue


class Desk:
    """Where jobs come in and workers take them. `clock` gives seconds since 1970."""

    def __init__(self, ledger: Ledger, queue: Queue, clock: Callable[[], float]) -> None:
        self.ledger = ledger
        self.queue = queue
        self.clock = clock
        self._bell = threading.Event()

    def want(self, job: Job, seen: str = "", *, forced: bool = False) -> bool:
        """Once this has returned, the job will be done; False if the event was seen before."""
        if not self.ledger.want(job, self.clock(), seen, forced=forced):
            return False
        self._ring((job.key,))
        return True

    def begin(self) -> None:
        """At the start: what was in work, and whatever of the rest is not in the queue."""
        self.ledger.put_back()
        self.ledger.forget_old(self.clock())
        self._ring(self.ledger.due(self.clock(), queue_is_empty=True))

    def take(self) -> State | None:
        """The next job that can be begun with. Keys of jobs that are done or in work already are passed over."""
        while (key := self.queue.take()) is not None:
            if (taken := self.ledger.take(key, self.clock())) is not None:
                return taken
        return None

    def wait(self, seconds: float) -> None:
        """Until there may be something to do."""
        self._bell.wait(seconds)
        self._bell.clear()

    def wake(self) -> None:
        """End all waiting."""
        self._bell.set()

    def sweep(self) -> None:
        """Put what is due into the queue."""
        self._ring(self.ledger.due(self.clock(), queue_is_empty=self.queue.size() == 0))

    def renew(self) -> None:
        """A sign of life."""
        self.ledger.renew(self.clock())

    def finish(self, taken: State, head: str = "") -> None:
        """The job is done."""
        self._ring(self.ledger.finish(taken, head))

    def give_up(self, taken: State, why: str) -> None:
        """The job cannot be done."""
        self._ring(self.ledger.give_up(taken, why, self.clock()))

    def put_off(self, taken: State, until: float, *, failed: bool = False) -> None:
        """Not now."""
        self._ring(self.ledger.put_off(taken, until, failed=failed))

    def _ring(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.queue.put(key)
            self._bell.set()
