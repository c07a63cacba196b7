"""Which verdicts are about which claim, whether they still speak of it, and what happened by them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

from evalmark.formats.variants import usual_notes
from evalmark.freshness import Today, why_stale
from evalmark.history import Standing
from evalmark.record import EventKind, EventRecord, VerdictRecord, digest
from evalmark.verdict import Answer, Verdict

WeightsAt: TypeAlias = Callable[[str], str | None]
KINDS: Final[Mapping[Answer, EventKind]] = {
    Answer.VERIFIED: "verified",
    Answer.MISMATCH: "contradicted",
    Answer.INCONCLUSIVE: "inconclusive",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it was found: when it was given, by whom, and its JSON."""

    verdict: Verdict
    at: datetime
    by: str
    body: str

    @property
    def about(self) -> tuple[str, str, str, str]:
        """Model, benchmark, task and variant."""
        claim = self.verdict.claim
        return claim.model, claim.dataset_id, claim.task_id, usual_notes(claim.notes)


class Told(NamedTuple):
    """That somebody gave a verdict: what becomes an event."""

    answer: Answer
    at: datetime
    by: str
    commit: str
    digits: str
    measured: float | None
    detail: str
    body: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A verdict on a claim; `stale` says why it speaks of it no longer."""

    given: Given
    stale: str | None

    @property
    def told(self) -> Told:
        """That it was given."""
        verdict, claim = self.given.verdict, self.given.verdict.claim
        return Told(
            verdict.verdict, self.given.at, self.given.by, claim.model_revision, claim.digits, verdict.measured,
            verdict.reason, self.given.body,
        )  # fmt: skip


def attached(
    standing: Standing, model: str, given: Iterable[Given], values: frozenset[str], today: Today, weights_at: WeightsAt
) -> tuple[Attached, ...]:
    """The verdicts on a claim, oldest first. `values`: all that it has ever said, as written.

    A verdict on another score of the same set-up, of another file or pull request, is not about this claim.
    """
    entry = standing.entry.entry
    about = (model, entry.dataset.id, entry.dataset.task_id, usual_notes(entry.notes))
    ours = [each for each in given if each.about == about and each.verdict.claim.digits in values]
    weights = ((each, weights_at(each.verdict.claim.model_revision)) for each in ours)
    found = [Attached(each, why_stale(each.verdict, then, today)) for each, then in weights]
    return tuple(sorted(found, key=lambda each: each.given.at))


def records(claim: str, found: Iterable[Attached]) -> Iterator[VerdictRecord]:
    """The verdicts on a claim, for the store."""
    for each in found:
        verdict = each.given.verdict
        yield VerdictRecord(
            id=digest(each.given.body, claim),
            claim=claim,
            model=verdict.claim.model,
            dataset_id=verdict.claim.dataset_id,
            task_id=verdict.claim.task_id,
            digits=verdict.claim.digits,
            verdict=verdict.verdict.value,
            rung=verdict.rung.value,
            at=each.given.at,
            by=each.given.by,
            stale=each.stale,
            body=each.given.body,
        )


def verdict_events(of: EventRecord, found: Iterable[Told]) -> Iterator[EventRecord]:
    """What happened to a claim by its verdicts, in order of time; `of` is any event of it."""
    verified = False
    for each in found:
        kind = KINDS.get(each.answer)
        if kind is None:
            continue
        if kind == "verified":
            kind, verified = ("re-verified" if verified else "verified"), True
        yield EventRecord(
            id=digest(of.claim, kind, each.body), at=each.at, kind=kind, claim=of.claim, model=of.model,
            dataset_id=of.dataset_id, task_id=of.task_id, variant=of.variant, pull_request=of.pull_request,
            by=each.by, commit=each.commit, old=each.digits,
            new=None if each.measured is None else f"{each.measured:.6g}", detail=each.detail, file=of.file,
            origin=of.origin, repo=of.repo, gone=False,
        )  # fmt: skip
