"""Every attack on a receipt fails, and says so in a sentence of its own."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.hmac import HMAC

from evalmark.adapters.signing import SigningKey, open_envelope
from evalmark.errors import CouldNotFinish, UsageProblem
from evalmark.flows.receipts import Policy, check, unmet
from evalmark.keyring import TrustedKey
from evalmark.ports.places import LARGEST_RECEIPT
from evalmark.predicate import ClaimSubject
from evalmark.receipt import ClaimToday, statement_of
from evalmark.trust import Checked, State
from scripts.receipt_samples import MISMATCH, UNUSUAL, VERIFIED
from scripts.receipt_vectors import (
    KEYS,
    NOW,
    PRIVATE,
    TRUSTED,
    envelope,
    pae,
    payload_of,
    signed,
    text_of,
    wrapped,
)

GOOD = signed(VERIFIED)
TODAY = ClaimToday(VERIFIED.claim, VERIFIED.model.weights, VERIFIED.benchmark.revision)
ID = TRUSTED.id
UNFIT = "its signature does not fit: it was changed, or signed with another key"


def look(text: bytes, today: ClaimToday | None = TODAY, now: datetime = NOW, *keys: TrustedKey) -> Checked:
    """Check as a careful reader does."""
    return check(text, open_envelope, keys or (TRUSTED,), now, today)


def claimed(**changes: str) -> ClaimToday:
    """The claim as it is today."""
    return TODAY._replace(claim=VERIFIED.claim.model_copy(update=changes))


def test_nothing_changed__is_valid() -> None:
    assert look(GOOD) == Checked(State.VALID, VERIFIED, TRUSTED)


# A changed key id names a key that nobody knows.
REFUSED = (State.INVALID, State.UNTRUSTED)


@pytest.mark.parametrize("receipt", [VERIFIED, MISMATCH, UNUSUAL])
def test_a_changed_byte_anywhere__is_refused(receipt: Any) -> None:
    text = signed(receipt)
    assert check(text, open_envelope, (TRUSTED,), NOW).state is State.VALID
    for position, byte in enumerate(text):
        others = {byte ^ 1, byte ^ 0x20, byte ^ 0x80, 0, *b" \nA="} if receipt is VERIFIED else {byte ^ 1}
        for other in others - {byte}:
            changed = text[:position] + bytes([other]) + text[position + 1 :]

            checked = check(changed, open_envelope, (TRUSTED,), NOW)

            assert checked.state in REFUSED, (position, byte, other)
            assert checked.receipt is None, (position, byte, other)
            assert checked.reasons[0], (position, byte, other)


def test_a_byte_more_or_less_anywhere__is_refused() -> None:
    for position in range(len(GOOD) - 1):
        shorter = GOOD[:position] + GOOD[position + 1 :]
        assert look(shorter).state is State.INVALID, position
        for byte in (b" ", b"\n", b"A", b"="):
            longer = GOOD[:position] + byte + GOOD[position:]
            assert look(longer).state is State.INVALID, (position, byte)
        assert look(GOOD[:position]).state is State.INVALID, position


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_only_the_last_line_end__may_differ(end: bytes) -> None:
    assert look(GOOD[:-1] + end).state is State.VALID
    assert look(GOOD[:-1] + end + b"\n\n").state is State.INVALID


def hmac_of(payload: bytes) -> bytes:
    """What a reader would take who lets the envelope choose the algorithm: the public key as a shared secret."""
    mac = HMAC(TRUSTED.raw, SHA256())
    mac.update(pae(payload))
    return mac.finalize()


def hashed(payload: bytes) -> bytes:
    """The digest that is signed instead of the text, as Ed25519ph does."""
    digest = Hash(SHA256())
    digest.update(pae(payload))
    return PRIVATE["signer"].sign(digest.finalize())


PAYLOAD = payload_of(VERIFIED)
GOOD_ENVELOPE = envelope(PAYLOAD)
[SIGNATURE] = GOOD_ENVELOPE["signatures"]
SIGNED_WITH_OTHER = PRIVATE["other"].sign(pae(PAYLOAD))


def with_signatures(*signatures: Any) -> bytes:
    return text_of(GOOD_ENVELOPE | {"signatures": list(signatures)})


def with_signature(signature: bytes, payload: bytes = PAYLOAD, keyid: str = ID) -> bytes:
    return text_of(wrapped(payload, signature, keyid))


def count(signatures: int) -> str:
    return f"it has {signatures} signatures; a receipt has one, so that nobody can hide behind another's"


ALGORITHM = "its signature has other fields than `keyid` and `sig`: there is one algorithm, Ed25519"
BAD = {"keyid": KEYS["other"].id, "sig": SIGNATURE["sig"]}
SHOWN_AS_VERIFIED = payload_of(MISMATCH).replace(b'"verdict":"mismatch"', b'"verdict":"verified"')
FORGERIES = {
    "payload changed": (with_signature(PRIVATE["signer"].sign(pae(PAYLOAD)), PAYLOAD.replace(b"57", b"97")), UNFIT),
    "mismatch turned into verified": (
        with_signature(PRIVATE["signer"].sign(pae(payload_of(MISMATCH))), SHOWN_AS_VERIFIED),
        UNFIT,
    ),
    "signature of another receipt": (with_signature(PRIVATE["signer"].sign(pae(payload_of(MISMATCH)))), UNFIT),
    "key swapped, key id kept": (with_signature(SIGNED_WITH_OTHER), UNFIT),
    "key swapped": (
        with_signature(SIGNED_WITH_OTHER, keyid=KEYS["other"].id),
        f"it is signed by the key {KEYS['other'].id}, which is not trusted here",
    ),
    "key id swapped": (
        with_signature(PRIVATE["signer"].sign(pae(PAYLOAD)), keyid=KEYS["other"].id),
        f"it is signed by the key {KEYS['other'].id}, which is not trusted here",
    ),
    "HMAC with the public key": (with_signature(hmac_of(PAYLOAD)), UNFIT),
    "ECDSA": (with_signature(generate_private_key(SECP256R1()).sign(pae(PAYLOAD), ECDSA(SHA256()))), UNFIT),
    "digest signed": (with_signature(hashed(PAYLOAD)), UNFIT),
    "payload signed without its type": (with_signature(PRIVATE["signer"].sign(PAYLOAD)), UNFIT),
    "signature of nothings": (with_signature(bytes(64)), UNFIT),
    "no signature text": (with_signature(b""), UNFIT),
    "alg none": (with_signatures({**SIGNATURE, "alg": "none"}), ALGORITHM),
    "scheme": (with_signatures({**SIGNATURE, "scheme": "ecdsa-sha2-nistp256"}), ALGORITHM),
    "public key brought along": (with_signatures({**SIGNATURE, "public": TRUSTED.key}), ALGORITHM),
    "no key id": (with_signatures({"sig": SIGNATURE["sig"]}), ALGORITHM),
    "one good and one bad signature": (with_signatures(SIGNATURE, BAD), count(2)),
    "one bad and one good signature": (with_signatures(BAD, SIGNATURE), count(2)),
    "one signature twice": (with_signatures(SIGNATURE, SIGNATURE), count(2)),
    "no signatures": (with_signatures(), count(0)),
    "signatures in a table": (text_of(GOOD_ENVELOPE | {"signatures": {"0": SIGNATURE}}), count(0)),
    "a signature that is a text": (with_signatures(SIGNATURE["sig"]), ALGORITHM),
    "key id that is a list": (with_signatures({**SIGNATURE, "keyid": [ID]}), "its key id is not 16 hex digits"),
    "key id without end": (with_signatures({**SIGNATURE, "keyid": ID * 1000}), "its key id is not 16 hex digits"),
    "another type": (
        text_of(GOOD_ENVELOPE | {"payloadType": "application/json"}),
        "its payload is not of the type application/vnd.in-toto+json",
    ),
    "another field": (text_of(GOOD_ENVELOPE | {"verifyToken": "x"}), "it is no DSSE envelope"),
    "statement without an envelope": (json.dumps(statement_of(VERIFIED)).encode(), "it is no DSSE envelope"),
    "payload as a table": (
        text_of(GOOD_ENVELOPE | {"payload": statement_of(VERIFIED)}),
        "its payload or its signature is not in base64",
    ),
    "signature in base64 for addresses": (
        with_signatures({**SIGNATURE, "sig": SIGNATURE["sig"].replace("+", "-").replace("/", "_")}),
        "its payload or its signature is not in base64",
    ),
    "key twice in the envelope": (b'{"payload":"e30=",' + GOOD[1:], "its JSON has a key twice in one object"),
    "NaN in the envelope": (
        GOOD.replace(b'"signatures":', b'"signatures":NaN,"x":'),
        "its JSON has NaN, which is no number",
    ),
    "written with other spaces": (
        json.dumps(GOOD_ENVELOPE).encode(),
        "it is not written as canonical JSON: it was changed, or formatted anew",
    ),
    "ten megabytes": (GOOD + b" " * 10_000_000, f"it has over {LARGEST_RECEIPT} bytes"),
    "ten megabytes of payload": (
        text_of(envelope(b" " * 10_000_000 + PAYLOAD)),
        f"it has over {LARGEST_RECEIPT} bytes",
    ),
    "nested without end": (b"[" * 100_000, "its JSON is nested too deeply"),
    "no JSON": (b"\x00", "it is no JSON"),
    "nothing": (b"", "it is no JSON"),
}


@pytest.mark.parametrize(("text", "sentence"), FORGERIES.values(), ids=FORGERIES)
def test_forgery__is_refused(text: bytes, sentence: str) -> None:
    state = State.UNTRUSTED if "not trusted here" in sentence else State.INVALID
    assert look(text) == Checked(state, reasons=(sentence,))


def trusted(**changes: Any) -> TrustedKey:
    return replace(TRUSTED, **changes)


REPLAYS = {
    "another model's receipt": (
        look(GOOD, claimed(model="acme/thief")),
        "it is about the model 'acme/model', not about 'acme/thief'",
    ),
    "another benchmark's": (
        look(GOOD, claimed(dataset_id="acme/hard")),
        "it is about the benchmark 'acme/sums', not about 'acme/hard'",
    ),
    "another task's": (look(GOOD, claimed(task_id="products")), "it is about the task 'sums', not about 'products'"),
    "another set-up's": (look(GOOD, claimed(variant="cot")), "it is about the set-up '', not about 'cot'"),
    "score edited": (look(GOOD, claimed(value="97")), "the score was 57 and is 97"),
    "unit edited": (look(GOOD, claimed(unit="fraction")), "the unit was percent and is fraction"),
    "new weights": (
        look(GOOD, TODAY._replace(weights="e" * 64)),
        "the model's weights have changed since aaaaaaaaaaaa",
    ),
    "new revision of the benchmark": (
        look(GOOD, TODAY._replace(benchmark_revision="f" * 40)),
        "the benchmark's revision was bbbbbbbbbbbb and is ffffffffffff",
    ),
    "revoked key": (
        look(GOOD, TODAY, NOW, trusted(revoked=date(2026, 11, 1))),
        f"the key {ID} was revoked on 2026-11-01",
    ),
    "key not yet trusted": (
        look(GOOD, TODAY, NOW, trusted(since=date(2026, 11, 27))),
        f"the key {ID} is trusted from 2026-11-27, and it was signed on 2026-11-26",
    ),
    "key no longer trusted": (
        look(GOOD, TODAY, NOW, trusted(until=date(2026, 11, 25))),
        f"the key {ID} was trusted until 2026-11-25, and it was signed on 2026-11-26",
    ),
    "signed in the future": (
        look(GOOD, TODAY, datetime(2026, 11, 26, 9, tzinfo=UTC)),
        "it says that it was signed at 2026-11-26 10:00 UTC, which has not come yet: its clock or ours is wrong",
    ),
}


@pytest.mark.parametrize(("checked", "sentence"), REPLAYS.values(), ids=REPLAYS)
def test_replay__is_not_valid_and_meets_no_policy(checked: Checked, sentence: str) -> None:
    assert checked.reasons == (sentence,)
    assert checked.state in (State.STALE, State.UNTRUSTED)
    assert unmet(checked, Policy(), NOW) == (f"the receipt is {checked.state}: {sentence}",)


def test_replays__have_a_sentence_each() -> None:
    sentences = [sentence for _, sentence in REPLAYS.values()]

    assert len(set(sentences)) == len(sentences)
    assert set(sentences).isdisjoint(sentence for _, sentence in FORGERIES.values())


def test_clock_in_the_past__does_not_bring_a_rotated_key_back() -> None:
    """A thief of an old key dates the receipt into its time: only revoking it helps, which the page says."""
    early = VERIFIED.model_copy(update={"by": VERIFIED.by.model_copy(update={"at": datetime(2025, 6, 1, tzinfo=UTC)})})
    retired = trusted(until=date(2025, 12, 31))

    assert look(signed(early), TODAY, NOW, retired).state is State.VALID
    assert look(signed(early), TODAY, NOW, replace(retired, revoked=date(2026, 2, 3))).state is State.UNTRUSTED
    assert look(signed(early), TODAY, NOW, trusted(since=date(2026, 1, 1))).reasons == (
        f"the key {ID} is trusted from 2026-01-01, and it was signed on 2025-06-01",
    )


def test_mismatch_shown_as_verified__is_told_from_the_receipt_itself() -> None:
    today = ClaimToday(MISMATCH.claim, MISMATCH.model.weights, MISMATCH.benchmark.revision)

    checked = look(signed(MISMATCH), today)

    assert checked.state is State.VALID
    assert unmet(checked, Policy(), NOW) == ("its verdict is mismatch, not verified",)


def test_served_under_a_name__is_not_the_model() -> None:
    checked = check(signed(UNUSUAL), open_envelope, (TRUSTED,), NOW)

    assert "what ran was served under a name; that it was this model is not proved" in unmet(checked, Policy(), NOW)


def test_nobody_is_trusted__nothing_is_believed() -> None:
    checked = check(GOOD, open_envelope, (), NOW)

    assert checked == Checked(State.UNTRUSTED, reasons=(f"it is signed by the key {ID}, which is not trusted here",))


def test_old_receipt__is_too_old_for_who_asks() -> None:
    later = NOW + timedelta(days=31)

    assert unmet(look(GOOD, TODAY, later), Policy(max_age=timedelta(days=30)), later) == (
        "it is of 2026-11-26, and at most 30 days old is asked for",
    )


def test_signing__gives_one_text() -> None:
    assert {KEYS["signer"].sign(statement_of(VERIFIED)) for _ in range(5)} == {GOOD.decode()}


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(2**53, "the receipt has no canonical form"), (float("nan"), "the receipt has no canonical form")],
)
def test_signing__what_has_no_canonical_form(number: float, sentence: str) -> None:
    with pytest.raises(CouldNotFinish, match=sentence):
        KEYS["signer"].sign({"number": number})


def test_signing__what_nobody_would_read() -> None:
    with pytest.raises(CouldNotFinish, match="would have over 65536 bytes"):
        KEYS["signer"].sign({"text": "x" * 70_000})


def test_key__is_never_shown() -> None:
    key = KEYS["signer"]
    secret = key.pem().decode().splitlines()[1]

    assert repr(key) == f"SigningKey({ID})"
    with pytest.raises(UsageProblem) as caught:
        SigningKey.load(secret.encode(), "the secret")
    assert str(caught.value).startswith("the secret holds no Ed25519 private key")
    assert secret not in f"{caught.value} {caught.value.__dict__}"
    assert SigningKey.load(key.pem().strip(), "x").public == key.public


def test_claim_subject__is_all_that_makes_the_digest() -> None:
    assert set(ClaimSubject.model_fields) == {"model", "dataset_id", "task_id", "variant", "value", "unit"}
