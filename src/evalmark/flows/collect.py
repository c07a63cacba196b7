"""One repo, collected: its claims as they stand, everything that happened to them, and what is wrong with its files."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeAlias

from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, RefusedFile, ShownScore
from evalmark.finding import Finding
from evalmark.flows.attach import KINDS, WeightsAt, attached, records, verdict_events
from evalmark.flows.check import check
from evalmark.flows.claim_records import Around, claim_record
from evalmark.flows.found_receipts import Holder, look_alone, receipt_record
from evalmark.flows.histories import repo_history
from evalmark.flows.proofs import Brought, Proved
from evalmark.flows.receipts_here import Receipts, receipts_here
from evalmark.formats.card import LARGEST_CARD
from evalmark.formats.model_card import ModelCard, read_model_card
from evalmark.formats.parse_results import Parse, parse_results
from evalmark.freshness import Today
from evalmark.history import Heads, RepoHistory, Standing, Story, Version, in_time, observed, story
from evalmark.ports import Commits, Place
from evalmark.record import (
    CardScoreRecord,
    ClaimRecord,
    EventRecord,
    FindingRecord,
    HubRowRecord,
    ModelRecord,
    ReceiptRecord,
    VerdictRecord,
)

MOST_REMEMBERED: Final = 1000
"""Files whose entries are kept while one repo is read: a version and the next have most of them in common."""
LookUp: TypeAlias = Callable[[BenchmarkRef], BenchmarkFound | BenchmarkMissing]
_BY_VERDICT: Final = frozenset({*KINDS.values(), "re-verified"})


@dataclass(frozen=True, slots=True)
class Collected:
    """The records of one repo."""

    model: ModelRecord
    claims: tuple[ClaimRecord, ...] = ()
    events: tuple[EventRecord, ...] = ()
    verdicts: tuple[VerdictRecord, ...] = ()
    findings: tuple[FindingRecord, ...] = ()
    card_scores: tuple[CardScoreRecord, ...] = ()
    hub_rows: tuple[HubRowRecord, ...] = ()
    receipts: tuple[ReceiptRecord, ...] = ()

    @property
    def tells_of_model(self) -> bool:
        """Whether the repo has a card with scores."""
        return bool(self.card_scores)


def collect(
    place: Place, now: Heads, look_up: LookUp, given: Brought, before: Iterable[EventRecord], at: datetime
) -> Collected:
    """Collect a repo. `before`: the events that the store has of it; `at`: the time now.

    Raises what the place raises. A bad file is a finding, and hides nothing else.
    """
    return _Collector(place, now, look_up, given, tuple(before), at).collect()


@dataclass(frozen=True, slots=True)
class _Collector:
    place: Place
    now: Heads
    look_up: LookUp
    given: Brought
    before: tuple[EventRecord, ...]
    at: datetime
    parse: Parse = field(default_factory=lambda: lru_cache(MOST_REMEMBERED)(parse_results))

    def collect(self) -> Collected:
        place, commits = self.place, self.place.commits()
        name, tip = place.name, self.now.refs.get(place.name.main)
        history, told = self._told(commits)
        card = self._card(commits, tip)
        shown = place.shown()
        weights = commits.weights(tip) if commits is not None and tip is not None else None
        model = ModelRecord(
            model=name.model, owner=name.model.partition("/")[0], origin=name.origin, repo=name.repo, revision=tip,
            heads=json.dumps(self.now.as_data, sort_keys=True), base_model=card.base_model,
            base_relation=card.base_relation, parameters=place.parameters(), weights=weights, collected_at=self.at,
        )  # fmt: skip
        around = Around(model, self.now.refs, shown)
        claims: list[ClaimRecord] = []
        verdicts: list[VerdictRecord] = []
        receipts = Receipts((*receipts_here(place, commits, self.now), *self.given.receipts), self.given.trust, self.at)
        signed: list[ReceiptRecord] = []
        events = [*told.events]
        for standing in told.standing:
            found = self._proved(standing, told.events, commits, (weights, receipts))
            claims.append(claim_record(standing, around, self._benchmark(standing), found))
            verdicts += records(standing.id, found.verdicts)
            held = Holder(name.model, name.origin, name.repo, standing.id)
            signed += [receipt_record(each, held) for each in found.receipts]
            first = next(event for event in told.events if event.claim == standing.id)
            events += verdict_events(first, found.told)
        alone = Holder(name.model, name.origin, name.repo)
        signed += [
            receipt_record(look_alone(each, self.given.trust, self.at, name.model), alone) for each in receipts.left
        ]
        return Collected(
            model,
            tuple(claims),
            in_time(events),
            tuple(verdicts),
            tuple(self._findings(history)),
            tuple(_card_scores(name.model, card)),
            tuple(_hub_rows(name.model, shown)),
            tuple(signed),
        )

    def _told(self, commits: Commits | None) -> tuple[RepoHistory, Story]:
        """The history, with what the store knows of commits that have been pushed away since."""
        name = self.place.name
        if commits is None:
            history = RepoHistory(name.origin, name.repo, name.model, (Version(self.place.files(), None, self.at),))
            return history, observed(story(history, self.parse), self._known(), self.at)
        history = repo_history(name, commits, self.now, self.place.ending)
        told = story(history, self.parse)
        fresh = {event.id for event in told.events}
        older = [event for event in self._known() if event.id not in fresh and event.commit is not None]
        lost = commits.lost(frozenset(event.commit for event in older if event.commit is not None))
        gone = [replace(event, gone=True) for event in older if event.commit in lost]
        return history, Story(in_time([*told.events, *gone]), told.standing)

    def _known(self) -> list[EventRecord]:
        return [event for event in self.before if event.kind not in _BY_VERDICT]

    def _card(self, commits: Commits | None, tip: str | None) -> ModelCard:
        readme = commits.file(tip, "README.md", LARGEST_CARD) if commits is not None and tip is not None else None
        return read_model_card(readme or b"")

    def _proved(
        self,
        standing: Standing,
        events: Iterable[EventRecord],
        commits: Commits | None,
        known: tuple[str | None, Receipts],
    ) -> Proved:
        """`known`: the weights now, and all receipts."""
        entry, (weights, receipts) = standing.entry.entry, known
        values = frozenset(event.new for event in events if event.claim == standing.id and event.new is not None)
        benchmark = self._benchmark(standing)
        revision = benchmark.revision if isinstance(benchmark, BenchmarkFound) else None
        today = Today(standing.entry.value_text, entry.dataset.revision, revision, weights)
        weights_at: WeightsAt = commits.weights if commits is not None else _unknown
        model = self.place.name.model
        verdicts = attached(standing, model, self.given.verdicts, values, today, weights_at)
        return Proved(verdicts, receipts.on(standing, model, values, today, benchmark), standing.pull_request)

    def _benchmark(self, standing: Standing) -> BenchmarkFound | BenchmarkMissing:
        """As it is now: which commit the claim names is another matter."""
        return self.look_up(BenchmarkRef(standing.entry.entry.dataset.id))

    def _findings(self, history: RepoHistory) -> Iterator[FindingRecord]:
        main = dict(history.main[-1].files) if history.main else {}
        yield from self._in_files(main, None)
        for pull in history.pulls:
            if pull.state == "open" and pull.versions:
                files = pull.versions[-1].files
                changed = {path: data for path, data in files.items() if main.get(path) != data}
                yield from self._in_files(changed, pull.number)

    def _in_files(self, files: Mapping[str, bytes], number: int | None) -> Iterator[FindingRecord]:
        today: date = self.at.date()
        for finding in check(files, today, parse=self.parse):
            yield self._finding(finding, number)

    def _finding(self, finding: Finding, number: int | None) -> FindingRecord:
        name, where = self.place.name, finding.place
        return FindingRecord(
            origin=name.origin, repo=name.repo, pull_request=number, path=where.path, line=where.line,
            column=where.column, rule=finding.rule, severity=finding.severity.value, message=finding.message,
        )  # fmt: skip


def _unknown(_commit: str) -> None:
    """Outside git nobody knows what the weights once were."""


def _card_scores(model: str, card: ModelCard) -> Iterator[CardScoreRecord]:
    for score in card.scores:
        yield CardScoreRecord(
            model=model, dataset_id=score.dataset_id, config=score.config, metric=score.metric, value=score.value
        )


def _hub_rows(model: str, shown: Iterable[ShownScore | RefusedFile]) -> Iterator[HubRowRecord]:
    for row in shown:
        if isinstance(row, ShownScore):
            yield HubRowRecord(
                dataset_id=row.dataset_id, task_id=row.task_id, model=model, rank=None, value=row.value, file=row.path,
                verified=row.verified, pull_request=row.pull_request,
            )  # fmt: skip
