"""Takes jobs from the queue, one a repo at a time, and deals with each until it is done, put off or given up."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from evalmark.errors import CouldNotFinish, EvalmarkError, Interrupted
from evalmark.web.desk import Desk
from evalmark.web.ledger import Job, State, Today
from evalmark.web.logs import logger
from evalmark.web.metrics import Metrics

MOST_TRIES: Final = 5
IDLE_SECONDS: Final = 0.5
SWEEP_SECONDS: Final = 1.0
RENEW_SECONDS: Final = 10.0
ALIVE_SECONDS: Final = 60.0
GRACE_SECONDS: Final = 1.5
END_SECONDS: Final = 7.0


class Carrier(Protocol):
    """Does what a job asks for. All raise our errors."""

    def head(self, model: str, number: int) -> str | None:
        """The pull request's newest commit; None if it is no longer open."""

    def deal_with(self, model: str, number: int) -> str:
        """Verify and answer; what came of it, in words. It ends within a time limit of its own."""

    def carry_out(self, job: Job) -> str:
        """Carry a command out; what came of it, in a word."""

    def interrupt(self) -> None:
        """End what is being done: it raises `Interrupted`."""


def backoff(tries: int) -> float:
    """Seconds to wait after so many failures: half a minute, two, eight, half an hour."""
    return float(30 * 4 ** (tries - 1))


@dataclass(frozen=True, slots=True)
class Rules:
    """How much, how often."""

    threads: int = 1
    per_day: int | None = None
    backoff: Callable[[int], float] = backoff
    sweep: float = SWEEP_SECONDS


class Workers:
    """Threads of this process that work until they are stopped."""

    def __init__(self, desk: Desk, carrier: Carrier, metrics: Metrics, rules: Rules) -> None:
        self._desk = desk
        self._carrier = carrier
        self._metrics = metrics
        self._rules = rules
        self._stop = threading.Event()
        self._log = logger("worker")
        self._beats: dict[str, float] = {}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Find what was in work when this process was killed, then begin."""
        self._desk.begin()
        loops = {"keeper": self._keep, **{f"worker-{number}": self._work for number in range(self._rules.threads)}}
        for name, loop in loops.items():
            self._beats[name] = time.monotonic()
            thread = threading.Thread(target=loop, args=(name,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End within ten seconds: what is not done by then is done after the next start."""
        self._stop.set()
        self._desk.wake()
        self._join(GRACE_SECONDS)
        self._carrier.interrupt()
        self._join(END_SECONDS)

    def alive(self) -> bool:
        """Whether all threads show signs of life. One that deals with a pull request is alive while it does."""
        now = time.monotonic()
        beating = all(now - beat < ALIVE_SECONDS for beat in tuple(self._beats.values()))
        return beating and bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def left_today(self) -> float:
        """Verifications that the day's limit still allows; infinite without one."""
        today = self._today()
        return float("inf") if today.most is None else max(0.0, float(today.most - self._desk.ledger.spent(today.day)))

    def _join(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _keep(self, name: str) -> None:
        """Put what is due into the queue, and renew the leases."""
        renewed = 0.0
        while not self._stop.wait(self._rules.sweep):
            self._beats[name] = now = time.monotonic()
            try:
                self._desk.sweep()
                if now - renewed > RENEW_SECONDS:
                    self._desk.renew()
                    renewed = now
            except Exception as error:  # noqa: BLE001 - a full disk must not end it for good
                self._log.error("the queue is in trouble", error=f"{type(error).__name__}: {error}")

    def _work(self, name: str) -> None:
        while not self._stop.is_set():
            self._beats[name] = time.monotonic()
            try:
                taken = self._desk.take()
                if taken is None:
                    self._desk.wait(IDLE_SECONDS)
                    continue
                self._beats[name] = float("inf")
                self._deal_with(taken)
            except Exception as error:  # noqa: BLE001 - one job must not end the worker
                self._log.error("the worker is in trouble", error=f"{type(error).__name__}: {error}")
                self._stop.wait(SWEEP_SECONDS)

    def _deal_with(self, taken: State) -> None:
        job = taken.job
        log = self._log.bind(model=job.model, number=job.number, why=job.why)
        try:
            if job.comment:
                self._command(taken, log)
            else:
                self._verify(taken, log)
        except Interrupted:
            self._desk.put_off(taken, self._desk.clock())
            log.info("put back", tries=taken.tries)
        except CouldNotFinish as error:
            self._failed(taken, error.message, log)
        except EvalmarkError as error:
            self._desk.give_up(taken, error.message)
            self._metrics.job("refused")
            log.warning("not to be done", error=error.message)
        except Exception as error:
            log.error("a bug in evalmark", exc_info=True)
            self._failed(taken, f"{type(error).__name__}: {error}", log)

    def _command(self, taken: State, log: Any) -> None:
        outcome = self._carrier.carry_out(taken.job)
        self._desk.finish(taken)
        self._metrics.command(taken.job.command, outcome)
        log.info("command", command=taken.job.command, outcome=outcome)

    def _verify(self, taken: State, log: Any) -> None:
        head = self._carrier.head(taken.job.model, taken.job.number)
        if head is None:
            self._done(taken, "", "not-open", log)
        elif not taken.forced and self._desk.ledger.dealt_with(taken.job.key) == head:
            self._done(taken, "", "nothing-new", log)
        elif not self._desk.ledger.bill(taken, head, self._today()):
            self._desk.put_off(taken, self._tomorrow())
            self._metrics.job("over-the-limit")
            log.warning("over the limit of the day: goes on tomorrow", head=head, per_day=self._rules.per_day)
        else:
            log.info("begins", head=head)
            began = time.monotonic()
            words = self._carrier.deal_with(taken.job.model, taken.job.number)
            seconds = time.monotonic() - began
            self._metrics.verified(words, seconds)
            self._done(taken, head, "done", log.bind(said=words, seconds=round(seconds, 1)))

    def _done(self, taken: State, head: str, outcome: str, log: Any) -> None:
        self._desk.finish(taken, head)
        self._metrics.job(outcome)
        log.info("ends", outcome=outcome, head=head)

    def _failed(self, taken: State, why: str, log: Any) -> None:
        tries = taken.tries + 1
        if tries >= MOST_TRIES:
            self._desk.give_up(taken, why)
            self._metrics.job("given-up")
            log.error("given up", error=why, tries=tries)
            return
        seconds = self._rules.backoff(tries)
        self._desk.put_off(taken, self._desk.clock() + seconds, failed=True)
        self._metrics.job("failed")
        log.warning("failed, will be tried again", error=why, tries=tries, seconds=seconds)

    def _today(self) -> Today:
        return Today(datetime.fromtimestamp(self._desk.clock(), UTC).date().isoformat(), self._rules.per_day)

    def _tomorrow(self) -> float:
        """A minute after midnight, UTC."""
        day = datetime.fromtimestamp(self._desk.clock(), UTC).date() + timedelta(days=1)
        return datetime(day.year, day.month, day.day, 0, 1, tzinfo=UTC).timestamp()
