"""Receipts that were found: whose they are, what is known of them, and what they make of a claim."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evalmark.adapters.signing import SigningKey, open_envelope
from evalmark.facts import BenchmarkMissing
from evalmark.flows.attach import Attached, Given
from evalmark.flows.found_receipts import (
    Benchmark,
    Holder,
    LookedAt,
    ReceiptFile,
    Trust,
    Where,
    as_in_receipts,
    has_moved,
    kept_file,
    look,
    look_alone,
    receipt_file,
    receipt_record,
)
from evalmark.flows.proofs import Proved, by_claim
from evalmark.flows.receipts_here import Receipts
from evalmark.freshness import Today
from evalmark.history import Standing, Version
from evalmark.keyring import TrustedKey
from evalmark.receipt import Known, VerifiedBy, receipt_of, statement_of
from evalmark.verdict import Answer, Rung
from tests.builders import DATASET_SHA, MODEL, NUMBERS, claim, entries, entry_text, found, verdict

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEY, OTHER = SigningKey.generate(), SigningKey.generate()
TRUST = Trust(open_envelope, (TrustedKey(KEY.public, "the lab"),))
ABOUT = (MODEL.name, "acme/sums", "sums", "")
UNIT = found(declaration='unit = "percent"\n')
AWAY = BenchmarkMissing("the Hub does not answer", "", surely=False)
GONE = BenchmarkMissing("there is none", "", surely=True)


def judged(answer: Answer = Answer.VERIFIED, digits: str = "57.0", **more: Any) -> Any:
    return verdict(answer, NUMBERS, claim=claim(digits, **more), rung=Rung.FULL)


def signed(key: SigningKey = KEY, days: int = 0, **more: Any) -> bytes:
    by = VerifiedBy(name="prover", where="", at=NOW - timedelta(days=9 - days), evalmark="1")
    return key.sign(statement_of(receipt_of(judged(**more), Known(None, None, by)))).encode()


def lying(body: bytes, pull: int | None = None) -> ReceiptFile:
    return receipt_file(body, Where("repo", MODEL.name, "a.json", "c" * 40, pull))


def on(*files: ReceiptFile, trust: Trust = TRUST, benchmark: Benchmark = UNIT, pull: int | None = None) -> Proved:
    standing = Standing("id", entries(entry_text("57.0"))[0], pull, Version({}), Version({}))
    today = Today("57.0", None, DATASET_SHA, None)
    receipts = Receipts(files, trust, NOW)
    return Proved((), receipts.on(standing, MODEL.name, frozenset({"57.0", "55"}), today, benchmark), pull)


@pytest.mark.parametrize(
    ("file", "trust", "benchmark", "state"),
    [
        pytest.param(signed(), TRUST, UNIT, "valid", id="valid"),
        pytest.param(signed(), TRUST, GONE, "valid", id="the benchmark is gone: the receipt's own unit"),
        pytest.param(signed(digits="55.0"), TRUST, UNIT, "stale", id="of an earlier score"),
        pytest.param(signed(OTHER), TRUST, UNIT, "untrusted", id="of a stranger"),
        pytest.param(signed(OTHER), TRUST, AWAY, "unchecked", id="perhaps of a key of the benchmark"),
        pytest.param(signed(), Trust(), UNIT, "unchecked", id="nothing to check it with"),
        pytest.param(signed(OTHER).replace(OTHER.id.encode(), KEY.id.encode()), TRUST, UNIT, "invalid", id="forged"),
        pytest.param(signed(days=99), TRUST, UNIT, "untrusted", id="of a day that has not come"),
    ],
)
def test_on__the_state_of_a_receipt(file: bytes, trust: Trust, benchmark: Benchmark, state: str) -> None:
    proved = on(lying(file), trust=trust, benchmark=benchmark)

    assert [each.state for each in proved.receipts] == [state]
    assert proved.receipt == state
    assert bool(proved.receipts[0].reasons) is (state != "valid")
    assert (proved.counts is not None) is (state in ("valid", "stale"))
    assert bool(proved.told) is (state in ("valid", "stale"))


@pytest.mark.parametrize(
    "about",
    [
        pytest.param({"model": "other/model"}, id="another model"),
        pytest.param({"dataset_id": "acme/other"}, id="another benchmark"),
        pytest.param({"task_id": "other"}, id="another task"),
        pytest.param({"notes": "With tools"}, id="another set-up"),
        pytest.param({"digits": "58.0"}, id="a score that the claim never had"),
    ],
)
def test_on__what_is_about_another_claim_is_left(about: dict[str, Any]) -> None:
    file = lying(signed(**about))
    receipts = Receipts([file], TRUST, NOW)
    standing = Standing("id", entries(entry_text("57.0"))[0], None, Version({}), Version({}))

    today = Today("57.0", None, DATASET_SHA, None)
    assert receipts.on(standing, MODEL.name, frozenset({"57.0"}), today, UNIT) == ()
    assert receipts.left == [file]
    assert look_alone(file, TRUST, NOW, MODEL.name).state == "stale"


def test_on__the_benchmarks_own_key_counts_and_its_revocation() -> None:
    mine = found(declaration=f'unit = "percent"\ntrusted_keys = ["{OTHER.public}"]\n')
    over = found(declaration=f'unit = "percent"\n[[keys]]\nkey = "{KEY.public}"\nrevoked = "2026-01-01"\n')

    assert on(lying(signed(OTHER)), benchmark=mine).receipt == "valid"
    assert on(lying(signed()), benchmark=over).receipt == "untrusted"


def test_proved__counts_with_the_signer_and_all_numbers() -> None:
    counts = on(lying(signed(answer=Answer.MISMATCH))).counts

    assert counts is not None
    assert (counts.answer, counts.contradicts, counts.rung, counts.by) == (Answer.MISMATCH, True, Rung.FULL, "prover")
    assert (counts.measured, counts.interval, counts.samples, counts.unit) == (
        47.0,
        (47.0, 47.0),
        (100, 100),
        "percent",
    )
    assert (counts.signed_by, counts.identity_proved, counts.at) == ("the lab", True, NOW - timedelta(days=9))


def with_verdict(proved: Proved, answer: Answer, days: int, seed: int = 7) -> Proved:
    given = judged(answer)
    given = given.model_copy(update={"run": given.run.model_copy(update={"shuffle_seed": seed})})
    at = NOW - timedelta(days=9 - days)
    return replace(proved, verdicts=(Attached(Given(given, at, "by file", given.model_dump_json()), None),))


def test_proved__a_verdict_and_its_receipt_are_one() -> None:
    both = with_verdict(on(lying(signed())), Answer.VERIFIED, 0)

    assert len(both.told) == 1
    assert both.counts is not None
    assert both.counts.signed_by == "the lab"


@pytest.mark.parametrize(
    ("days", "answer", "signer"), [(-1, Answer.VERIFIED, "the lab"), (1, Answer.MISMATCH, None)], ids=["older", "newer"]
)
def test_proved__the_newest_counts(days: int, answer: Answer, signer: str | None) -> None:
    both = with_verdict(on(lying(signed())), Answer.MISMATCH, days, seed=8)

    assert both.counts is not None
    assert (both.counts.answer, both.counts.signed_by, both.receipt) == (answer, signer, "valid")
    assert len(both.told) == 2


@pytest.mark.parametrize(
    ("body", "brought_by", "claim_of", "state"),
    [
        (signed(OTHER), 3, None, None),
        (signed(OTHER), 3, 3, "untrusted"),
        (signed(OTHER), None, None, "untrusted"),
        (signed(), 3, None, "valid"),
    ],
)
def test_proved__a_pull_request_brings_no_doubt_on_others(
    body: bytes, brought_by: int | None, claim_of: int | None, state: str | None
) -> None:
    assert on(lying(body, brought_by), pull=claim_of).receipt == state


def test_by_claim__the_same_content_once() -> None:
    here, there = lying(signed()), receipt_file(signed(), Where("folder", "receipts", "b.json"))

    assert by_claim([here, there]) == {ABOUT: [here]}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'{"payload": 3, "signatures": []}',
        b'{"payload": "e30=", "signatures": [{"keyid": "a"}]}',
        b'{"payload": "\xff"}',
        b"[" * 100_000,
        signed() + b" " * 200_000,
    ],
)
def test_receipt_file__what_is_none_says_nothing(body: bytes) -> None:
    file = lying(body)

    assert file.said is None
    record = receipt_record(look(file, TRUST, UNIT, NOW), Holder(MODEL.name, "hub", MODEL.name))
    assert (record.state, record.claim_digest, record.verdict, record.key) == ("invalid", None, None, None)
    assert len(record.reasons) == 1


def test_record__tells_only_what_somebody_vouches_for() -> None:
    held = Holder(MODEL.name, "hub", MODEL.name, "id")
    vouched, stranger = (receipt_record(look(lying(signed(key)), TRUST, UNIT, NOW), held) for key in (KEY, OTHER))

    assert (vouched.verdict, vouched.rung, vouched.by, vouched.key_name) == ("verified", "full", "prover", "the lab")
    assert (stranger.verdict, stranger.rung, stranger.by, stranger.key_name) == (None, None, None, None)
    assert (stranger.key, stranger.claim_digest) == (OTHER.id, vouched.claim_digest)
    assert kept_file(vouched) == lying(signed())
    assert vouched.id != receipt_record(look(lying(signed()), TRUST, UNIT, NOW), Holder("a/b", "hub", "a/b")).id


@pytest.mark.parametrize(
    ("then", "now", "moved"),
    [
        (TRUST, TRUST, False),
        (TRUST, Trust(open_envelope), True),
        (Trust(open_envelope), TRUST, True),
        (Trust(), TRUST, True),
        (Trust(open_envelope), Trust(open_envelope), False),
    ],
)
def test_has_moved__when_a_key_came_or_went(then: Trust, now: Trust, moved: bool) -> None:
    for digits in ("57.0", "55"):
        looked: tuple[LookedAt, ...] = on(lying(signed(digits=digits)), trust=then).receipts
        row = receipt_record(looked[0], Holder(MODEL.name, "hub", MODEL.name, "id"))
        assert has_moved(row, now, lambda _dataset: UNIT, NOW) is moved
    alone = receipt_record(look_alone(lying(signed()), then, NOW, MODEL.name), Holder(MODEL.name, "hub", MODEL.name))
    assert has_moved(alone, now, lambda _dataset: UNIT, NOW) is moved


def test_as_in_receipts() -> None:
    assert as_in_receipts(frozenset({"57.0", "5.7e1", "no number", ".nan"})) == {"57"}


def test_about_another_model__is_said() -> None:
    told = look_alone(lying(signed(model="other/model")), TRUST, NOW, MODEL.name)

    assert told.reasons == ("it is about another model, other/model",)
