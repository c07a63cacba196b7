"""Checking a receipt: signed by whom, when, about what; and whether that still is so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from evalmark.board import RUNGS
from evalmark.keyring import TrustedKey
from evalmark.ports import Opener
from evalmark.receipt import ClaimToday, NotAReceipt, Receipt, UnknownKey, changes, read_statement
from evalmark.trust import Checked, State
from evalmark.verdict import Answer, Rung


@dataclass(frozen=True, slots=True)
class Policy:
    """What somebody asks of a receipt. `keys`: ids or names, one of which must have signed; none: any trusted key."""

    min_rung: Rung = Rung.SAMPLED
    keys: frozenset[str] = frozenset()
    max_age: timedelta | None = None
    accept_served: bool = False


def check(
    text: bytes,
    opener: Opener,
    keys: Iterable[TrustedKey],
    now: datetime,
    today: ClaimToday | str | None = None,
    log_sha256: str | None = None,
) -> Checked:
    """Check a receipt.

    `today`: the claim as it stands, or why it does not any more; `log_sha256`: of a log that it should name.
    """
    try:
        signed = opener(text, keys)
        receipt = read_statement(signed.payload)
    except UnknownKey as problem:
        return Checked(State.UNTRUSTED, reasons=(str(problem),))
    except NotAReceipt as problem:
        return Checked(State.INVALID, reasons=(str(problem),))
    refused = signed.key.refuses(receipt.by.at, now)
    if refused is not None:
        return Checked(State.UNTRUSTED, receipt, signed.key, (refused,))
    if log_sha256 is not None and log_sha256 not in {log.sha256 for log in receipt.run.logs}:
        return Checked(State.INVALID, receipt, signed.key, ("the log is not one that the receipt names",))
    reasons = _changes(receipt, today)
    return Checked(State.STALE if reasons else State.VALID, receipt, signed.key, reasons)


def _changes(receipt: Receipt, today: ClaimToday | str | None) -> tuple[str, ...]:
    if today is None:
        return ()
    return (today,) if isinstance(today, str) else tuple(changes(receipt, today))


def unmet(checked: Checked, policy: Policy, now: datetime) -> tuple[str, ...]:
    """Why a receipt is not what is asked for, each in a sentence; nothing if it is."""
    if checked.state is not State.VALID or checked.receipt is None or checked.key is None:
        reasons = checked.reasons or ("it was not read",)
        return tuple(f"the receipt is {checked.state.value}: {reason}" for reason in reasons)
    return tuple(_unmet(checked.receipt, checked.key, policy, now))


def _unmet(receipt: Receipt, key: TrustedKey, policy: Policy, now: datetime) -> Iterator[str]:
    result = receipt.result
    if result.verdict is not Answer.VERIFIED:
        yield f"its verdict is {result.verdict.value}, not verified"
    if RUNGS.index(result.rung.value) < RUNGS.index(policy.min_rung.value):
        yield f"its evidence is {result.rung.value}, and {policy.min_rung.value} is asked for"
    if policy.keys and not policy.keys & {key.id, key.name, key.key}:
        yield f"it is signed by {key.name or key.id}, not by {' or '.join(sorted(policy.keys))}"
    if policy.max_age is not None and now - receipt.by.at > policy.max_age:
        yield f"it is of {receipt.by.at:%Y-%m-%d}, and at most {policy.max_age.days} days old is asked for"
    if not receipt.model.identity_proved and not policy.accept_served:
        yield "what ran was served under a name; that it was this model is not proved"
