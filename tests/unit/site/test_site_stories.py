"""The story of a claim."""

import json
from datetime import timedelta

import pytest

from evalmark.record import VerdictRecord
from evalmark.web.site.places import Hosts
from evalmark.web.site.stories import read_proof, story
from tests.records import DAY, HOSTILE, claim, event


def verdict(**more: object) -> VerdictRecord:
    given: dict[str, object] = {
        "id": "v", "claim": claim().id, "model": "acme/adder", "dataset_id": "acme/sums", "task_id": "sums",
        "digits": "57.0", "verdict": "verified", "rung": "full", "at": DAY, "by": "prover", "stale": None, "body": "{}",
    }  # fmt: skip
    return VerdictRecord(**{**given, **more})  # type: ignore[arg-type]


def test_story__is_in_order_of_time_and_what_has_none_is_first() -> None:
    made = claim()
    events = (
        event(made, "merged", at=DAY),
        event(made, at=None),
        event(made, "amended", at=DAY - timedelta(days=1), old="1", new="2"),
    )

    found = story(events, (verdict(at=DAY + timedelta(days=1)),), Hosts())

    assert [step.title for step in found] == ["submitted", "changed", "merged", "verified"]
    assert found[0].when == "at a time that nobody tells"
    assert (found[1].old, found[1].new) == ("1", "2")


def test_story__a_verdict_is_told_once() -> None:
    made = claim()

    found = story((event(made, "verified", at=DAY), event(made, "submitted", at=DAY)), (verdict(),), Hosts())

    assert [step.title for step in found] == ["submitted", "verified"]


def test_read_proof__shows_what_is_there() -> None:
    body = {"reason": "Same.", "p_value": 0.12345, "run": {"model": "hf/acme/adder", "versions": {"inspect-ai": "1"}}}

    found = read_proof(json.dumps(body))

    assert found is not None
    assert found.reason == "Same."
    assert found.facts == (("Ran", "hf/acme/adder"), ("p-value", "0.1235"), ("Versions", "inspect-ai 1"))


@pytest.mark.parametrize("body", ["", "null", "[]", "{", "[" * 100_000, '"x"'])
def test_read_proof__what_is_no_verdict_is_none(body: str) -> None:
    assert read_proof(body) is None


@pytest.mark.parametrize("run", [None, [], "x", {"versions": [1]}, {"model": {"a": 1}}, {"model": True}])
def test_read_proof__odd_parts_are_left_out(run: object) -> None:
    found = read_proof(json.dumps({"run": run, "reason": HOSTILE}))

    assert found is not None
    assert found.facts == ()
    assert "\x1b" not in found.reason
