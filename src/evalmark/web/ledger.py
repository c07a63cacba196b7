"""What is to be done, in work, and done: the truth, beside which the queue is only a doorbell.

A row stays until its work has come to an end that somebody has seen. So whatever is killed, at any moment, nothing is
lost; and because a pull request has one row however many events it has, nothing is done twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from evalmark.web.store import Store, Tables

LEASE_SECONDS: Final = 60.0
"""So long after its last sign of life a worker is taken for dead."""
BUSY_SECONDS: Final = 60.0
LOST_SECONDS: Final = 5.0
KEPT_SECONDS: Final = 90 * 86_400.0
JOBS, SEEN, DEALT, SPENT, GIVEN_UP = "jobs", "seen", "dealt", "spent", "given-up"


@dataclass(frozen=True, slots=True)
class Job:
    """A pull request to look at; or with the id of a comment, a command to carry out."""

    model: str
    number: int
    why: str
    comment: str = ""
    command: str = ""

    @property
    def key(self) -> str:
        """Names the job: further events about the same pull request are the same job."""
        return f"{self.model}#{self.number}{f'!{self.comment}' if self.comment else ''}"


@dataclass(frozen=True, slots=True)
class State:
    """A job's row. Times are seconds since 1970; 0 is no time."""

    job: Job
    wanted: int = 0
    """How often it was asked for. More than a worker knew when it began: it is not the last word."""
    forced: int = 0
    """The last time it was asked for by a person, even if nothing has changed."""
    tries: int = 0
    not_before: float = 0.0
    """Put off until then; 0: it is in the queue."""
    busy: bool = False
    """Put off because another pull request of the same repo is in work."""
    owner: str = ""
    lease: float = 0.0
    billed: str = ""
    """The head whose verification has been counted already."""
    since: float = 0.0

    def in_work(self, now: float, here: str) -> bool:
        """Whether a worker has it: one `here`, which surely lives, or one that shows signs of life."""
        return bool(self.owner) and (self.owner == here or self.lease > now)


@dataclass(frozen=True, slots=True)
class Today:
    """What has been spent on a day, of how much."""

    day: str
    most: int | None


class Ledger:
    """For one process, whose name is `owner`. All raise what the store raises."""

    def __init__(self, store: Store, owner: str) -> None:
        self._store = store
        self._owner = owner

    def want(self, job: Job, now: float, seen: str = "", *, forced: bool = False) -> bool:
        """Write down that a job is to be done; False if that event was seen before."""
        with self._store.transaction() as tables:
            if seen and tables.get(SEEN, seen) is not None:
                return False
            if seen:
                tables.put(SEEN, seen, {"at": now})
            old = _get(tables, job.key) or State(job)
            wanted = old.wanted + 1
            put_off = old.not_before if old.busy else 0.0
            _put(
                tables,
                replace(
                    old,
                    job=job,
                    wanted=wanted,
                    forced=wanted if forced else old.forced,
                    tries=0,
                    not_before=put_off,
                    since=now,
                ),
            )
            tables.delete(GIVEN_UP, job.key)
            return True

    def take(self, key: str, now: float) -> State | None:
        """Begin with a job; None if it is done, in work, put off, or its repo is in work: then it is put off."""
        with self._store.transaction() as tables:
            states = _all(tables)
            state = states.get(key)
            if state is None or state.in_work(now, self._owner) or state.not_before > now:
                return None
            if not state.job.comment and self._repo_in_work(states.values(), state.job, now):
                _put(tables, replace(state, not_before=now + BUSY_SECONDS, busy=True))
                return None
            taken = replace(state, owner=self._owner, lease=now + LEASE_SECONDS, not_before=0.0, busy=False)
            _put(tables, taken)
            return taken

    def _repo_in_work(self, states: Iterable[State], job: Job, now: float) -> bool:
        return any(
            state.in_work(now, self._owner) and state.job.model == job.model and not state.job.comment
            for state in states
        )

    def dealt_with(self, key: str) -> str:
        """The head that was dealt with last, or nothing."""
        with self._store.transaction() as tables:
            row = tables.get(DEALT, key)
        return str(row["head"]) if row else ""

    def bill(self, taken: State, head: str, today: Today) -> bool:
        """Count a verification; False if the day's are used up. One that was begun before is not counted again."""
        with self._store.transaction() as tables:
            state = _get(tables, taken.job.key) or taken
            if state.billed == head:
                return True
            spent = _spent(tables, today.day)
            if today.most is not None and spent >= today.most:
                return False
            tables.put(SPENT, today.day, {"count": spent + 1})
            _put(tables, replace(state, billed=head))
            return True

    def finish(self, taken: State, head: str = "") -> tuple[str, ...]:
        """The job is done, at that head if it was verified. The keys of jobs that can be taken now."""
        with self._store.transaction() as tables:
            if head:
                tables.put(DEALT, taken.job.key, {"head": head})
            return self._end(tables, taken)

    def give_up(self, taken: State, why: str, now: float) -> tuple[str, ...]:
        """The job failed too often, or for a reason that stays. The keys of jobs that can be taken now."""
        with self._store.transaction() as tables:
            tables.put(GIVEN_UP, taken.job.key, {"why": why, "at": now})
            return self._end(tables, taken)

    def put_off(self, taken: State, until: float, *, failed: bool = False) -> tuple[str, ...]:
        """Not now. The keys of jobs that can be taken now."""
        with self._store.transaction() as tables:
            state = _get(tables, taken.job.key) or taken
            tries = state.tries + 1 if failed else state.tries
            _put(tables, replace(state, owner="", lease=0.0, not_before=until, tries=tries))
            return _woken(tables, taken.job)

    def _end(self, tables: Tables, taken: State) -> tuple[str, ...]:
        """Remove the row, unless more was asked for meanwhile."""
        state = _get(tables, taken.job.key)
        if state is not None and state.wanted > taken.wanted:
            forced = state.forced if state.forced > taken.wanted else 0
            _put(tables, replace(state, owner="", lease=0.0, forced=forced, billed="", tries=0))
            return (taken.job.key, *_woken(tables, taken.job))
        tables.delete(JOBS, taken.job.key)
        return _woken(tables, taken.job)

    def renew(self, now: float) -> None:
        """A sign of life for all that we have in work."""
        with self._store.transaction() as tables:
            for state in _all(tables).values():
                if state.owner == self._owner:
                    _put(tables, replace(state, lease=now + LEASE_SECONDS))

    def put_back(self) -> None:
        """At the start: what a process of our name had in work when it was killed."""
        with self._store.transaction() as tables:
            for state in _all(tables).values():
                if state.owner == self._owner:
                    _put(tables, replace(state, owner="", lease=0.0))

    def due(self, now: float, *, queue_is_empty: bool) -> tuple[str, ...]:
        """The keys of jobs that must be put into the queue: their time has come, or whoever had them is gone.

        If the queue is empty, also those that should be in it.
        """
        with self._store.transaction() as tables:
            found = [state for state in _all(tables).values() if not state.in_work(now, self._owner)]
            come = [state for state in found if state.owner or 0 < state.not_before <= now]
            for state in come:
                _put(tables, replace(state, owner="", lease=0.0, not_before=0.0, busy=False))
            lost = [state for state in found if not state.not_before and state.since < now - LOST_SECONDS]
            return tuple(dict.fromkeys(state.job.key for state in (*come, *(lost if queue_is_empty else ()))))

    def forget_old(self, now: float) -> None:
        """Events and days of long ago."""
        with self._store.transaction() as tables:
            for key, row in tables.all(SEEN).items():
                if row["at"] < now - KEPT_SECONDS and not key.startswith("comment:"):
                    tables.delete(SEEN, key)
            for day in sorted(tables.all(SPENT))[:-7]:
                tables.delete(SPENT, day)

    def spent(self, day: str) -> int:
        """How many verifications were counted on a day."""
        with self._store.transaction() as tables:
            return _spent(tables, day)

    def waiting(self) -> int:
        """How many jobs have not come to their end."""
        with self._store.transaction() as tables:
            return len(tables.all(JOBS))

    def given_up(self) -> int:
        """How many jobs were given up and not asked for again."""
        with self._store.transaction() as tables:
            return len(tables.all(GIVEN_UP))


def _woken(tables: Tables, done: Job) -> tuple[str, ...]:
    """The job that has waited longest for its repo: its turn has come."""
    waiting = [state for state in _all(tables).values() if state.busy and state.job.model == done.model]
    first = min(waiting, key=lambda state: state.since, default=None)
    if first is None or done.comment:
        return ()
    _put(tables, replace(first, not_before=0.0, busy=False))
    return (first.job.key,)


def _spent(tables: Tables, day: str) -> int:
    row = tables.get(SPENT, day)
    return int(row["count"]) if row else 0


def _get(tables: Tables, key: str) -> State | None:
    row = tables.get(JOBS, key)
    return _state(row) if row else None


def _all(tables: Tables) -> dict[str, State]:
    return {key: _state(row) for key, row in tables.all(JOBS).items()}


def _state(row: dict[str, Any]) -> State:
    return State(**{**row, "job": Job(**row["job"])})


def _put(tables: Tables, state: State) -> None:
    job = {name: getattr(state.job, name) for name in Job.__slots__}
    tables.put(JOBS, state.job.key, {**{name: getattr(state, name) for name in State.__slots__}, "job": job})
