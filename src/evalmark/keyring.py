"""Whose signatures are believed, and when: keys with validity periods and revocations."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from typing import Final

from evalmark.formats.declaration import Declaration

PREFIX: Final = "ed25519:"
AHEAD: Final = timedelta(minutes=10)
"""By so much another machine's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key (`ed25519:` and 32 bytes in base64), and from when until when it is believed; both days included."""

    key: str
    name: str = ""
    since: date | None = None
    until: date | None = None
    revoked: date | None = None

    @property
    def id(self) -> str:
        """What an envelope calls it."""
        return key_id(self.raw)

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return base64.b64decode(self.key.removeprefix(PREFIX))

    def refuses(self, at: datetime, now: datetime) -> str | None:
        """Why a receipt that says that it is of this moment is not believed; None if it is.

        Whoever has a revoked key can write any moment into a receipt, so none of its receipts is believed.
        """
        shown = self.name or self.id
        if self.revoked is not None and now >= _begin(self.revoked):
            return f"the key {shown} was revoked on {self.revoked}"
        if at > now + AHEAD:
            said = f"{at:%Y-%m-%d %H:%M} UTC"
            return f"it says that it was signed at {said}, which has not come yet: its clock or ours is wrong"
        if self.since is not None and at < _begin(self.since):
            return f"the key {shown} is trusted from {self.since}, and it was signed on {at:%Y-%m-%d}"
        if self.until is not None and at >= _begin(self.until) + timedelta(days=1):
            return f"the key {shown} was trusted until {self.until}, and it was signed on {at:%Y-%m-%d}"
        return None


def key_id(raw: bytes) -> str:
    """The id of a public key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(raw).hexdigest()[:16]


def keys_of(declaration: Declaration) -> tuple[TrustedKey, ...]:
    """The keys that a benchmark, or a file of keys, trusts."""
    plain = (TrustedKey(key) for key in declaration.trusted_keys)
    dated = (
        TrustedKey(each.key, each.name or "", _day(each.since), _day(each.until), _day(each.revoked))
        for each in declaration.keys
    )
    return (*dated, *plain)


def by_id(keys: Iterable[TrustedKey], wanted: str) -> TrustedKey | None:
    """The key of this id. If it is named twice, all mentions hold: it is believed only when each of them says so."""
    found = [key for key in keys if key.id == wanted]
    same = [key for key in found if key.raw == found[0].raw]
    return reduce(_both, same) if same else None


def _both(one: TrustedKey, other: TrustedKey) -> TrustedKey:
    return TrustedKey(
        one.key,
        one.name or other.name,
        since=max(filter(None, (one.since, other.since)), default=None),
        until=min(filter(None, (one.until, other.until)), default=None),
        revoked=min(filter(None, (one.revoked, other.revoked)), default=None),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
