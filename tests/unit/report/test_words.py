"""What the dashboard calls things."""

from dataclasses import replace
from typing import get_args

import pytest

from evalmark.board import RUNGS
from evalmark.record import ClaimRecord, ReceiptState
from evalmark.report import words
from tests.records import DAY, claim, rerun


@pytest.mark.parametrize(
    ("of", "kind", "word"),
    [
        (claim(), "claimed", "claimed"),
        (rerun(claim(), "verified", 57), "verified", "verified"),
        (rerun(claim(), "mismatch", 41), "contradicted", "contradicted"),
        (rerun(claim(), "inconclusive", 55), "inconclusive", "inconclusive"),
        (claim(verdict="not-rerunnable"), "inconclusive", "not rerunnable"),
        (claim(verdict="error"), "inconclusive", "rerun failed"),
        (claim(verdict="of a newer version"), "claimed", "claimed"),
        (replace(rerun(claim(), "verified", 57), stale="changed"), "stale", "stale"),
        (replace(rerun(claim(), "mismatch", 41), stale="changed"), "stale", "stale verdict"),
    ],
)
def test_standing__by_the_newest_verdict(of: ClaimRecord, kind: str, word: str) -> None:
    assert (words.standing(of).kind, words.standing(of).word) == (kind, word)


@pytest.mark.parametrize(
    ("of", "shown", "signature"),
    [
        (claim(), "○ claimed", ""),
        (
            rerun(claim(receipt="valid", signed_by="the lab"), "verified", 57),
            "✓ verified ⚿ signed",
            "signed by the lab on 2026-11-03",
        ),
        (
            rerun(claim(receipt="valid", signed_by="\x1b[31mlab"), "mismatch", 41),
            "✗ contradicted ⚿ signed",
            "signed by [31mlab on 2026-11-03",
        ),
        (rerun(claim(receipt="valid"), "mismatch", 41), "✗ contradicted", ""),
        (rerun(claim(receipt="stale", stale="changed"), "verified", 57), "↻ stale", ""),
        (rerun(claim(receipt="stale"), "verified", 57), "✓ verified (receipt stale)", ""),
        (claim(receipt="untrusted"), "○ claimed (receipt not trusted)", ""),
        (claim(receipt="invalid"), "○ claimed (receipt invalid)", ""),
        (claim(receipt="unchecked"), "○ claimed (receipt not checked)", ""),
        (claim(receipt="of a newer version"), "○ claimed", ""),
    ],
)
def test_marked__with_what_is_known_of_receipts(of: ClaimRecord, shown: str, signature: str) -> None:
    assert (words.marked(of), words.signature(of)) == (shown, signature)


def test_receipts__every_state_has_words() -> None:
    assert set(words.RECEIPTS) == set(get_args(ReceiptState))
    assert len({each.symbol for each in words.RECEIPTS.values()}) == len(words.RECEIPTS)


def test_standings__differ_for_eyes_that_tell_no_colours_apart() -> None:
    assert len({each.symbol for each in words.LEGEND}) == len(words.LEGEND)


@pytest.mark.parametrize(
    ("of", "says"),
    [
        (claim(), "fits the benchmark"),
        (rerun(claim(), "verified", 57), "rerun on all 200 samples"),
        (rerun(claim(), "verified", 57, rung="sampled"), "rerun on 200 of 1,000 samples"),
        (claim(rung="full"), "rerun in full"),
        (claim(rung="log", samples_used=7), "its log agrees"),
        (claim(rung="<new>"), "<new>"),
    ],
)
def test_evidence__in_words(of: ClaimRecord, says: str) -> None:
    assert words.evidence(of) == says


def test_rungs__all_have_words() -> None:
    assert tuple(words.RUNGS) == RUNGS


@pytest.mark.parametrize(
    ("of", "unit", "says"),
    [
        (claim(value=57.0, digits="57.00"), "percent", "57.00 %"),
        (claim(value=0.57, unit="fraction", digits="0.57", score=57.0), "percent", "57.0 %"),
        (claim(value=57.0, unit="percent", digits="57", score=0.57), "fraction", "0.570"),
        (claim(value=57.0, unit=None, digits="57"), "percent", "57 %"),
        (claim(value=1234.5, unit=None, digits="1234.5"), None, "1234.5"),
    ],
)
def test_score__as_written_where_that_is_the_boards_unit(of: ClaimRecord, unit: str | None, says: str) -> None:
    assert words.score(of, unit) == says


def test_measured_and_interval__are_in_the_boards_unit() -> None:
    made = claim(value=0.57, unit="fraction", measured=0.575, low=0.5, high=0.6)

    assert words.measured(made, "percent") == pytest.approx(57.5)
    assert words.interval(made, "percent") == pytest.approx((50, 60))
    assert words.interval(replace(made, low=None), "percent") is None


@pytest.mark.parametrize(
    ("parameters", "says"),
    [(None, ""), (7_000_000_000, "7B"), (7_241_732_096, "7.24B"), (999_900_000, "1B"), (360_000_000, "360M"),
     (12, "12"), (1_000_000_000_000, "1T"), (1500, "1.5K")],
)  # fmt: skip
def test_size__as_people_say_it(parameters: int | None, says: str) -> None:
    assert words.size(parameters) == says


def test_times__are_in_utc() -> None:
    assert words.day(DAY) == "2026-11-01"
    assert words.minute(DAY) == "2026-11-01 12:00 UTC"
    assert words.instant(DAY) == "2026-11-01T12:00:00Z"
    assert words.day(None) == words.minute(None) == ""


def test_counted__has_a_plural() -> None:
    assert [words.counted(count, "row") for count in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]
