"""What was found out about a receipt, as data."""

from dataclasses import dataclass
from enum import StrEnum

from evalmark.keyring import TrustedKey
from evalmark.receipt import Receipt


class State(StrEnum):
    """What is known of a receipt, best first."""

    VALID = "valid"
    STALE = "stale"
    UNTRUSTED = "untrusted"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt that was looked at. What could not be read has no `receipt` and no `key`; a valid one no `reasons`."""

    state: State
    receipt: Receipt | None = None
    key: TrustedKey | None = None
    reasons: tuple[str, ...] = ()
