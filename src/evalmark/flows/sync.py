"""Bring the store up to date: repo by repo, each only if something has happened since it was last collected."""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Final, TypeVar

from evalmark.errors import EvalmarkError, Interrupted
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef
from evalmark.flows.attach import Given
from evalmark.flows.collect import Collected, collect
from evalmark.flows.refresh import refresh
from evalmark.history import Heads
from evalmark.ports import Place, RecordsWriter
from evalmark.query import Condition, Where
from evalmark.record import (
    CardScoreRecord,
    ClaimRecord,
    EventRecord,
    FindingRecord,
    HubRowRecord,
    ModelRecord,
    ReceiptRecord,
    TaskRecord,
    VerdictRecord,
)

BATCH: Final = 1000
"""Repos that are published together: a sync that is killed loses at most the work on so many."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sync:
    """How a sync is done: what looks benchmarks up, the verdicts that were found, the time, how many repos at once."""

    look_up: Callable[[BenchmarkRef], BenchmarkFound | BenchmarkMissing]
    given: Sequence[Given]
    now: datetime
    threads: int = 4
    everything: bool = False
    """Collect also where nothing has happened."""


@dataclass(slots=True)
class Summary:
    """What a sync did. `trouble`: the repos that could not be collected, and why."""

    collected: list[str] = field(default_factory=list)
    unchanged: int = 0
    claims: int = 0
    events: int = 0
    findings: int = 0
    trouble: dict[str, EvalmarkError] = field(default_factory=dict)

    @property
    def looked_at(self) -> int:
        """How many repos there were."""
        return len(self.collected) + self.unchanged + len(self.trouble)


def sync(places: Iterable[Place], writer: RecordsWriter, how: Sync, watch: Callable[[Summary], None]) -> Summary:
    """Collect what is new, and publish it batch by batch. `watch` is called after each repo.

    Trouble with one repo leaves its records as they were, and ends nothing. Raises `Interrupted`, and what the writer
    raises.
    """
    pool = ThreadPoolExecutor(how.threads)
    try:
        syncer = _Syncer(writer, how, pool, watch)
        waiting = iter(places)
        while batch := list(islice(waiting, BATCH)):
            syncer.deal_with(batch)
        return syncer.summary
    finally:
        pool.shutdown(cancel_futures=True)


class _Syncer:
    def __init__(
        self, writer: RecordsWriter, how: Sync, pool: ThreadPoolExecutor, watch: Callable[[Summary], None]
    ) -> None:
        self._writer = writer
        self._how = how
        self._pool = pool
        self._watch = watch
        self._stale = self._with_moved_benchmarks()
        self.summary = Summary()

    def deal_with(self, batch: list[Place]) -> None:
        """One batch: ask what has happened, collect it, write it down, publish."""
        known = {(row.origin, row.repo, row.model): row for row in self._writer.find(ModelRecord)}
        asked = [(place, self._pool.submit(place.heads)) for place in batch]
        before = self._events(batch)
        begun: list[tuple[Place, Future[Collected]]] = []
        for place, future in asked:
            heads = self._result(place, future)
            if heads is None:
                continue
            if self._is_as_it_was(place, heads, known):
                self.summary.unchanged += 1
                self._watch(self.summary)
                continue
            begun.append((place, self._pool.submit(self._collect, place, heads, before.get(_name(place), ()))))
        done = [(place, found) for place, future in begun if (found := self._result(place, future)) is not None]
        if done:
            self._write(done)
            self._writer.publish()

    def _events(self, batch: list[Place]) -> dict[tuple[str, str, str], list[EventRecord]]:
        """What the store knows to have happened, by repo."""
        models = tuple(sorted({place.name.model for place in batch}))
        found: dict[tuple[str, str, str], list[EventRecord]] = {}
        for event in self._writer.find(EventRecord, (Condition("model", "in", models),)):
            found.setdefault((event.origin, event.repo, event.model), []).append(event)
        return found

    def _collect(self, place: Place, heads: Heads, before: Iterable[EventRecord]) -> Collected:
        return collect(place, heads, self._how.look_up, self._how.given, before, self._how.now)

    def _result(self, place: Place, future: Future[T]) -> T | None:
        """None, and a line in the summary, for what could not be had."""
        try:
            found = future.result()
        except Interrupted:
            raise
        except EvalmarkError as error:
            self.summary.trouble[place.name.repo] = error
            self._watch(self.summary)
            return None
        if isinstance(found, Collected):
            self.summary.collected.append(place.name.repo)
            self.summary.claims += len(found.claims)
            self.summary.events += len(found.events)
            self.summary.findings += len(found.findings)
            self._watch(self.summary)
        return found

    def _is_as_it_was(self, place: Place, heads: Heads, known: dict[tuple[str, str, str], ModelRecord]) -> bool:
        name = place.name
        row = known.get(_name(place))
        if row is None or self._how.everything or name.model in self._stale:
            return False
        newer = (given.verdict.claim.model == name.model and given.at > row.collected_at for given in self._how.given)
        return json.loads(row.heads) == heads.as_data and not any(newer)

    def _with_moved_benchmarks(self) -> frozenset[str]:
        """Models with a verdict on a benchmark that has changed since: the verdict may speak of them no longer."""
        known = {task.dataset_id: task.revision for task in self._writer.find(TaskRecord)}
        moved = tuple(dataset for dataset, revision in known.items() if revision != self._revision(dataset, revision))
        if not moved:
            return frozenset()
        judged = (Condition("dataset_id", "in", moved), Condition("verdict", "is not null"))
        return frozenset(claim.model for claim in self._writer.find(ClaimRecord, judged))

    def _revision(self, dataset_id: str, known: str | None) -> str | None:
        found = self._how.look_up(BenchmarkRef(dataset_id))
        return found.revision if isinstance(found, BenchmarkFound) else known

    def _write(self, done: list[tuple[Place, Collected]]) -> None:
        claims: dict[str, list[ClaimRecord]] = {place.name.model: [] for place, _ in done}
        for place, found in done:
            claims[place.name.model] += found.claims
        tasks = {(claim.dataset_id, claim.task_id) for _, found in done for claim in found.claims}
        for group in _apart(done):
            tasks |= self._replace(group)
        refresh(self._writer, tasks, claims, lambda dataset: self._how.look_up(BenchmarkRef(dataset)))

    def _replace(self, group: list[tuple[Place, Collected]]) -> set[tuple[str, str]]:
        """Put what was collected of several repos in the place of what the store had; the boards it had claims on."""
        writer, found = self._writer, [collected for _, collected in group]
        here = _of(*(place for place, _ in group))
        before = writer.find(ClaimRecord, here)
        ids = {claim.id for claim in before} | {claim.id for each in found for claim in each.claims}
        model, told = here[-1], [each for place, each in group if place.name.origin == "hub" or each.tells_of_model]
        writer.replace(ClaimRecord, here, chain.from_iterable(each.claims for each in found))
        writer.replace(EventRecord, here, chain.from_iterable(each.events for each in found))
        writer.replace(ModelRecord, here, [each.model for each in found])
        writer.replace(FindingRecord, here[:-1], chain.from_iterable(each.findings for each in found))
        verdicts = (Condition("claim", "in", tuple(sorted(ids))),)
        writer.replace(VerdictRecord, verdicts, chain.from_iterable(each.verdicts for each in found))
        rows = (model, Condition("rank", "is null"))
        writer.replace(HubRowRecord, rows, chain.from_iterable(each.hub_rows for each in found))
        of_model = (Condition("model", "in", tuple(sorted(each.model.model for each in told))),)
        writer.replace(CardScoreRecord, of_model, chain.from_iterable(each.card_scores for each in told))
        writer.replace(ReceiptRecord, of_model, chain.from_iterable(each.receipts for each in told))
        return {(claim.dataset_id, claim.task_id) for claim in before}


def _apart(done: list[tuple[Place, Collected]]) -> list[list[tuple[Place, Collected]]]:
    """Groups that can be written together: of one origin, and no repo twice (it may be about several models)."""
    groups: list[tuple[str, set[str], list[tuple[Place, Collected]]]] = []
    for place, found in done:
        name = place.name
        fitting = (group for group in groups if group[0] == name.origin and name.repo not in group[1])
        group = next(fitting, None)
        if group is None:
            groups.append(group := (name.origin, set(), []))
        group[1].add(name.repo)
        group[2].append((place, found))
    return [group for _, _, group in groups]


def _name(place: Place) -> tuple[str, str, str]:
    return place.name.origin, place.name.repo, place.name.model


def _of(*places: Place) -> Where:
    """The records of places of one origin."""
    names = [place.name for place in places]
    return (
        Condition("origin", "=", names[0].origin),
        Condition("repo", "in", tuple(name.repo for name in names)),
        Condition("model", "in", tuple(name.model for name in names)),
    )
