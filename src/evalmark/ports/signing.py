"""Signing statements, and checking who signed."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Protocol, TypeAlias

from evalmark.keyring import TrustedKey


class Signed(NamedTuple):
    """The payload of an envelope, and the trusted key that signed it."""

    payload: bytes
    key: TrustedKey


class Signer(Protocol):
    """Holds a private key."""

    @property
    def public(self) -> str:
        """The public key: `ed25519:` and 32 bytes in base64."""

    def sign(self, statement: dict[str, Any]) -> str:
        """The envelope of a statement, as JSON. The same statement always gives the same text."""


Opener: TypeAlias = Callable[[bytes, Iterable[TrustedKey]], Signed]
"""Checks the signature of an envelope. Raises `NotAReceipt`, with a sentence, unless one of the keys signed it."""
