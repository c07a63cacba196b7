"""A receipt is what others say that it is: securesystemslib, in-toto, JSON Schema; and the test vectors hold."""

import base64
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from google.protobuf import json_format
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from jsonschema import Draft202012Validator
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]

from evalmark.adapters.signing import open_envelope
from evalmark.flows.receipts import check
from evalmark.keyring import TrustedKey
from evalmark.predicate import ClaimSubject
from evalmark.receipt import ClaimToday, NotAReceipt, Receipt, read_statement, statement_of, subject_of
from scripts import receipt_vectors
from scripts.receipt_samples import MISMATCH, UNUSUAL, VERIFIED
from scripts.receipt_vectors import FOLDER, KEYS
from scripts.regenerate import ROOT

CASES: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
CLAIMS: list[dict[str, Any]] = json.loads((FOLDER / "claims.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(
    json.loads((ROOT / "schemas/receipt.schema.json").read_text("utf-8")),
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)
DAYS = ("since", "until", "revoked")
each_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
each_receipt = pytest.mark.parametrize("receipt", [VERIFIED, MISMATCH, UNUSUAL])


def theirs(name: str = "signer") -> SSlibKey:
    """A key of securesystemslib, from the public key alone."""
    raw = base64.b64decode(KEYS[name].public.removeprefix("ed25519:"))
    return SSlibKey(KEYS[name].id, "ed25519", "ed25519", {"public": raw.hex()})


def test_vectors__are_what_the_code_makes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["receipt_vectors", "--check"])

    assert receipt_vectors.main() == 0, f"run python -m scripts.receipt_vectors: {capsys.readouterr().out}"


def test_vectors__another_byte_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["receipt_vectors"])
    monkeypatch.setattr(receipt_vectors, "FOLDER", tmp_path)
    (tmp_path / "left-over.json").write_text("{}")
    receipt_vectors.main()
    assert not (tmp_path / "left-over.json").exists()
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*.json")} == {
        path.relative_to(FOLDER) for path in FOLDER.rglob("*.json")
    }
    monkeypatch.setattr(sys, "argv", ["receipt_vectors", "--check"])
    assert receipt_vectors.main() == 0

    (tmp_path / "envelopes/verified.json").write_bytes(b"")

    assert receipt_vectors.main() == 1


@each_case
def test_vector__gives_what_is_expected(case: dict[str, Any]) -> None:
    """From the files alone, as another implementation reads them."""
    keys = [
        TrustedKey(each["key"], "", *(day and date.fromisoformat(day) for day in map(each.get, DAYS)))
        for each in case["keys"]
    ]
    said = case["today"]
    today = said and ClaimToday(ClaimSubject.model_validate(said["claim"]), said["weights"], said["benchmark_revision"])

    checked = check(
        (FOLDER / case["file"]).read_bytes(), open_envelope, keys, datetime.fromisoformat(case["now"]), today
    )

    assert (checked.state.value, list(checked.reasons)) == (case["state"], case["reasons"])


def test_vectors__have_every_state_and_every_look() -> None:
    assert {case["state"] for case in CASES} == {"valid", "stale", "untrusted", "invalid"}
    assert {case["refused_by"] for case in CASES} == {
        None, "envelope", "signature", "statement", "predicate", "key", "claim", "state",
    }  # fmt: skip


@pytest.mark.parametrize("row", CLAIMS, ids=[str(number) for number in range(len(CLAIMS))])
def test_claim_vector__has_its_digest(row: dict[str, Any]) -> None:
    subject = subject_of(**row["said"])

    assert (rfc8785.dumps(subject.model_dump()).decode(), subject.digest) == (row["canonical"], row["digest"])


@each_receipt
def test_securesystemslib__verifies_our_envelope(receipt: Receipt) -> None:
    envelope = Envelope.from_dict(json.loads(receipt_vectors.signed(receipt)))

    assert set(envelope.verify([theirs()], 1)) == {KEYS["signer"].id}
    assert json.loads(envelope.payload) == json.loads(rfc8785.dumps(statement_of(receipt)))


def test_securesystemslib__refuses_it_for_another_key() -> None:
    envelope = Envelope.from_dict(json.loads(receipt_vectors.signed(VERIFIED)))

    with pytest.raises(VerificationError):
        envelope.verify([theirs("other")], 1)


@each_receipt
def test_in_toto__validates_our_statement(receipt: Receipt) -> None:
    payload = Envelope.from_dict(json.loads(receipt_vectors.signed(receipt))).payload
    message = StatementMessage()
    json_format.Parse(payload, message)

    statement = Statement.copy_from_pb(message)

    statement.validate()
    assert statement.pb.predicate_type.endswith("docs/receipts.md#predicate-v1")
    assert [dict(subject.digest) for subject in statement.pb.subject] == [
        {"sha256": receipt.claim.digest},
        {"gitCommit": receipt.model.revision},
    ]
    assert json_format.MessageToDict(statement.pb)["predicate"] == json.loads(payload)["predicate"]


@each_receipt
def test_predicate__passes_its_schema(receipt: Receipt) -> None:
    VALIDATOR.validate(statement_of(receipt)["predicate"])


SCHEMA_CANNOT_SAY = {"result-about-another-score"}


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["refused_by"] == "predicate"],
    ids=[case["name"] for case in CASES if case["refused_by"] == "predicate"],
)
def test_bad_predicate__fails_the_schema_where_a_schema_can_say_it(case: dict[str, Any]) -> None:
    payload = base64.b64decode(json.loads((FOLDER / case["file"]).read_bytes())["payload"])

    with pytest.raises(NotAReceipt):
        read_statement(payload)
    assert VALIDATOR.is_valid(json.loads(payload)["predicate"]) is (case["name"] in SCHEMA_CANNOT_SAY)
