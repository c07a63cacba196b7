"""When a verdict no longer speaks of a claim."""

import pytest

from evalmark.freshness import Today, why_stale
from tests.builders import DATASET_SHA, verdict

FRESH = Today("57.0", None, DATASET_SHA, "w1")


@pytest.mark.parametrize(
    ("today", "weights_then", "expected"),
    [
        pytest.param(FRESH, "w1", None, id="nothing changed"),
        pytest.param(Today("57.5", None, DATASET_SHA, "w1"), "w1", "the score was 57.0", id="score"),
        pytest.param(Today("57.0", None, "c" * 40, "w1"), "w1", "the benchmark has changed", id="benchmark"),
        pytest.param(Today("57.0", "c" * 40, DATASET_SHA, "w1"), "w1", "names another commit", id="named benchmark"),
        pytest.param(Today("57.0", DATASET_SHA, "c" * 40, "w1"), "w1", None, id="the named commit is what ran"),
        pytest.param(Today("57.0", None, DATASET_SHA, "w2"), "w1", "weights have changed", id="weights"),
        pytest.param(Today("57.0", None, None, None), None, None, id="what nobody knows makes nothing stale"),
    ],
)
def test_why_stale(today: Today, weights_then: str | None, expected: str | None) -> None:
    found = why_stale(verdict(), weights_then, today)

    assert (found is None) == (expected is None)
    assert expected is None or expected in (found or "")


def test_why_stale__without_a_rerun_only_the_score_counts() -> None:
    assert why_stale(verdict(numbers=None), "w1", Today("57.0", "c" * 40, "c" * 40, "w2")) is None
