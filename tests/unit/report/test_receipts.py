"""What a receipt says, for a person and for a program."""

import pytest

from evalmark.keyring import TrustedKey
from evalmark.report.receipts import checked_as_data, checked_as_text, receipt_as_text
from evalmark.trust import Checked, State
from scripts.receipt_samples import VERIFIED

KEY = TrustedKey("ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "acme's verifier")


def test_receipt__line_by_line() -> None:
    lines = dict(line.split("  ", 1) for line in receipt_as_text(VERIFIED).splitlines())

    assert lines["claim"].strip() == "57 % by acme/model"
    assert lines["on"].strip() == "acme/sums · sums"
    assert lines["verdict"].strip().startswith("verified, evidence: ")
    assert lines["measured"].strip().startswith("57.1 [")
    assert lines["digest"].strip() == VERIFIED.claim.digest


def test_receipt__what_was_served_under_a_name_is_not_proved() -> None:
    served = VERIFIED.model_copy(update={"model": VERIFIED.model.model_copy(update={"identity_proved": False})})

    assert "NOT PROVED: " in receipt_as_text(served)


@pytest.mark.parametrize(("unit", "shown"), [("fraction", "0.571 ["), ("unknown", "0.5710 [")])
def test_receipt__numbers_in_the_unit_of_the_claim(unit: str, shown: str) -> None:
    claim = VERIFIED.claim.model_copy(update={"unit": unit, "value": "0.57"})
    result = VERIFIED.result.model_copy(update={"measured": 0.571})

    assert shown in receipt_as_text(VERIFIED.model_copy(update={"claim": claim, "result": result}))


def test_checked__tells_key_state_and_reasons() -> None:
    checked = Checked(State.STALE, VERIFIED, KEY, ("the score was 57 and is 80",))

    text = checked_as_text(checked)
    assert text.startswith("stale, signed by acme's verifier\n    the score was 57 and is 80\n\nclaim ")
    data = checked_as_data(checked)
    assert (data["state"], data["reasons"]) == ("stale", ["the score was 57 and is 80"])
    assert data["key"] == {"id": KEY.id, "name": KEY.name, "key": KEY.key}
    assert (data["claim_digest"], data["receipt"]["claim"]["value"]) == (VERIFIED.claim.digest, "57")


def test_checked__of_what_is_no_receipt() -> None:
    checked = Checked(State.INVALID, reasons=("it is no JSON",))

    assert checked_as_text(checked) == "invalid\n    it is no JSON\n"
    assert checked_as_data(checked) == {
        "state": "invalid", "reasons": ["it is no JSON"], "key": None, "claim_digest": None, "receipt": None,
    }  # fmt: skip
