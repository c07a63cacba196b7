"""Bring the store up to date: repo by repo, each only if something has happened since it was last collected."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Final, Protocol, TypeVar

from evalmark.errors import EvalmarkError, Interrupted
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef
from evalmark.flows.collect import Collected, collect
from evalmark.flows.found_receipts import has_moved
from evalmark.flows.proofs import Brought
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
PART: Final = 100
"""Repos whose records are written together."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sync:
    """How a sync is done: what looks benchmarks up, verdicts and receipts beside the repos, the time, repos at once."""

    look_up: Callable[[BenchmarkRef], BenchmarkFound | BenchmarkMissing]
    given: Brought
    now: datetime
    threads: int = 4
    everything: bool = False
    """Collect also where nothing has happened."""


class Begin(Protocol):
    """Begins to collect repos, several at a time."""

    def begin(self, place: Place, heads: Heads, before: Iterable[EventRecord]) -> "Future[Collected]":
        """Collect a repo by and by."""

    def flush(self) -> None:
        """All have been asked for."""


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


def sync(
    places: Iterable[Place],
    writer: RecordsWriter,
    how: Sync,
    watch: Callable[[Summary], None],
    crew: Begin | None = None,
) -> Summary:
    """Collect what is new, and publish it batch by batch. `watch` is called after each repo; `crew` collects.

    Trouble with one repo leaves its records as they were, and ends nothing. Raises `Interrupted`, and what the writer
    raises.
    """
    pool = ThreadPoolExecutor(how.threads)
    try:
        syncer = _Syncer(writer, how, pool, watch, crew or _Threads(pool, how))
        waiting = iter(places)
        while batch := list(islice(waiting, BATCH)):
            syncer.deal_with(batch)
        return syncer.summary
    finally:
        pool.shutdown(cancel_futures=True)


class _Threads:
    """Collects in threads: enough where the network is what is waited for."""

    def __init__(self, pool: ThreadPoolExecutor, how: Sync) -> None:
        self._pool = pool
        self._how = how

    def begin(self, place: Place, heads: Heads, before: Iterable[EventRecord]) -> "Future[Collected]":
        """Collect a repo by and by."""
        how = self._how
        return self._pool.submit(collect, place, heads, how.look_up, how.given, before, how.now)

    def flush(self) -> None:
        """Nothing waits."""


class _Syncer:
    def __init__(
        self,
        writer: RecordsWriter,
        how: Sync,
        pool: ThreadPoolExecutor,
        watch: Callable[[Summary], None],
        crew: Begin,
    ) -> None:
        self._writer = writer
        self._how = how
        self._pool = pool
        self._crew = crew
        self._watch = watch
        self._stale = self._with_moved_benchmarks()
        self._resigned: frozenset[str] = frozenset()
        self.summary = Summary()

    def deal_with(self, batch: list[Place]) -> None:
        """One batch: ask what has happened, collect it, write it down, publish."""
        known = {(row.origin, row.repo, row.model): row for row in self._writer.find(ModelRecord)}
        asked = [(place, self._pool.submit(place.heads)) for place in batch]
        before = self._events(batch)
        self._resigned = frozenset(self._with_other_receipts(batch))
        begun: list[tuple[Place, Future[Collected]]] = []
        for place, future in asked:
            heads = self._result(place, future)
            if heads is None:
                continue
            if self._is_as_it_was(place, heads, known):
                self.summary.unchanged += 1
                self._watch(self.summary)
                continue
            begun.append((place, self._crew.begin(place, heads, before.get(_name(place), ()))))
        self._crew.flush()
        self._take(begun, _with_several_models([*known, *map(_name, batch)]))

    def _take(self, begun: list[tuple[Place, "Future[Collected]"]], alone: frozenset[tuple[str, str]]) -> None:
        """Write down what comes while the rest is still being collected; then rank, and publish."""
        claims: dict[str, list[ClaimRecord]] = {}
        tasks: set[tuple[str, str]] = set()
        for part in _parts(begun):
            done = [(place, found) for place, future in part if (found := self._result(place, future)) is not None]
            for group in _apart(done, alone):
                tasks |= self._replace(group)
            for place, found in done:
                claims.setdefault(place.name.model, []).extend(found.claims)
                tasks |= {(claim.dataset_id, claim.task_id) for claim in found.claims}
        if claims:
            refresh(self._writer, tasks, claims, lambda dataset: self._how.look_up(BenchmarkRef(dataset)))
            self._writer.publish()

    def _events(self, batch: list[Place]) -> dict[tuple[str, str, str], list[EventRecord]]:
        """What the store knows to have happened, by repo."""
        models = tuple(sorted({place.name.model for place in batch}))
        found: dict[tuple[str, str, str], list[EventRecord]] = {}
        for event in self._writer.find(EventRecord, (Condition("model", "in", models),)):
            found.setdefault((event.origin, event.repo, event.model), []).append(event)
        return found

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
        newer = (
            given.verdict.claim.model == name.model and given.at > row.collected_at
            for given in self._how.given.verdicts
        )
        return json.loads(row.heads) == heads.as_data and not any(newer) and name.model not in self._resigned

    def _with_moved_benchmarks(self) -> frozenset[str]:
        """Models with a verdict on a benchmark that has changed since: the verdict may speak of them no longer."""
        known = {task.dataset_id: task.revision for task in self._writer.find(TaskRecord)}
        moved = tuple(dataset for dataset, revision in known.items() if revision != self._revision(dataset, revision))
        if not moved:
            return frozenset()
        return frozenset(
            claim.model
            for column in ("verdict", "receipt")
            for claim in self._writer.find(
                ClaimRecord, (Condition("dataset_id", "in", moved), Condition(column, "is not null"))
            )
        )

    def _with_other_receipts(self, batch: list[Place]) -> Iterator[str]:
        """Models with a receipt that is new, or whose key came, went or ended since."""
        how, models = self._how, frozenset(place.name.model for place in batch)
        known: set[tuple[str, bytes]] = set()
        for row in self._writer.find(ReceiptRecord, (Condition("model", "in", tuple(sorted(models))),)):
            known.add((row.model, row.body.encode()))
            if has_moved(row, how.given.trust, lambda dataset: how.look_up(BenchmarkRef(dataset)), how.now):
                yield row.model
        for file in how.given.about(models).receipts:
            if file.said is not None and (file.said.about[0], file.body) not in known:
                yield file.said.about[0]

    def _revision(self, dataset_id: str, known: str | None) -> str | None:
        found = self._how.look_up(BenchmarkRef(dataset_id))
        return found.revision if isinstance(found, BenchmarkFound) else known

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
        writer.replace(ReceiptRecord, here, chain.from_iterable(each.receipts for each in found))
        return {(claim.dataset_id, claim.task_id) for claim in before}


def _parts(begun: list[tuple[Place, "Future[Collected]"]]) -> Iterator[list[tuple[Place, "Future[Collected]"]]]:
    for at in range(0, len(begun), PART):
        yield begun[at : at + PART]


def _with_several_models(names: Iterable[tuple[str, str, str]]) -> frozenset[tuple[str, str]]:
    """Repos (origin, repo) that are about more than one model."""
    models: dict[tuple[str, str], set[str]] = {}
    for origin, repo, model in names:
        models.setdefault((origin, repo), set()).add(model)
    return frozenset(repo for repo, of in models.items() if len(of) > 1)


def _apart(
    done: list[tuple[Place, Collected]], alone: frozenset[tuple[str, str]]
) -> list[list[tuple[Place, Collected]]]:
    """Groups whose records can be replaced together: of one origin, and each of those in `alone` for itself."""
    together: dict[str, list[tuple[Place, Collected]]] = {}
    single = []
    for place, found in done:
        if (place.name.origin, place.name.repo) in alone:
            single.append([(place, found)])
        else:
            together.setdefault(place.name.origin, []).append((place, found))
    return [*together.values(), *single]


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
