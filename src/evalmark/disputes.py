"""Where what is said of a model disagrees: claims among themselves, with reruns, with what they cite, with the Hub."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evalmark.board import in_unit
from evalmark.record import (
    CardScoreRecord,
    ClaimRecord,
    DisputeKind,
    DisputeRecord,
    HubRowRecord,
    ReceiptRecord,
    digest,
)

_CARD: Final = re.compile(
    r"https?://[^/]+/(?P<model>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?:/(?:blob|raw|resolve)/.*)?/?"
)
_NO_MODELS: Final = ("datasets/", "spaces/", "papers/", "blog/", "docs/")


@dataclass(frozen=True, slots=True)
class Said:
    """All that is said about one model, and the card scores of those that its claims cite."""

    claims: Sequence[ClaimRecord]
    card_scores: Sequence[CardScoreRecord] = ()
    hub_rows: Sequence[HubRowRecord] = ()
    receipts: Sequence[ReceiptRecord] = ()


def disputes(said: Said) -> tuple[DisputeRecord, ...]:
    """Every dispute about a model; the same input gives the same ids."""
    return (
        *_different_values(said.claims),
        *(_contradicted(claim) for claim in said.claims if claim.verdict == "mismatch" and claim.stale is None),
        *_stale(said),
        *_against_cards(said),
        *_against_hub(said),
    )


def cited_model(url: str | None) -> str | None:
    """The model whose card an address is, `owner/name`; None for any other address."""
    match = _CARD.fullmatch(url or "")
    return match["model"] if match and not f"{match['model']}/".startswith(_NO_MODELS) else None


def _different_values(claims: Iterable[ClaimRecord]) -> Iterator[DisputeRecord]:
    groups: defaultdict[tuple[str, str, str], list[ClaimRecord]] = defaultdict(list)
    for claim in claims:
        groups[claim.dataset_id, claim.task_id, claim.variant].append(claim)
    for group in groups.values():
        low, high = min(group, key=_score), max(group, key=_score)
        if not _agree(low, high):
            told = ", ".join(f"{claim.digits} {_where(claim)}" for claim in sorted(group, key=_place))
            yield _dispute("different-values", group, f"one set-up, several scores: {told}", _score(high) - _score(low))


def _contradicted(claim: ClaimRecord) -> DisputeRecord:
    if claim.measured is None:
        return _about(claim, "contradicted", f"{claim.digits} is claimed {_where(claim)}, and a rerun contradicts it")
    message = f"{claim.digits} is claimed {_where(claim)}, and a rerun measured {claim.measured:.4g}"
    return _about(claim, "contradicted", message, abs(claim.value - claim.measured))


def _stale(said: Said) -> Iterator[DisputeRecord]:
    """Verdicts and receipts that speak of a claim no longer; a receipt only if there is none that does."""
    receipts = {each.claim: each for each in sorted(said.receipts, key=_age) if each.state == "stale"}
    for claim in said.claims:
        receipt = receipts.get(claim.id) if claim.receipt == "stale" else None
        if receipt is not None:
            yield _about(claim, "stale-verdict", _told(receipt))
        elif claim.stale:
            yield _about(claim, "stale-verdict", claim.stale)


def _told(receipt: ReceiptRecord) -> str:
    day = f" of {receipt.at:%Y-%m-%d}" if receipt.at is not None else ""
    return (
        f"the receipt {receipt.path}{day}, signed by {receipt.key_name or receipt.key}, is stale: "
        f"{'; '.join(receipt.reasons)}"
    )


def _age(receipt: ReceiptRecord) -> tuple[str, str]:
    return f"{receipt.at:%Y-%m-%dT%H:%M:%S}" if receipt.at is not None else "", receipt.id


def _against_cards(said: Said) -> Iterator[DisputeRecord]:
    """The claim's score is not among those that the cited card gives for the dataset."""
    for claim in said.claims:
        cited = cited_model(claim.source_url)
        told = [
            row
            for row in said.card_scores
            if row.model == cited and row.dataset_id == claim.dataset_id and row.config in (None, claim.task_id)
        ]
        if cited is not None and told and not any(_is_the_same(claim, row.value) for row in told):
            values = ", ".join(f"{row.metric} {row.value:g}" for row in told[:5])
            message = f"{claim.digits} is claimed {_where(claim)}; the card of {cited}, which it cites, says {values}"
            nearest = min(abs(claim.value - row.value) for row in told)
            yield _about(claim, "cited-source", message, nearest)


def _against_hub(said: Said) -> Iterator[DisputeRecord]:
    shown = {(row.dataset_id, row.task_id, row.file, row.pull_request, row.value) for row in said.hub_rows}
    places = {key[:4] for key in shown}
    for claim in said.claims:
        place = (claim.dataset_id, claim.task_id, claim.file, claim.pull_request)
        if claim.origin == "hub" and place in places and (*place, claim.value) not in shown:
            values = ", ".join(f"{key[4]:g}" for key in sorted(shown, key=str) if key[:4] == place)
            message = f"{claim.digits} stands {_where(claim)}, and the Hub shows {values}"
            yield _about(claim, "hub-differs", message)


def _is_the_same(claim: ClaimRecord, value: float) -> bool:
    """Equal as far as the claim's digits go, in either unit where the card's is unknown."""
    slack = _rounding(claim.digits)
    told = {value, in_unit(value, "fraction", "percent"), in_unit(value, "percent", "fraction")}
    return any(abs(claim.value - each) <= slack for each in told)


def _agree(one: ClaimRecord, other: ClaimRecord) -> bool:
    """Whether two scores are one, written with more or fewer digits."""
    if one.unit != other.unit:
        return abs(_score(one) - _score(other)) <= 1e-9
    return abs(one.value - other.value) <= max(_rounding(one.digits), _rounding(other.digits))


def _rounding(digits: str) -> float:
    """Half a unit of the last digit; nothing for whole numbers and powers, whose digits do not tell."""
    _, point, decimals = digits.partition(".")
    return 0.5 * 10.0 ** -len(decimals) * (1 + 1e-9) if point and decimals.isdigit() else 1e-9


def _about(claim: ClaimRecord, kind: DisputeKind, message: str | None, difference: float = 0.0) -> DisputeRecord:
    return _dispute(kind, [claim], message or "", difference)


def _dispute(kind: DisputeKind, claims: Sequence[ClaimRecord], message: str, difference: float) -> DisputeRecord:
    first, ids = claims[0], sorted(claim.id for claim in claims)
    return DisputeRecord(
        id=digest(kind, ids, message),
        kind=kind,
        model=first.model,
        dataset_id=first.dataset_id,
        task_id=first.task_id,
        variant=first.variant,
        claims=ids,
        message=message,
        difference=difference,
    )


def _where(claim: ClaimRecord) -> str:
    place = f"in {claim.file}" + ("" if claim.origin == "hub" else f" of {claim.repo}")
    return f"{place} of pull request {claim.pull_request}" if claim.pull_request is not None else place


def _score(claim: ClaimRecord) -> float:
    """For comparison among claims: of those whose unit is known, in percent."""
    return in_unit(claim.value, claim.unit, "percent")


def _place(claim: ClaimRecord) -> tuple[object, ...]:
    return claim.pull_request or 0, claim.file, claim.position
