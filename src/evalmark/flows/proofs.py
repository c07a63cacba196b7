"""All that speaks for or against a claim: verdicts and receipts together, and which of them counts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from evalmark.flows.attach import Attached, Given, Told
from evalmark.flows.found_receipts import BEST_FIRST, VOUCHED_FOR, LookedAt, ReceiptFile, Trust
from evalmark.formats.declaration import Unit
from evalmark.keyring import TrustedKey
from evalmark.receipt import Receipt
from evalmark.verdict import Answer, Rung

_Run: TypeAlias = tuple[Answer, float | None, int, str]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a sync has beside the repos: verdicts, receipts, and whose signatures are believed."""

    verdicts: tuple[Given, ...] = ()
    receipts: tuple[ReceiptFile, ...] = ()
    trust: Trust = field(default_factory=Trust)

    def about(self, models: frozenset[str]) -> "Brought":
        """What of it is about these models."""
        verdicts = tuple(each for each in self.verdicts if each.verdict.claim.model in models)
        receipts = tuple(each for each in self.receipts if each.said and each.said.receipt.claim.model in models)
        return Brought(verdicts, receipts, self.trust)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verdict says of a claim, by whatever it came."""

    answer: Answer
    rung: Rung
    at: datetime
    by: str
    stale: str | None
    unit: Unit | None
    measured: float | None
    interval: tuple[float, float] | None
    samples: tuple[int | None, int | None]
    identity_proved: bool
    signed_by: str | None = None

    @property
    def contradicts(self) -> bool:
        """Whether the claim is wrong, as far as is known."""
        return self.stale is None and self.answer is Answer.MISMATCH


@dataclass(frozen=True, slots=True)
class Proved:
    """The verdicts on a claim, oldest first, and its receipts."""

    verdicts: tuple[Attached, ...] = ()
    receipts: tuple[LookedAt, ...] = ()
    pull_request: int | None = None
    """The one that makes the claim."""

    @property
    def counts(self) -> Proof | None:
        """The newest that still speaks of the claim; else the newest."""
        signed = {_run_of(each.receipt) for each in self.receipts if each.state == BEST_FIRST[0] and each.receipt}
        # A receipt tells a verdict that is known also as a file, and has a signature beside.
        plain = [_of_verdict(each) for each in self.verdicts if _run(each) not in signed]
        found = sorted([*plain, *(_of_receipt(each) for each in self._vouched)], key=lambda each: each.at)
        return next((each for each in reversed(found) if each.stale is None), found[-1] if found else None)

    @property
    def receipt(self) -> str | None:
        """The best state of its receipts. An open pull request of somebody else can bring proof, and no doubt."""
        states = {
            each.state
            for each in self.receipts
            if each.state in VOUCHED_FOR or each.file.where.pull_request in (None, self.pull_request)
        }
        return next((state for state in BEST_FIRST if state in states), None)

    @property
    def told(self) -> list[Told]:
        """What happened to the claim, in order of time. A verdict that a receipt tells too is told once."""
        known = {_run(each) for each in self.verdicts}
        signed = [_told(each) for each in self._vouched if _run_of(each.receipt) not in known]
        return sorted([*(each.told for each in self.verdicts), *signed], key=lambda each: each.at)

    @property
    def _vouched(self) -> list["_Vouched"]:
        return list(_vouched(self.receipts))


@dataclass(frozen=True, slots=True)
class _Vouched:
    receipt: Receipt
    key: TrustedKey
    stale: str | None
    body: str


def _vouched(receipts: Sequence[LookedAt]) -> Iterator[_Vouched]:
    for each in receipts:
        if each.vouched is not None:
            yield _Vouched(*each.vouched, "; ".join(each.reasons) or None, each.file.body.decode("utf-8", "replace"))


def signer(key: TrustedKey) -> str:
    """Who that is: the name that those give who trust it, else its id."""
    return key.name or f"key {key.id}"


def by_claim(files: Iterable[ReceiptFile]) -> dict[tuple[str, str, str, str], list[ReceiptFile]]:
    """Files by what they say that they are about; the same content once, where it was found first."""
    found: dict[tuple[str, str, str, str], dict[bytes, ReceiptFile]] = {}
    for file in files:
        if file.said is not None:
            found.setdefault(file.said.about, {}).setdefault(file.body, file)
    return {about: list(group.values()) for about, group in found.items()}


def _of_verdict(each: Attached) -> Proof:
    verdict = each.given.verdict
    return Proof(
        verdict.verdict,
        verdict.rung,
        each.given.at,
        each.given.by,
        each.stale,
        verdict.unit,
        verdict.measured,
        verdict.interval,
        (verdict.samples_used, verdict.samples_total),
        verdict.run is not None and verdict.run.identity.proved,
    )


def _of_receipt(each: _Vouched) -> Proof:
    receipt, result = each.receipt, each.receipt.result
    return Proof(
        result.verdict,
        result.rung,
        receipt.by.at,
        receipt.by.name,
        each.stale,
        None if receipt.claim.unit == "unknown" else receipt.claim.unit,
        result.measured,
        result.interval,
        (result.samples_used, result.samples_total),
        receipt.model.identity_proved,
        signer(each.key) if each.stale is None else None,
    )


def _told(each: _Vouched) -> Told:
    receipt = each.receipt
    return Told(
        receipt.result.verdict, receipt.by.at, receipt.by.name, receipt.model.revision, receipt.claim.value,
        receipt.result.measured, f"receipt signed by {signer(each.key)}", each.body,
    )  # fmt: skip


def _run(each: Attached) -> _Run | None:
    verdict = each.given.verdict
    run = verdict.run
    if run is None:
        return None
    return verdict.verdict, verdict.measured, run.shuffle_seed, verdict.claim.model_revision


def _run_of(receipt: Receipt) -> _Run:
    return receipt.result.verdict, receipt.result.measured, receipt.run.order_seed, receipt.model.revision
