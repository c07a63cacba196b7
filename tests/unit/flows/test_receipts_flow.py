"""What is asked of a receipt, in tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from evalmark.flows.receipts import Policy, check, unmet
from evalmark.keyring import TrustedKey
from evalmark.ports import Signed
from evalmark.receipt import ClaimToday, NotAReceipt
from evalmark.trust import Checked, State
from evalmark.verdict import Rung
from scripts.receipt_samples import MISMATCH, UNUSUAL, VERIFIED
from scripts.receipt_vectors import TRUSTED, payload_of

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
KEY = replace(TRUSTED, name="acme's")
VALID = Checked(State.VALID, VERIFIED, KEY)


@pytest.mark.parametrize(
    ("checked", "policy", "sentences"),
    [
        pytest.param(VALID, Policy(), [], id="as usual"),
        pytest.param(VALID, Policy(min_rung=Rung.FULL), ["its evidence is sampled, and full is asked for"], id="rung"),
        pytest.param(VALID, Policy(min_rung=Rung.LOG), [], id="less is asked for"),
        pytest.param(VALID, Policy(keys=frozenset({KEY.id})), [], id="key by id"),
        pytest.param(VALID, Policy(keys=frozenset({"acme's", "x"})), [], id="key by name"),
        pytest.param(VALID, Policy(keys=frozenset({KEY.key})), [], id="key itself"),
        pytest.param(
            VALID, Policy(keys=frozenset({"x", "b"})), ["it is signed by acme's, not by b or x"], id="another key"
        ),
        pytest.param(
            replace(VALID, key=TRUSTED),
            Policy(keys=frozenset({"acme's"})),
            [f"it is signed by {KEY.id}, not by acme's"],
            id="a key without a name",
        ),
        pytest.param(VALID, Policy(max_age=timedelta(days=2)), [], id="just young enough"),
        pytest.param(
            VALID,
            Policy(max_age=timedelta(days=1)),
            ["it is of 2026-11-26, and at most 1 days old is asked for"],
            id="too old",
        ),
        pytest.param(
            Checked(State.VALID, MISMATCH, KEY), Policy(), ["its verdict is mismatch, not verified"], id="a mismatch"
        ),
        pytest.param(
            Checked(State.VALID, UNUSUAL, KEY),
            Policy(min_rung=Rung.FULL, keys=frozenset({"x"})),
            [
                "its verdict is inconclusive, not verified",
                "its evidence is sampled, and full is asked for",
                "it is signed by acme's, not by x",
                "what ran was served under a name; that it was this model is not proved",
            ],
            id="all at once",
        ),
        pytest.param(
            Checked(State.VALID, UNUSUAL, KEY),
            Policy(accept_served=True),
            ["its verdict is inconclusive, not verified"],
            id="served and accepted",
        ),
        pytest.param(
            Checked(State.STALE, VERIFIED, KEY, ("a", "b")),
            Policy(),
            ["the receipt is stale: a", "the receipt is stale: b"],
            id="stale",
        ),
        pytest.param(
            Checked(State.INVALID), Policy(), ["the receipt is invalid: it was not read"], id="no reason given"
        ),
        pytest.param(Checked(State.VALID), Policy(), ["the receipt is valid: it was not read"], id="no receipt"),
    ],
)
def test_unmet(checked: Checked, policy: Policy, sentences: list[str]) -> None:
    assert list(unmet(checked, policy, NOW)) == sentences


def opener(payload: bytes) -> Any:
    """Believes everything."""
    return lambda text, keys: Signed(payload, KEY)


def refusing(text: bytes, keys: Any) -> Signed:
    raise NotAReceipt("it is a poem")


STALE = ClaimToday(VERIFIED.claim, "e" * 64)


@pytest.mark.parametrize(
    ("payload", "more", "state", "reasons"),
    [
        (payload_of(VERIFIED), {}, State.VALID, ()),
        (payload_of(VERIFIED), {"log_sha256": "1" * 64}, State.VALID, ()),
        (
            payload_of(VERIFIED),
            {"log_sha256": "2" * 64},
            State.INVALID,
            ("the log is not one that the receipt names",),
        ),
        (payload_of(VERIFIED), {"today": STALE}, State.STALE, ("the model's weights have changed since aaaaaaaaaaaa",)),
        (b"{}", {}, State.INVALID, ("it is no in-toto Statement v1",)),
    ],
)
def test_check(payload: bytes, more: dict[str, Any], state: State, reasons: tuple[str, ...]) -> None:
    checked = check(b"", opener(payload), [KEY], NOW, **more)

    assert (checked.state, checked.reasons) == (state, reasons)
    assert (checked.receipt is None) == (checked.key is None) == (payload == b"{}")


def test_check__what_cannot_be_opened_is_invalid() -> None:
    assert check(b"", refusing, [], NOW) == Checked(State.INVALID, reasons=("it is a poem",))


def test_check__a_key_that_is_not_believed_goes_before_what_is_stale() -> None:
    revoked = TrustedKey(KEY.key, revoked=date(2026, 11, 1))

    checked = check(b"", lambda text, keys: Signed(payload_of(VERIFIED), revoked), [], NOW, STALE)

    assert (checked.state, checked.reasons) == (State.UNTRUSTED, (f"the key {KEY.id} was revoked on 2026-11-01",))
