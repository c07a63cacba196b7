"""Signing and checking envelopes (DSSE, https://github.com/secure-systems-lab/dsse): Ed25519, one signature.

The envelope, its encoding and the curve are securesystemslib's and cryptography's; canonical JSON (RFC 8785) is that of
rfc8785.
"""

import base64
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import rfc8785
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import UnverifiedSignatureError

# Documented for others to use, though not in `__all__`.
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]

from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.keyring import PREFIX, TrustedKey, by_id, key_id
from evalmark.ports import Signed
from evalmark.ports.places import LARGEST_RECEIPT
from evalmark.predicate import canonical
from evalmark.receipt import LARGEST, PAYLOAD_TYPE, NotAReceipt, UnknownKey, strict_json

"""In bytes; a payload of the largest receipt has two thirds of it."""
SCHEME: Final = "ed25519"
_KEY_ID: Final = re.compile("[0-9a-f]{16}")


class SigningKey:
    """A private key. It is never shown, and written to one file at most."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = f"{PREFIX}{base64.b64encode(raw).decode()}"
        self.id = key_id(raw)
        self._signer = CryptoSigner(private, _public_key(raw))

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"

    @classmethod
    def generate(cls) -> "SigningKey":
        """A new one."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, pem: bytes, where: str) -> "SigningKey":
        """Read a private key in PEM. Raises `UsageProblem`, which does not show it."""
        try:
            private = load_pem_private_key(pem.strip() + b"\n", password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            private = None
        if not isinstance(private, Ed25519PrivateKey):
            raise UsageProblem(
                f"{where} holds no Ed25519 private key in PEM without a password",
                "make one with: evalmark receipt keygen --out FILE",
            )
        return cls(private)

    def pem(self) -> bytes:
        """As PEM, without a password: whoever has it can sign."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, statement: dict[str, Any]) -> str:
        """The envelope of a statement, as JSON with a final newline. The same statement always gives the same text."""
        advice = "report this, with the verdict that the receipt is about"
        try:
            payload = rfc8785.dumps(statement)
        except rfc8785.CanonicalizationError as error:
            raise CouldNotFinish(f"the receipt has no canonical form: {error}", advice) from error
        if len(payload) > LARGEST:
            raise CouldNotFinish(f"the receipt would have over {LARGEST} bytes, and nobody would read it", advice)
        envelope = Envelope(payload, PAYLOAD_TYPE, {})
        envelope.sign(self._signer)
        return canonical(envelope.to_dict()).decode() + "\n"


def open_envelope(text: bytes, keys: Iterable[TrustedKey]) -> Signed:
    """Check the signature of an envelope. Raises `NotAReceipt`, with a sentence, unless a key of `keys` signed it.

    If none of them has its key id, that is `UnknownKey`. Nothing of the payload is read before. When a key is trusted
    is another question, for whoever has read it.
    """
    envelope, signature_id = _envelope(text)
    key = by_id(keys, signature_id)
    if key is None:
        raise UnknownKey(f"it is signed by the key {signature_id}, which is not trusted here")
    try:
        _public_key(key.raw).verify_signature(envelope.signatures[signature_id], envelope.pae())
    except UnverifiedSignatureError as error:
        raise NotAReceipt("its signature does not fit: it was changed, or signed with another key") from error
    return Signed(envelope.payload, key)


def payload_of(text: bytes) -> bytes:
    """What an envelope holds, whoever signed it. Raises `NotAReceipt`."""
    return _envelope(text)[0].payload


def _envelope(text: bytes) -> tuple[Envelope, str]:
    if len(text) > LARGEST_RECEIPT:
        raise NotAReceipt(f"it has over {LARGEST_RECEIPT} bytes")
    body = strict_json(text)
    if not isinstance(body, dict) or body.keys() != {"payload", "payloadType", "signatures"}:
        raise NotAReceipt("it is no DSSE envelope")
    if body["payloadType"] != PAYLOAD_TYPE:
        raise NotAReceipt(f"its payload is not of the type {PAYLOAD_TYPE}")
    signature_id = _signature_id(body["signatures"])
    if not all(_is_base64(encoded) for encoded in (body["payload"], body["signatures"][0]["sig"])):
        raise NotAReceipt("its payload or its signature is not in base64")
    written = canonical(body)
    if text not in (written, written + b"\n", written + b"\r\n"):
        raise NotAReceipt("it is not written as canonical JSON: it was changed, or formatted anew")
    return Envelope.from_dict(body), signature_id  # which changes what it is given


def _signature_id(signatures: Any) -> str:
    if not isinstance(signatures, list) or len(signatures) != 1:
        count = len(signatures) if isinstance(signatures, list) else 0
        raise NotAReceipt(f"it has {count} signatures; a receipt has one, so that nobody can hide behind another's")
    if not isinstance(signatures[0], dict) or signatures[0].keys() != {"keyid", "sig"}:
        raise NotAReceipt("its signature has other fields than `keyid` and `sig`: there is one algorithm, Ed25519")
    signature_id = signatures[0]["keyid"]
    if not isinstance(signature_id, str) or not _KEY_ID.fullmatch(signature_id):
        raise NotAReceipt("its key id is not 16 hex digits")
    return signature_id


def _is_base64(text: Any) -> bool:
    """Base64 has several texts for some bytes; only the usual one is taken, as a receipt has one text."""
    try:
        return isinstance(text, str) and base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except ValueError:
        return False


def _public_key(raw: bytes) -> SSlibKey:
    return SSlibKey(key_id(raw), SCHEME, SCHEME, {"public": raw.hex()})


def write_key(key: SigningKey, path: Path) -> Path:
    """Write a private key, for its owner alone, and the public one beside it. Raises `UsageProblem` if one is there."""
    beside = path.with_name(f"{path.name}.pub")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.pem())
        beside.write_text(f"{key.public}\n", encoding="ascii")
    except FileExistsError as error:
        raise UsageProblem(f"{path} is there already, and a key is never overwritten", "name another file") from error
    except OSError as error:
        raise CouldNotFinish(f"{path} could not be written: {error.strerror}", "name another file") from error
    return beside
