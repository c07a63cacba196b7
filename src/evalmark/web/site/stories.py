"""The story of a claim: what happened to it, from its submission to the receipt, in order of time."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from evalmark.record import EventRecord, VerdictRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site.places import Hosts, Link

_FROM_VERDICT: Final = {"verified", "re-verified", "contradicted", "inconclusive"}
_SIGNS: Final[Mapping[str, tuple[str, str]]] = {
    "submitted": ("claimed", "+"),
    "amended": ("claimed", "±"),
    "withdrawn": ("stale", "−"),
    "merged": ("claimed", "⇥"),
    "closed": ("stale", "⊘"),
    "verified": ("verified", "✓"),
    "re-verified": ("verified", "✓"),
    "contradicted": ("contradicted", "✗"),
    "inconclusive": ("inconclusive", "≈"),
}
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened."""

    kind: str
    symbol: str
    title: str
    when: str
    instant: str
    by: str
    old: str
    new: str
    detail: str
    links: tuple[Link, ...]
    gone: bool = False
    model: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verdict says beside its numbers."""

    reason: str
    advice: str
    facts: tuple[tuple[str, str], ...]


def story(events: Iterable[EventRecord], verdicts: Iterable[VerdictRecord], hosts: Hosts) -> tuple[Step, ...]:
    """Events and verdicts in order of time; a verdict that is also an event is told once, by the verdict."""
    verdicts = tuple(verdicts)
    told = {each.at for each in verdicts}
    kept = [each for each in events if not (each.kind in _FROM_VERDICT and each.at in told)]
    steps = [(each.at or _EARLIEST, step_of(each, hosts)) for each in kept]
    steps += [(each.at, _of_verdict(each)) for each in verdicts]
    return tuple(step for _, step in sorted(steps, key=lambda pair: pair[0]))


def step_of(event: EventRecord, hosts: Hosts) -> Step:
    """An event."""
    kind, symbol = _SIGNS.get(event.kind, ("claimed", "·"))
    return Step(
        kind=kind,
        symbol=symbol,
        title=words.EVENTS.get(event.kind, plain(event.kind, 40)),
        when=words.minute(event.at) or "at a time that nobody tells",
        instant=words.instant(event.at) if event.at else "",
        by=plain(event.by, 60),
        old=plain(event.old or "", 40),
        new=plain(event.new or "", 40),
        detail=plain(event.detail, 300),
        links=hosts.of_event(event),
        gone=event.gone,
        model=event.model,
        claim=event.claim,
    )


def _of_verdict(verdict: VerdictRecord) -> Step:
    standing = words.STANDINGS.get(verdict.verdict, words.CLAIMED)
    said = read_proof(verdict.body)
    return Step(
        kind=standing.kind,
        symbol=standing.symbol,
        title=standing.word,
        when=words.minute(verdict.at),
        instant=words.instant(verdict.at),
        by=plain(verdict.by, 60),
        old="",
        new=plain(verdict.digits, 40),
        detail=said.reason if said else "",
        links=(),
        gone=False,
    )


_FACTS: Final = (
    ("Ran", ("run", "model")),
    ("at revision", ("run", "model_revision")),
    ("Identity of the model", ("run", "identity")),
    ("Task", ("run", "task")),
    ("Benchmark at revision", ("run", "dataset_revision")),
    ("Scorer", ("run", "scorer")),
    ("Grader", ("run", "grader")),
    ("Settings from", ("run", "settings_from")),
    ("Difference", ("difference",)),
    ("Same within ±", ("margin_verified",)),
    ("Different beyond ±", ("margin_mismatch",)),
    ("Margins from", ("margin_from",)),
    ("Chance of a wrong verdict", ("alpha",)),
    ("p-value", ("p_value",)),
    ("Samples without a score", ("samples_unscored",)),
    ("Decided after samples", ("decided_after",)),
    ("Platform", ("run", "platform")),
)


def read_proof(body: str) -> Proof | None:
    """What the verdict's JSON says, as far as it says it; None if it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    facts = [(name, text) for name, path in _FACTS if (text := _text(_at(found, path)))]
    versions = _at(found, ("run", "versions"))
    if isinstance(versions, dict):
        facts.append(("Versions", ", ".join(f"{plain(str(k), 40)} {plain(str(v), 40)}" for k, v in versions.items())))
    return Proof(_text(found.get("reason")), _text(found.get("advice")), tuple(facts))


def _at(found: Any, path: Iterable[str]) -> Any:
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return plain(str(value), 300) if isinstance(value, str | int) else ""
