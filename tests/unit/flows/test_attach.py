"""Verdicts and the claims that they are about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evalmark.flows.attach import Attached, Given, attached, verdict_events
from evalmark.flows.proofs import Proved
from evalmark.freshness import Today
from evalmark.history import Standing, Version
from evalmark.verdict import Answer
from tests.builders import DATASET_SHA, claim, entries, entry_text, verdict
from tests.records import claim as claim_record
from tests.records import event

AT = datetime(2026, 11, 1, tzinfo=UTC)
TODAY = Today("57.0", None, DATASET_SHA, None)


def given(answer: Answer = Answer.VERIFIED, days: int = 0, **about: Any) -> Given:
    body = verdict(answer, claim=claim(**about))
    return Given(body, AT + timedelta(days=days), "prover", body.model_dump_json())


def standing(value: str) -> Standing:
    return Standing("id", entries(entry_text(value))[0], None, Version({}), Version({}))


def on(*found: Given, values: tuple[str, ...] = ("57.0",), today: Today = TODAY) -> tuple[Attached, ...]:
    return attached(standing(today.digits), "acme/model", found, frozenset(values), today, lambda _commit: None)


@pytest.mark.parametrize(
    ("about", "is_ours"),
    [
        pytest.param({}, True, id="this claim"),
        pytest.param({"model": "other/model"}, False, id="another model"),
        pytest.param({"dataset_id": "acme/other"}, False, id="another benchmark"),
        pytest.param({"task_id": "other"}, False, id="another task"),
        pytest.param({"notes": "With tools"}, False, id="another set-up"),
        pytest.param({"notes": "no tools"}, True, id="another spelling of the same set-up"),
        pytest.param({"digits": "58.0"}, False, id="a score that this claim never had"),
    ],
)
def test_attached__to_the_claim_that_it_is_about(about: dict[str, Any], is_ours: bool) -> None:
    assert bool(on(given(**about))) == is_ours


def test_attached__to_a_claim_that_has_changed_since_as_stale() -> None:
    found = on(given(), values=("57.0", "58.0"), today=Today("58.0", None, DATASET_SHA, None))

    assert [each.stale for each in found] == ["the score was 57.0 when it was looked at, and is 58.0 now"]


def counted(found: Sequence[Attached]) -> tuple[Answer, datetime, str | None] | None:
    counts = Proved(tuple(found)).counts
    return (counts.answer, counts.at, counts.stale) if counts is not None else None


def test_that_counts__the_newest_that_still_holds() -> None:
    newest = on(given(Answer.INCONCLUSIVE, 3), given(Answer.VERIFIED, 1))

    assert counted(newest) == (Answer.INCONCLUSIVE, AT + timedelta(days=3), None)


def test_that_counts__else_the_newest_stale_one_else_none() -> None:
    stale = Attached(given(), "moved")

    assert counted([stale]) == (Answer.VERIFIED, AT, "moved")
    assert counted([]) is None
    assert counted([Attached(given(), None), Attached(given(days=2), "moved")]) == (Answer.VERIFIED, AT, None)


def test_verdict_events__tell_verified_and_verified_again() -> None:
    answers = (Answer.VERIFIED, Answer.ERROR, Answer.MISMATCH, Answer.INCONCLUSIVE, Answer.VERIFIED)
    found = on(*(given(answer, day) for day, answer in enumerate(answers)))

    told = list(verdict_events(event(claim_record()), [each.told for each in found]))

    assert [each.kind for each in told] == ["verified", "contradicted", "inconclusive", "re-verified"]
    assert {(each.by, each.old, each.new) for each in told} == {("prover", "57.0", "47")}
