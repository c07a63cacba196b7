"""A claim as a row of a table: everything that a template shows, as harmless text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from evalmark.board import RankedClaim, in_unit
from evalmark.record import ClaimRecord, TaskRecord
from evalmark.report import words
from evalmark.report.escape import plain
from evalmark.web.site import addresses
from evalmark.web.site.places import Hosts, Link, source

WIDTH: Final = 160
_EDGE: Final = 6
HasPage = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Span:
    """Where the scores of a board lie: both ends of every drawn interval of it."""

    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a score is drawn, from 0 to `WIDTH`."""
        width = self.high - self.low
        share = (value - self.low) / width if width > 0 else 0.5
        return round(_EDGE + min(max(share, 0.0), 1.0) * (WIDTH - 2 * _EDGE), 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """An interval to draw: the claimed score, what was measured and between which ends; and the same in words."""

    claimed: float
    measured: float | None
    low: float | None
    high: float | None
    words: str
    short: str


@dataclass(frozen=True, slots=True)
class Row:
    """What a row shows."""

    id: str
    rank: str
    model: str
    owner: str
    name: str
    model_address: str
    address: str
    variant: str
    size: str
    base: str
    base_address: str
    score: str
    standing: words.Standing
    why: str
    evidence: str
    drawing: Drawing
    source: Link | None
    changed: str
    author: str
    pull_request: Link | None
    verified_by: str
    verified_on: str
    token: bool
    hub_verified: bool
    served: bool
    signed_by: str
    receipt: str


def make_row(row: RankedClaim, task: TaskRecord, span: Span, hosts: Hosts, has_page: HasPage) -> Row:
    """A row of a board."""
    claim = row.claim
    owner, _, name = plain(claim.model, 120).rpartition("/")
    return Row(
        id=plain(claim.id, 40),
        rank=rank(row),
        model=plain(claim.model, 120),
        owner=owner,
        name=name,
        model_address=addresses.model(claim.model),
        address=claim_address(claim, has_page),
        variant=plain(claim.variant, 80),
        size=words.size(claim.parameters),
        base=plain(claim.base_model or "", 80),
        base_address=addresses.model(claim.base_model) if claim.base_model else "",
        score=words.score(claim, task.unit),
        standing=words.standing(claim),
        why=plain(claim.stale or ""),
        evidence=words.evidence(claim),
        drawing=draw(claim, task.unit, span),
        source=source(claim.source_url, claim.source_name),
        changed=words.day(claim.changed_at),
        author=plain(claim.author, 60),
        pull_request=hosts.pull_request(claim.origin, claim.repo, claim.pull_request),
        verified_by=plain(claim.verified_by or "", 60),
        verified_on=words.day(claim.verified_at),
        token=claim.verify_token,
        hub_verified=claim.hub_verified,
        served=claim.measured is not None and not claim.identity_proved,
        signed_by=plain(claim.signed_by or "", 60),
        receipt=words.receipt_note(claim),
    )


def rank(row: RankedClaim) -> str:
    """`3`, `3=` for one of several, or nothing for a contradicted claim."""
    return "" if row.rank is None else f"{row.rank}{'=' if row.tied else ''}"


def claim_address(claim: ClaimRecord, has_page: HasPage) -> str:
    """The claim's own page, or its place on the model's page."""
    if has_page(claim.id):
        return addresses.claim(claim.id)
    return f"{addresses.model(claim.model)}#claim-{addresses.slug(claim.id)}"


def draw(claim: ClaimRecord, unit: str | None, span: Span) -> Drawing:
    """Claimed against measured, with the interval."""
    claimed = in_unit(claim.value, claim.unit, unit)
    measured, ends = words.measured(claim, unit), words.interval(claim, unit)
    said, short = f"claimed {words.score(claim, unit)}", ""
    if measured is not None:
        short = words.number(measured, unit)
        said += f", measured {words.with_unit(short, unit)}"
    if ends is not None:
        low, high = (words.number(end, unit) for end in ends)
        short += f" ({low} – {high})"
        said += f", interval {low} to {high}"
    return Drawing(
        claimed=span.x(claimed),
        measured=None if measured is None else span.x(measured),
        low=None if ends is None else span.x(ends[0]),
        high=None if ends is None else span.x(ends[1]),
        words=said,
        short=short,
    )
