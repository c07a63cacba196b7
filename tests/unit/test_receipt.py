"""What a receipt says, its canonical form, and what is no receipt; in tables."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evalmark.predicate import canonical
from evalmark.receipt import (
    LARGEST,
    SIGNED,
    ClaimToday,
    Known,
    NotAReceipt,
    VerifiedBy,
    canonical_value,
    changes,
    read_statement,
    receipt_of,
    statement_of,
    strict_json,
    subject_of,
    utc,
    weights_digest,
)
from evalmark.verdict import Answer, Rung
from scripts.receipt_samples import MISMATCH, UNUSUAL, VERIFIED, with_changes
from tests.builders import DATASET_SHA, MODEL_SHA, claim, run_record, verdict

BY = VerifiedBy(name="acme", where="", at=datetime(2026, 11, 26, 10, tzinfo=UTC), evalmark="0.1.0")
KNOWN = Known("c" * 64, "d" * 64, BY)


@pytest.mark.parametrize(
    ("digits", "value"),
    [
        ("57", "57"),
        ("57.0", "57"),
        ("57.", "57"),
        ("+57.00", "57"),
        ("057", "57"),
        ("5.7e1", "57"),
        ("570e-1", "57"),
        ("1200", "1200"),
        ("1.2E3", "1200"),
        ("1_200", "1200"),
        (".5", "0.5"),
        ("0.50", "0.5"),
        ("-.5", "-0.5"),
        ("1e-7", "0.0000001"),
        ("0", "0"),
        ("0.000", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("0e5", "0"),
        ("57.10000000000000142", "57.10000000000000142"),
        ("1e100", "1" + "0" * 100),
    ],
)
def test_canonical_value(digits: str, value: str) -> None:
    assert canonical_value(digits) == value


@pytest.mark.parametrize(
    ("digits", "sentence"),
    [
        ("", "'' is no number"),
        ("57 %", "'57 %' is no number"),
        ("0x1f", "'0x1f' is no number"),
        ("nan", "'nan' is no score"),
        ("-inf", "'-inf' is no score"),
        ("1e101", "'1e101' is no score"),
        ("1e-101", "'1e-101' is no score"),
        ("0." + "1" * 399, f"'0.{'1' * 38}' is no score"),
        ("1e999999999999999999", "'1e999999999999999999' is no score"),
        ("x" * 1000, f"'{'x' * 40}' is no number"),
    ],
)
def test_canonical_value__refuses(digits: str, sentence: str) -> None:
    with pytest.raises(ValueError, match="is no") as caught:
        canonical_value(digits)

    assert str(caught.value) == sentence


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=12))
def test_canonical_value__is_one_for_one_number(number: Any) -> None:
    value = canonical_value(str(number))

    assert canonical_value(value) == value
    assert canonical_value(f"{number:e}") == value
    assert canonical_value(f"{number:f}000") == value
    assert subject_of("a/b", "c/d", "e", None, value, None).value == value


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_claim_digest__is_that_of_rfc_8785(model: str, dataset_id: str, task_id: str, notes: str) -> None:
    subject = subject_of(model, dataset_id, task_id, notes, "57.0", "percent")

    assert canonical(subject.model_dump()) == rfc8785.dumps(subject.model_dump())
    assert subject.digest == hashlib.sha256(rfc8785.dumps(subject.model_dump())).hexdigest()


@pytest.mark.parametrize(
    ("notes", "digits", "unit", "same"),
    [
        (None, "57.00", "percent", True),
        ("", "57", "percent", True),
        ("no tools", "5.7e1", "percent", True),
        ("With tools", "57", "percent", False),
        (None, "57.01", "percent", False),
        (None, "57", "fraction", False),
        (None, "57", None, False),
    ],
)
def test_claim_digest__is_one_for_one_claim(notes: str | None, digits: str, unit: str | None, same: bool) -> None:
    digest = subject_of("acme/model", "acme/sums", "sums", notes, digits, unit).digest

    assert (digest == VERIFIED.claim.digest) is same


@pytest.mark.parametrize("answer", sorted(SIGNED))
def test_receipt_of__says_what_the_verdict_says(answer: Answer) -> None:
    run = run_record(model_args={"device": "cpu"}, scorer="match", reducer="mean")

    receipt = receipt_of(verdict(answer, run=run), KNOWN)

    assert (receipt.claim.value, receipt.claim.unit, receipt.claim.variant) == ("57", "percent", "")
    assert (receipt.model.revision, receipt.model.weights) == (MODEL_SHA, "c" * 64)
    assert (receipt.benchmark.revision, receipt.benchmark.eval_yaml) == (DATASET_SHA, "d" * 64)
    assert (receipt.result.verdict, receipt.result.rung, receipt.result.measured) == (answer, Rung.FULL, 47.0)
    assert (receipt.run.scorer, receipt.by) == ("match", BY)
    assert read_statement(rfc8785.dumps(statement_of(receipt))) == receipt


@pytest.mark.parametrize("answer", sorted(set(Answer) - SIGNED))
def test_receipt_of__refuses_what_no_rerun_led_to(answer: Answer) -> None:
    with pytest.raises(ValueError, match=f"a verdict `{answer}` is no result of a rerun"):
        receipt_of(verdict(answer), KNOWN)


def test_receipt_of__refuses_a_mismatch_that_a_log_alone_showed() -> None:
    with pytest.raises(ValueError, match="is no result of a rerun"):
        receipt_of(verdict(Answer.MISMATCH, None, rung=Rung.LOG), KNOWN)


def test_receipt_of__takes_the_digits_of_the_file() -> None:
    digits = "57.10000000000000142"

    assert receipt_of(verdict(claim=claim(digits)), KNOWN).claim.value == digits


@pytest.mark.parametrize("receipt", [VERIFIED, MISMATCH, UNUSUAL])
def test_read_statement__reads_what_was_written(receipt: Any) -> None:
    assert read_statement(rfc8785.dumps(statement_of(receipt))) == receipt


def changed(**parts: Any) -> bytes:
    """A statement with other parts."""
    return json.dumps(statement_of(VERIFIED) | parts).encode()


def predicate(place: str, value: Any) -> bytes:
    """A statement with another value in its predicate."""
    return changed(predicate=with_changes(statement_of(VERIFIED)["predicate"], {place: value}))


SHAPE = "its predicate is not as docs/receipts.md describes it, at "
SUBJECTS = statement_of(VERIFIED)["subject"]
NOT_RECEIPTS = [
    pytest.param(b"x" * (LARGEST + 1), "its payload has over 65536 bytes", id="large"),
    pytest.param(b"", "its payload cannot be read: it is no JSON", id="nothing"),
    pytest.param(b"\xff", "its payload cannot be read: it is no JSON", id="not UTF-8"),
    pytest.param(b"\xef\xbb\xbf{}", "its payload cannot be read: it is no JSON", id="byte order mark"),
    pytest.param(
        b'{"a":1,"\\u0061":2}', "its payload cannot be read: its JSON has a key twice in one object", id="twice"
    ),
    pytest.param(b'{"a":NaN}', "its payload cannot be read: its JSON has NaN, which is no number", id="NaN"),
    pytest.param(
        b"[-Infinity]", "its payload cannot be read: its JSON has -Infinity, which is no number", id="Infinity"
    ),
    pytest.param(b"[" * 21 + b"]" * 21, "its payload cannot be read: its JSON is nested too deeply", id="deep"),
    pytest.param(b"[" * 30000, "its payload cannot be read: its JSON is nested too deeply", id="too deep to be read"),
    pytest.param(b"9" * 5000, "its payload cannot be read: it is no JSON", id="a number without end"),
    pytest.param(b"[]", "it is no in-toto Statement v1", id="list"),
    pytest.param(changed(_type="https://in-toto.io/Statement/v0.1"), "it is no in-toto Statement v1", id="older"),
    pytest.param(
        changed(predicateType="https://slsa.dev/provenance/v1"),
        "it is a statement about something else than an evalmark verdict",
        id="another predicate",
    ),
    pytest.param(changed(more=1), "the statement has other keys than a receipt", id="more keys"),
    pytest.param(changed(predicate=7), f"{SHAPE}''", id="no predicate"),
    pytest.param(predicate("model.weights", "0"), f"{SHAPE}'model.weights'", id="no digest"),
    pytest.param(predicate("model.verifyToken", "x"), f"{SHAPE}'model.verifyToken'", id="unknown field"),
    pytest.param(predicate("result.measured", "57.1"), f"{SHAPE}'result.measured'", id="text for a number"),
    pytest.param(predicate("run.epochs", "1"), f"{SHAPE}'run.epochs'", id="text for a whole number"),
    pytest.param(predicate("result.verdict", "error"), f"{SHAPE}'result.verdict'", id="verdict of no rerun"),
    pytest.param(predicate("result.rung", "log"), f"{SHAPE}'result.rung'", id="evidence of no rerun"),
    pytest.param(predicate("by.at", "2026-11-26T10:00:00"), f"{SHAPE}'by.at'", id="time without a zone"),
    pytest.param(predicate("by.at", "2026-11-26T11:00:00+01:00"), f"{SHAPE}'by.at'", id="time not in UTC"),
    pytest.param(predicate("by.at", 1795687200), f"{SHAPE}'by.at'", id="time as a number"),
    pytest.param(predicate("claim.value", "57.0"), f"{SHAPE}'claim.value'", id="value not canonical"),
    pytest.param(predicate("claim.value", "-0"), f"{SHAPE}'claim.value'", id="minus nothing"),
    pytest.param(predicate("claim.value", "57\n"), f"{SHAPE}'claim.value'", id="line feed after the value"),
    pytest.param(predicate("claim.task_id", "\ud800"), f"{SHAPE}''", id="half of a surrogate pair"),
    pytest.param(
        predicate("run.platform", 1).replace(b'"platform"', b'"\\u001b[31m' + b"x" * 200 + b'"'),
        f"{SHAPE}'run.platform'",
        id="missing field",
    ),
    pytest.param(
        predicate("by.\x1b[31m" + "x" * 200, 1),
        f"{SHAPE}'by.\\x1b[31m{'x' * 72}'",
        id="a name that a terminal would obey",
    ),
    pytest.param(
        changed(subject=SUBJECTS[:1]), "its subjects are not those that its predicate speaks of", id="one subject"
    ),
    pytest.param(
        changed(subject=SUBJECTS[::-1]), "its subjects are not those that its predicate speaks of", id="other order"
    ),
    pytest.param(
        predicate("claim.model", "acme/other"),
        "its subjects are not those that its predicate speaks of",
        id="other claim",
    ),
    pytest.param(
        predicate("result.claimed", 97),
        "its result is about another score than its claim",
        id="result of another claim",
    ),
]


@pytest.mark.parametrize(("payload", "sentence"), NOT_RECEIPTS)
def test_read_statement__says_why_it_is_no_receipt(payload: bytes, sentence: str) -> None:
    with pytest.raises(NotAReceipt) as caught:
        read_statement(payload)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("depth", [20, 21, 200, 500, 900, 1000, 3000, 60000])
def test_strict_json__counts_levels_of_any_number(depth: int) -> None:
    text = b"[" * (depth - 1) + b"1" + b"]" * (depth - 1)
    if depth == 20:
        strict_json(text)
        return
    with pytest.raises(NotAReceipt, match="its JSON is nested too deeply"):
        strict_json(text)


@pytest.mark.parametrize(
    ("today", "sentences"),
    [
        (ClaimToday(VERIFIED.claim), []),
        (ClaimToday(VERIFIED.claim, "c" * 64, "b" * 40), []),
        (ClaimToday(VERIFIED.claim, "e" * 64), ["the model's weights have changed since aaaaaaaaaaaa"]),
        (
            ClaimToday(VERIFIED.claim, None, "f" * 40),
            ["the benchmark's revision was bbbbbbbbbbbb and is ffffffffffff"],
        ),
        (
            ClaimToday(subject_of("acme/b", "acme/c", "d", "cot", "1", None), "e" * 64),
            [
                "it is about the model 'acme/model', not about 'acme/b'",
                "it is about the benchmark 'acme/sums', not about 'acme/c'",
                "it is about the task 'sums', not about 'd'",
                "it is about the set-up '', not about 'chain-of-thought'",
                "the score was 57 and is 1",
                "the unit was percent and is unknown",
                "the model's weights have changed since aaaaaaaaaaaa",
            ],
        ),
    ],
)
def test_changes(today: ClaimToday, sentences: list[str]) -> None:
    assert list(changes(VERIFIED, today)) == sentences


def test_changes__of_a_model_that_had_no_weights() -> None:
    assert list(changes(UNUSUAL, ClaimToday(UNUSUAL.claim, None))) == []
    assert list(changes(UNUSUAL, ClaimToday(UNUSUAL.claim, "e" * 64))) != []


def test_utc__is_to_the_second() -> None:
    there = datetime(2026, 11, 26, 11, 0, 0, 999999, tzinfo=timezone(timedelta(hours=1)))

    assert utc(there) == datetime(2026, 11, 26, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        ({}, None),
        ({"README.md": "gitblob:1"}, None),
        (
            {"b.GGUF": "sha256:2", "a/x.safetensors": "gitblob:1", "c.txt": "gitblob:3"},
            "a/x.safetensors gitblob:1\nb.GGUF sha256:2",
        ),
        ({"model.safetensors.index.json": "gitblob:1", "x.bin.py": "gitblob:1"}, None),
        ({"a\nb.bin": "sha256:2"}, "a\nb.bin sha256:2"),
    ],
)
def test_weights_digest__is_as_the_page_says(files: dict[str, str], lines: str | None) -> None:
    assert weights_digest(files) == (hashlib.sha256(lines.encode()).hexdigest() if lines else None)
