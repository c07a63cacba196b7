"""Whose signatures are believed, and when; in tables."""

import base64
from datetime import UTC, date, datetime
from typing import Any

import pytest

from evalmark.formats.declaration import DatedKey, Declaration
from evalmark.keyring import TrustedKey, by_id, key_id, keys_of

ONE, OTHER = (f"ed25519:{base64.b64encode(bytes([first] * 32)).decode()}" for first in (1, 2))
ID = TrustedKey(ONE).id


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOW = moment("2026-11-26T12:00:00")
FIRST, LAST = day("2026-11-01"), day("2026-11-20")


@pytest.mark.parametrize(
    ("at", "key", "sentence"),
    [
        ("2026-11-10T00:00:00", {}, None),
        ("1970-01-01T00:00:00", {}, None),
        ("0001-01-01T00:00:00", {}, None),
        ("2026-11-01T00:00:00", {"since": FIRST, "until": LAST}, None),
        ("2026-11-20T23:59:59", {"since": FIRST, "until": LAST}, None),
        (
            "2026-10-31T23:59:59",
            {"since": FIRST, "until": LAST},
            f"the key {ID} is trusted from 2026-11-01, and it was signed on 2026-10-31",
        ),
        (
            "2026-11-21T00:00:00",
            {"since": FIRST, "until": LAST},
            f"the key {ID} was trusted until 2026-11-20, and it was signed on 2026-11-21",
        ),
        ("1970-01-01T00:00:00", {"until": LAST}, None),
        ("2026-11-26T12:10:00", {}, None),
        (
            "2026-11-26T12:10:01",
            {},
            "it says that it was signed at 2026-11-26 12:10 UTC, which has not come yet: its clock or ours is wrong",
        ),
        (
            "9999-12-31T23:59:59",
            {"until": LAST},
            "it says that it was signed at 9999-12-31 23:59 UTC, which has not come yet: its clock or ours is wrong",
        ),
        ("2026-11-10T00:00:00", {"revoked": day("2026-11-27")}, None),
        ("2026-11-10T00:00:00", {"revoked": day("2026-11-26")}, f"the key {ID} was revoked on 2026-11-26"),
        # From before it was revoked, and from before it was stolen: the thief can write that too.
        ("2001-01-01T00:00:00", {"revoked": day("2026-11-26")}, f"the key {ID} was revoked on 2026-11-26"),
        ("2001-01-01T00:00:00", {"revoked": FIRST, "name": "acme's"}, "the key acme's was revoked on 2026-11-01"),
        ("9999-01-01T00:00:00", {"revoked": FIRST, "since": LAST}, f"the key {ID} was revoked on 2026-11-01"),
    ],
)
def test_refuses(at: str, key: dict[str, Any], sentence: str | None) -> None:
    assert TrustedKey(ONE, **key).refuses(moment(at), NOW) == sentence


def test_key_id__is_of_the_raw_key() -> None:
    assert TrustedKey(ONE).id == key_id(bytes([1] * 32)) == "72cd6e8422c407fb"


def test_keys_of__are_dated_ones_and_plain_ones() -> None:
    dated = DatedKey(key=ONE, name="acme's", since="2026-11-01", until="2026-11-20", revoked="2026-11-21")

    keys = keys_of(Declaration(trusted_keys=(OTHER,), keys=(dated,)))

    assert set(keys) == {TrustedKey(OTHER), TrustedKey(ONE, "acme's", FIRST, LAST, day("2026-11-21"))}


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([], None),
        ([TrustedKey(OTHER)], None),
        ([TrustedKey(OTHER), TrustedKey(ONE)], TrustedKey(ONE)),
        ([TrustedKey(ONE), TrustedKey(ONE, revoked=LAST)], TrustedKey(ONE, revoked=LAST)),
        ([TrustedKey(ONE, revoked=LAST), TrustedKey(ONE, revoked=FIRST)], TrustedKey(ONE, revoked=FIRST)),
        ([TrustedKey(ONE), TrustedKey(ONE, "acme's", until=LAST)], TrustedKey(ONE, "acme's", until=LAST)),
        (
            [TrustedKey(ONE, "a", FIRST, LAST), TrustedKey(OTHER), TrustedKey(ONE, "b", LAST, FIRST)],
            TrustedKey(ONE, "a", LAST, FIRST),
        ),
    ],
)
def test_by_id__a_key_named_twice_is_believed_when_both_say_so(
    keys: list[TrustedKey], found: TrustedKey | None
) -> None:
    assert by_id(keys, ID) == found
