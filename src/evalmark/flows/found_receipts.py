"""Receipts that were found: to which claim each belongs, and what is known of it."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from evalmark.errors import MissingExtra
from evalmark.facts import BenchmarkFound, BenchmarkMissing
from evalmark.flows.receipts import check
from evalmark.keyring import TrustedKey, by_id, keys_of
from evalmark.ports import Opener
from evalmark.ports.places import LARGEST_RECEIPT
from evalmark.receipt import ClaimToday, NotAReceipt, Receipt, canonical_value, read_statement, strict_json
from evalmark.record import ReceiptRecord, digest
from evalmark.trust import State

UNCHECKED: Final = "unchecked"
BEST_FIRST: Final = (State.VALID.value, State.STALE.value, UNCHECKED, State.UNTRUSTED.value, State.INVALID.value)
VOUCHED_FOR: Final = (State.VALID.value, State.STALE.value)
Source: TypeAlias = Literal["repo", "dataset", "folder"]
Benchmark: TypeAlias = BenchmarkFound | BenchmarkMissing


class Said(NamedTuple):
    """What a receipt says, before anybody has looked at who signed it: good for finding its claim, and no more."""

    key: str
    receipt: Receipt

    @property
    def about(self) -> tuple[str, str, str, str]:
        """Model, benchmark, task and variant."""
        claim = self.receipt.claim
        return claim.model, claim.dataset_id, claim.task_id, claim.variant


class Where(NamedTuple):
    """Where a receipt lies."""

    source: Source
    holder: str
    path: str
    commit: str | None = None
    pull_request: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A file that should hold a receipt."""

    body: bytes
    where: Where
    said: Said | None

    def is_about(self, about: tuple[str, str, str, str], values: frozenset[str]) -> bool:
        """Whether it is about a claim that has said one of these values, as numbers are written in receipts."""
        return self.said is not None and self.said.about == about and self.said.receipt.claim.value in values


def receipt_file(body: bytes, where: Where) -> ReceiptFile:
    """Read a file, believing nothing."""
    return ReceiptFile(body, where, _said(body) if len(body) <= LARGEST_RECEIPT else None)


def _said(body: bytes) -> Said | None:
    try:
        envelope = strict_json(body)
        payload = base64.b64decode(envelope["payload"], validate=True)
        return Said(str(envelope["signatures"][0]["keyid"])[:64], read_statement(payload))
    except (NotAReceipt, ValueError, TypeError, LookupError):
        return None


def as_in_receipts(values: frozenset[str]) -> frozenset[str]:
    """Scores as receipts write them; what is no decimal number is left out."""
    return frozenset(_canonical(values))


def _canonical(values: frozenset[str]) -> list[str]:
    found = []
    for value in values:
        try:
            found.append(canonical_value(value))
        except ValueError:
            continue
    return found


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signatures are believed, and what checks them: without that, nothing is checked."""

    opener: Opener | None = None
    keys: tuple[TrustedKey, ...] = ()

    def keys_for(self, benchmark: Benchmark) -> tuple[TrustedKey, ...]:
        """A benchmark's own keys are believed for claims on that benchmark."""
        declared = keys_of(benchmark.declaration) if isinstance(benchmark, BenchmarkFound) else ()
        return (*self.keys, *declared)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A receipt and what is known of it. `receipt` is there only if a key that is or was trusted vouches for it."""

    file: ReceiptFile
    state: str
    reasons: tuple[str, ...] = ()
    receipt: Receipt | None = None
    key: TrustedKey | None = None

    @property
    def vouched(self) -> tuple[Receipt, TrustedKey] | None:
        """The receipt and its key, if a key that is trusted signed it, however much has changed since."""
        if self.state not in VOUCHED_FOR or self.receipt is None or self.key is None:
            return None
        return self.receipt, self.key


def look(
    file: ReceiptFile, trust: Trust, benchmark: Benchmark | None, now: datetime, today: ClaimToday | str | None = None
) -> LookedAt:
    """Check a receipt. `benchmark`: the one of the claim that it is about; `today`: that claim, as in `check`."""
    if trust.opener is None:
        return LookedAt(file, UNCHECKED, (MissingExtra("sign", "sync").message,))
    keys = trust.keys_for(benchmark) if benchmark is not None else trust.keys
    if _may_be_trusted(file, keys, benchmark):
        reason = "whether the benchmark trusts the key that signed it is not known, for the benchmark is out of reach"
        return LookedAt(file, UNCHECKED, (reason,))
    done = check(file.body, trust.opener, keys, now, today)
    return LookedAt(file, done.state.value, done.reasons, done.receipt, done.key)


def _may_be_trusted(file: ReceiptFile, keys: tuple[TrustedKey, ...], benchmark: Benchmark | None) -> bool:
    """By a key that is not known, for a benchmark that could not be asked whether it trusts it."""
    out_of_reach = isinstance(benchmark, BenchmarkMissing) and not benchmark.surely
    return out_of_reach and file.said is not None and by_id(keys, file.said.key) is None


def look_alone(file: ReceiptFile, trust: Trust, now: datetime, model: str) -> LookedAt:
    """Check a receipt that belongs to no claim of the model."""
    found = look(file, trust, None, now)
    if found.state != State.VALID.value or found.receipt is None:
        return found
    about = found.receipt.claim.model
    reason = "no claim of the model says this" if about == model else f"it is about another model, {about}"
    return LookedAt(file, State.STALE.value, (reason,), found.receipt, found.key)


class Holder(NamedTuple):
    """The repo that was collected when a receipt was found, and the claim that it is about, if there is one."""

    model: str
    origin: str
    repo: str
    claim: str | None = None


def receipt_record(found: LookedAt, held: Holder) -> ReceiptRecord:
    """A receipt for the store."""
    said, where, receipt = found.file.said, found.file.where, found.receipt
    body = found.file.body.decode("utf-8", "replace")
    result, by = (receipt.result, receipt.by) if receipt else (None, None)
    return ReceiptRecord(
        id=digest(body, held.claim or [held.origin, held.repo, held.model]),
        claim=held.claim,
        claim_digest=said.receipt.claim.digest if said else None,
        model=held.model,
        origin=held.origin,
        repo=held.repo,
        source=where.source,
        holder=where.holder,
        path=where.path,
        commit=where.commit,
        pull_request=where.pull_request,
        state=found.state,
        reasons=list(found.reasons),
        verdict=result.verdict.value if result else None,
        rung=result.rung.value if result else None,
        at=by.at if by else None,
        by=by.name if by else None,
        key=found.key.id if found.key else said.key if said else None,
        key_name=(found.key.name or None) if found.key else None,
        model_revision=receipt.model.revision if receipt else None,
        benchmark_revision=receipt.benchmark.revision if receipt else None,
        identity_proved=receipt is not None and receipt.model.identity_proved,
        body=body,
    )


def kept_file(row: ReceiptRecord) -> ReceiptFile:
    """The file that a record was made from."""
    source: Mapping[str, Source] = {"dataset": "dataset", "folder": "folder"}
    where = Where(source.get(row.source, "repo"), row.holder, row.path, row.commit, row.pull_request)
    return receipt_file(row.body.encode(), where)


def has_moved(row: ReceiptRecord, trust: Trust, benchmark_of: Callable[[str], Benchmark], now: datetime) -> bool:
    """Whether a receipt is believed now and was not at the last sync, or the other way: a key came, went or ended."""
    file = kept_file(row)
    if row.claim is None or file.said is None:
        return (look_alone(file, trust, now, row.model)).state != row.state
    state = look(file, trust, benchmark_of(file.said.receipt.claim.dataset_id), now).state
    return (state in VOUCHED_FOR) != (row.state in VOUCHED_FOR) or (state not in VOUCHED_FOR and state != row.state)
