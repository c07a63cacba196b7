"""The test vectors of receipts, for whoever reads or writes them without evalmark: tests/vectors/receipts.

    python -m scripts.receipt_vectors [--check]

Keys, times and numbers are fixed, and Ed25519 draws nothing, so the bytes are always the same. `--check` writes
nothing, and exits 1 if something would change.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evalmark.adapters.signing import SigningKey, open_envelope
from evalmark.flows.receipts import check
from evalmark.keyring import TrustedKey
from evalmark.predicate import canonical
from evalmark.receipt import PAYLOAD_TYPE, ClaimToday, Receipt, statement_of, subject_of
from scripts.receipt_samples import CLAIMS, MISMATCH, UNUSUAL, VERIFIED, with_changes

FOLDER: Final = Path(__file__).resolve().parent.parent / "tests/vectors/receipts"
SEEDS: Final = {"signer": bytes(range(32)), "other": bytes(range(32, 64))}
PRIVATE: Final = {name: Ed25519PrivateKey.from_private_bytes(seed) for name, seed in SEEDS.items()}
KEYS: Final = {name: SigningKey(private) for name, private in PRIVATE.items()}
TRUSTED: Final = TrustedKey(KEYS["signer"].public)
NOW: Final = datetime(2026, 11, 26, 12, tzinfo=UTC)
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
"""Of the curve's group: what can be added to the second half of a signature."""


@dataclass(frozen=True)
class Case:
    """An envelope, what its reader knows, and which look at it finds what is wrong."""

    name: str
    envelope: bytes
    refused_by: str | None
    keys: tuple[TrustedKey, ...] = (TRUSTED,)
    now: datetime = NOW
    today: ClaimToday | None = None
    file: str = field(default="")

    @property
    def path(self) -> str:
        """The file of the envelope; several cases can share one."""
        return f"envelopes/{self.file or self.name}.json"


def main() -> int:
    """Write, or check."""
    wanted = files()
    there = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*.json")}
    stale = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    print("\n".join(f"{'out of date' if '--check' in sys.argv else 'new'}: {name}" for name in stale))
    if "--check" in sys.argv:
        return 1 if stale else 0
    for name in stale:
        path = FOLDER / name
        path.unlink(missing_ok=True)
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[name])
    return 0


def files() -> dict[str, bytes]:
    """Every file but the README, by its path in the folder."""
    cases = list(all_cases())
    made = {case.path: case.envelope for case in cases}
    made["keys.json"] = _shown({name: _key(name) for name in SEEDS})
    made["claims.json"] = _shown([_claim(said) for said in CLAIMS])
    made["expected.json"] = _shown([expected(case) for case in cases])
    return made


def all_cases() -> Iterator[Case]:
    """All, valid ones first."""
    yield from _valid()
    yield from _stale()
    yield from _untrusted()
    yield from _bad_envelopes()
    yield from _bad_signatures()
    yield from _bad_statements()
    yield from _bad_predicates()


def expected(case: Case) -> dict[str, Any]:
    """What evalmark says about a case. Raises `AssertionError` if that is not what the case is for."""
    checked = check(case.envelope, open_envelope, case.keys, case.now, case.today)
    if (case.refused_by is None) != (not checked.reasons):
        raise AssertionError(f"{case.name}: {checked.state} {checked.reasons}")
    today = case.today and {
        "claim": case.today.claim.model_dump(mode="json"),
        "weights": case.today.weights,
        "benchmark_revision": case.today.benchmark_revision,
    }
    return {
        "name": case.name,
        "file": case.path,
        "keys": [{name: str(said) for name in _KEY_FIELDS if (said := getattr(key, name))} for key in case.keys],
        "now": f"{case.now:%Y-%m-%dT%H:%M:%SZ}",
        "today": today,
        "state": checked.state.value,
        "refused_by": case.refused_by,
        "reasons": list(checked.reasons),
    }


_KEY_FIELDS: Final = ("key", "since", "until", "revoked")


def _valid() -> Iterator[Case]:
    same = ClaimToday(VERIFIED.claim, VERIFIED.model.weights, VERIFIED.benchmark.revision)
    yield Case("verified", signed(VERIFIED), None)
    yield Case("verified-as-claimed-today", signed(VERIFIED), None, today=same, file="verified")
    yield Case("mismatch", signed(MISMATCH), None)
    yield Case("unusual", signed(UNUSUAL), None)
    first = TrustedKey(TRUSTED.key, since=date(2026, 11, 26), until=date(2026, 11, 26))
    yield Case("signed-on-a-key-s-only-day", signed(VERIFIED), None, (first,), file="verified")
    yield Case("windows-line-end", signed(VERIFIED)[:-1] + b"\r\n", None)


def _stale() -> Iterator[Case]:
    claim, weights, revision = VERIFIED.claim, VERIFIED.model.weights, VERIFIED.benchmark.revision
    changed = {
        "another-model": {"model": "acme/other"},
        "another-benchmark": {"dataset_id": "acme/products"},
        "another-task": {"task_id": "sums_hard"},
        "another-set-up": {"variant": "With tools"},
        "another-score": {"value": "57.1"},
        "another-unit": {"unit": "fraction"},
    }
    for name, change in changed.items():
        today = ClaimToday(claim.model_copy(update=change), weights, revision)
        yield Case(f"stale-{name}", signed(VERIFIED), "claim", today=today, file="verified")
    yield Case("stale-weights", signed(VERIFIED), "state", today=ClaimToday(claim, "e" * 64, revision), file="verified")
    today = ClaimToday(claim, weights, "f" * 40)
    yield Case("stale-benchmark-revision", signed(VERIFIED), "state", today=today, file="verified")


def _untrusted() -> Iterator[Case]:
    key, text = TRUSTED.key, signed(VERIFIED)
    keys = {
        "revoked-key": TrustedKey(key, revoked=date(2026, 11, 26)),
        "key-not-yet-trusted": TrustedKey(key, since=date(2026, 11, 27)),
        "key-no-longer-trusted": TrustedKey(key, until=date(2026, 11, 25)),
    }
    for name, trusted in keys.items():
        yield Case(name, text, "key", (trusted,), file="verified")
    yield Case("revoked-in-another-mention", text, "key", (TRUSTED, keys["revoked-key"]), file="verified")
    yield Case("clock-ahead", text, "key", now=datetime(2026, 11, 26, 9, 49, tzinfo=UTC), file="verified")


def _bad_envelopes() -> Iterator[Case]:
    good = envelope(payload_of(VERIFIED))
    [signature] = good["signatures"]
    bad = {
        "two-signatures-one-bad": good | {"signatures": [signature, {**signature, "keyid": KEYS["other"].id}]},
        "no-signature": good | {"signatures": []},
        "algorithm-in-the-signature": good | {"signatures": [{**signature, "alg": "none"}]},
        "key-id-in-capitals": good | {"signatures": [{**signature, "keyid": signature["keyid"].upper()}]},
        "payload-type": good | {"payloadType": "application/json"},
        "another-field": good | {"certificate": ""},
        "payload-not-in-base64": good | {"payload": f"{good['payload']}!"},
        "signature-in-hex": good
        | {"signatures": [{**signature, "sig": base64.b64decode(signature["sig"]).hex() + "ab"}]},
    }
    for name, body in bad.items():
        yield Case(name, text_of(body), "envelope")
    yield Case("formatted-anew", json.dumps(good, indent=2).encode(), "envelope")
    yield Case("payload-type-twice", b'{"payloadType":"x",' + signed(VERIFIED)[1:], "envelope")
    yield Case("no-json", b"not a receipt\n", "envelope")


def _bad_signatures() -> Iterator[Case]:
    payload = payload_of(VERIFIED)
    good = envelope(payload)
    [signature] = good["signatures"]
    raw = base64.b64decode(signature["sig"])
    larger = raw[:32] + (int.from_bytes(raw[32:], "little") + ORDER).to_bytes(32, "little")
    shown_as = payload_of(MISMATCH).replace(b'"verdict":"mismatch"', b'"verdict":"verified"')
    bad: Mapping[str, tuple[bytes, bytes]] = {
        "payload-changed": (payload.replace(b'"value":"57"', b'"value":"97"'), raw),
        "mismatch-shown-as-verified": (
            shown_as,
            base64.b64decode(envelope(payload_of(MISMATCH))["signatures"][0]["sig"]),
        ),
        "key-swapped": (payload, PRIVATE["other"].sign(pae(payload))),
        "signed-without-the-type": (payload, PRIVATE["signer"].sign(payload)),
        "signature-empty": (payload, b""),
        "signature-not-reduced": (payload, larger),
    }
    for name, (said, sig) in bad.items():
        yield Case(name, text_of(wrapped(said, sig, KEYS["signer"].id)), "signature")
    yield Case("key-not-trusted", signed(VERIFIED, "other"), "signature")


def _bad_statements() -> Iterator[Case]:
    good, payload = statement_of(VERIFIED), payload_of(VERIFIED)
    claim, model = good["subject"]
    bad = {
        "another-predicate-type": good | {"predicateType": "https://slsa.dev/provenance/v1"},
        "another-statement-type": good | {"_type": "https://in-toto.io/Statement/v0.1"},
        "another-statement-field": good | {"note": "x"},
        "digest-of-another-claim": good | {"subject": [{**claim, "digest": {"sha256": "0" * 64}}, model]},
        "subject-of-another-model": good | {"subject": [claim, {**model, "name": "model:acme/other"}]},
    }
    for name, statement in bad.items():
        yield Case(name, text_of(envelope(rfc8785.dumps(statement))), "statement")
    texts = {
        "statement-with-a-key-twice": payload.replace(b'"measured":57.1', b'"measured":47,"measured":57.1'),
        "statement-with-nan": payload.replace(b'"measured":57.1', b'"measured":NaN'),
        "statement-too-large": payload.replace(b'"platform":"', b'"platform":"' + b" " * (1 << 16)),
        "statement-no-json": b"verified",
    }
    for name, text in texts.items():
        yield Case(name, text_of(envelope(text)), "statement")
    deep = payload.replace(b'"measured":57.1', b'"measured":' + b"[" * 30 + b"]" * 30)
    yield Case("statement-too-deep", text_of(envelope(deep)), "predicate")


def _bad_predicates() -> Iterator[Case]:
    changed: Mapping[str, tuple[str, Any]] = {
        "verdict-of-no-rerun": ("result.verdict", "error"),
        "evidence-of-no-rerun": ("result.rung", "log"),
        "time-without-a-zone": ("by.at", "2026-11-26T10:00:00"),
        "number-as-text": ("result.measured", "57.1"),
        "field-unknown": ("model.verifyToken", "x"),
        "result-about-another-score": ("result.claimed", 97),
    }
    for name, (place, value) in changed.items():
        statement = statement_of(VERIFIED)
        statement["predicate"] = with_changes(statement["predicate"], {place: value})
        yield Case(name, text_of(envelope(rfc8785.dumps(statement))), "predicate")
    statement = statement_of(VERIFIED)
    statement["predicate"] = with_changes(statement["predicate"], {"claim.value": "57.0"})
    digest = hashlib.sha256(canonical(statement["predicate"]["claim"])).hexdigest()
    statement["subject"][0]["digest"]["sha256"] = digest
    yield Case("score-not-canonical", text_of(envelope(rfc8785.dumps(statement))), "predicate")


def payload_of(receipt: Receipt) -> bytes:
    """The statement in its canonical form."""
    return rfc8785.dumps(statement_of(receipt))


def pae(payload: bytes) -> bytes:
    """What DSSE signs."""
    return b"DSSEv1 %d %b %d %b" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def envelope(payload: bytes, key: str = "signer") -> dict[str, Any]:
    """An envelope around any bytes, with a good signature."""
    return wrapped(payload, PRIVATE[key].sign(pae(payload)), KEYS[key].id)


def signed(receipt: Receipt, key: str = "signer") -> bytes:
    """A receipt as evalmark writes it."""
    return KEYS[key].sign(statement_of(receipt)).encode()


def text_of(body: Any) -> bytes:
    """An envelope as a receipt is written."""
    return canonical(body) + b"\n"


def wrapped(payload: bytes, signature: bytes, keyid: str) -> dict[str, Any]:
    """An envelope with any signature."""
    signatures = [{"keyid": keyid, "sig": base64.b64encode(signature).decode()}]
    return {"payload": base64.b64encode(payload).decode(), "payloadType": PAYLOAD_TYPE, "signatures": signatures}


def _key(name: str) -> dict[str, str]:
    return {
        "note": "TEST ONLY: the seed is public",
        "seed": SEEDS[name].hex(),
        "public": KEYS[name].public,
        "id": KEYS[name].id,
    }


def _claim(said: Mapping[str, Any]) -> dict[str, Any]:
    subject = subject_of(**said)
    text = canonical(subject.model_dump(mode="json"))
    return {"said": said, "canonical": text.decode(), "digest": subject.digest}


def _shown(body: Any) -> bytes:
    return (json.dumps(body, indent=2, ensure_ascii=False) + "\n").encode()


if __name__ == "__main__":
    sys.exit(main())
