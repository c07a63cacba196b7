"""For any claim: whatever single thing changes, its receipt is no longer valid."""

import base64
import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import rfc8785
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from evalmark.adapters.signing import open_envelope
from evalmark.flows.receipts import check
from evalmark.keyring import TrustedKey
from evalmark.predicate import ClaimSubject
from evalmark.receipt import ClaimToday, Receipt, canonical_value, statement_of, subject_of
from evalmark.trust import State
from scripts.receipt_samples import VERIFIED
from scripts.receipt_vectors import KEYS, NOW, TRUSTED, envelope, text_of
from scripts.regenerate import receipt_schema

SCHEMA = Draft202012Validator(json.loads(receipt_schema()))
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
THREE_NAMES = st.tuples(NAMES, NAMES, NAMES)
NOTES = st.none() | st.sampled_from(["With tools", "w/ tools", "cot", "no tools", "5-shot"]) | NAMES
DIGITS = st.one_of(
    st.integers(-100, 100).map(str),
    st.decimals(-100, 100, allow_nan=False, allow_infinity=False, places=3).map(str),
    st.floats(-100, 100).filter(lambda number: number == 0 or abs(number) > 1e-99).map(repr),
)
UNITS = st.sampled_from(["percent", "fraction", None])
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | NAMES
    | st.just("")
    | st.sampled_from(
        [1e308, -0.0, 0.5, "2026-11-26T10:00:00", "2026-11-26T10:00:00Z", "verified", "a" * 64, "57", "-0"]
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
COMMITS = st.binary(min_size=20, max_size=20).map(bytes.hex)
VALUES = DIGITS.map(canonical_value)
FIELDS = st.sampled_from([*ClaimSubject.model_fields, "weights", "benchmark_revision"])
SEVEN = st.integers(0, 6)
PLACES = st.integers(0, 999)
STEPS = st.sampled_from([1, -1, 0.5, 10])
ANYTHING = st.sampled_from(["x", 1, True])
HOW = st.sampled_from(["change", "change", "delete", "add"])


class Scene(NamedTuple):
    """A receipt, and what it is about today: the same."""

    receipt: Receipt
    text: bytes
    today: ClaimToday


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A receipt for a random claim."""
    model, dataset_id, task_id = draw(THREE_NAMES)
    claim = subject_of(model, dataset_id, task_id, draw(NOTES), draw(DIGITS), draw(UNITS))
    update = {
        "claim": claim,
        "model": VERIFIED.model.model_copy(update={"weights": draw(DIGESTS), "revision": draw(COMMITS)}),
        "benchmark": VERIFIED.benchmark.model_copy(update={"revision": draw(COMMITS)}),
        "result": VERIFIED.result.model_copy(update={"claimed": float(claim.value)}),
    }
    receipt = VERIFIED.model_copy(update=update)
    text = KEYS["signer"].sign(statement_of(receipt)).encode()
    return Scene(receipt, text, ClaimToday(claim, receipt.model.weights, receipt.benchmark.revision))


def state(text: bytes, today: ClaimToday, key: TrustedKey = TRUSTED) -> State:
    return check(text, open_envelope, (key,), NOW, today).state


def changed_today(draw: st.DrawFn, today: ClaimToday) -> ClaimToday:
    """One field of the claim, the weights or the benchmark's revision is another."""
    field = draw(FIELDS)
    if field == "weights":
        return today._replace(weights=other(today.weights, draw(DIGESTS)))
    if field == "benchmark_revision":
        return today._replace(benchmark_revision=other(today.benchmark_revision, draw(COMMITS)))
    before = getattr(today.claim, field)
    drawn = {"value": VALUES, "unit": st.just("fraction" if before != "fraction" else "unknown")}
    after = draw(drawn[field]) if field in drawn else nearly(draw, before)
    return today._replace(claim=today.claim.model_copy(update={field: other(before, after)}))


def other(before: Any, after: Any) -> Any:
    """Another value, or the case does not count."""
    assume(after != before)
    return after


def nearly(draw: st.DrawFn, text: str) -> str:
    """What looks like a text, or another one."""
    alike = (f"{text} ", f" {text}", text.upper(), text[:-1], f"{text}\u200b", text.replace("a", "а"), draw(NAMES))
    return alike[draw(SEVEN)]


def leaves(body: Any) -> Iterator[tuple[Any, Any]]:
    """Every value of the statement that is no table or list, and every empty one, with where it stands."""
    for key in list(body) if isinstance(body, dict) else range(len(body)):
        if isinstance(body[key], dict | list) and body[key]:
            yield from leaves(body[key])
        else:
            yield body, key


def other_value(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + draw(STEPS)
    return other(value, nearly(draw, value)) if isinstance(value, str) else draw(ANYTHING)


def changed_payload(draw: st.DrawFn, text: bytes) -> bytes:
    """One field of what was signed is another, is gone, or is new; the signature is left."""
    envelope = json.loads(text)
    statement = json.loads(base64.b64decode(envelope["payload"]))
    places = list(leaves(statement))
    around, key = places[draw(PLACES) % len(places)]
    how = draw(HOW)
    if how == "change":
        around[key] = other_value(draw, around[key])
    elif how == "delete":
        del around[key]
    else:
        around.insert(key, copy.deepcopy(around[key])) if isinstance(around, list) else around.update({f"{key}x": 1})
    return text_of(envelope | {"payload": base64.b64encode(rfc8785.dumps(statement)).decode()})


@st.composite
def attacks(draw: st.DrawFn) -> tuple[Scene, bytes, ClaimToday, State]:
    """A scene; then the text and the day with one thing changed, and what the receipt then is."""
    scene = draw(scenes())
    if draw(st.booleans()):
        return scene, scene.text, changed_today(draw, scene.today), State.STALE
    return scene, changed_payload(draw, scene.text), scene.today, State.INVALID


def one_change_and_it_is_not_valid(attack: tuple[Scene, bytes, ClaimToday, State]) -> None:
    scene, text, today, expected = attack

    assert state(scene.text, scene.today) is State.VALID
    assert state(text, today) is expected


def run(cases: int) -> None:
    """So many different attacks."""
    quiet = settings(max_examples=cases, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    quiet(given(attacks())(one_change_and_it_is_not_valid))()


def test_any_single_change__makes_a_receipt_stale_or_invalid() -> None:
    run(300)


@pytest.mark.slow
def test_any_single_change_of_10_000__makes_a_receipt_stale_or_invalid() -> None:
    run(10_000)


@settings(max_examples=300, deadline=None)
@given(scenes(), st.sampled_from(["{}0", "+{}", "{}e0", " {} "]))
def test_the_same_score_written_otherwise__leaves_it_valid(scene: Scene, written: str) -> None:
    value = scene.today.claim.value
    digits = f"{value}.0" if "." not in value else value
    unsigned = written if not (written.startswith("+") and digits.startswith("-")) else "{}"
    claim = scene.today.claim.model_copy(update={"value": canonical_value(unsigned.format(digits))})

    assert state(scene.text, scene.today._replace(claim=claim)) is State.VALID


@settings(max_examples=500, deadline=None)
@given(PLACES, JSON_VALUES, st.booleans())
def test_whatever_a_trusted_key_signs__is_read_or_refused(place: int, value: Any, inside: bool) -> None:
    """A signer of another make may write anything: nothing of it crashes a reader, and what is read fits the schema."""
    statement = json.loads(json.dumps(statement_of(VERIFIED)))
    places = list(tables(statement["predicate"] if inside else statement))
    around, key = places[place % len(places)]
    around[key] = value

    checked = check(text_of(envelope(rfc8785.dumps(statement))), open_envelope, (TRUSTED,), NOW)

    assert checked.state in (State.VALID, State.UNTRUSTED) or checked.reasons
    if checked.receipt is not None:
        SCHEMA.validate(statement["predicate"])


def tables(body: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a statement."""
    for key in list(body) if isinstance(body, dict) else range(len(body)):
        yield body, key
        if isinstance(body[key], dict | list):
            yield from tables(body[key])
