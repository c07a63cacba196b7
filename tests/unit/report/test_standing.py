"""What a rerun will take, and how it stands."""

import pytest

from evalmark.formats.declaration import TaskDeclaration
from evalmark.formats.prices import Price
from evalmark.formats.settings import TokensPerSample
from evalmark.judge.case import Unfinished
from evalmark.judge.forecast import forecast
from evalmark.plan.cost import Cost, cost
from evalmark.plan.making import Limits
from evalmark.report.standing import budget_as_text, forecasts_as_text, standings
from tests.builders import claim, job, measured, ones

NOISELESS = TaskDeclaration(unit="percent", tolerance=0.02, noise=0.0)
RERUN = Unfinished(job(), NOISELESS)
FREE = cost(1, None, None)


def told(total: int, each: Cost = FREE, *digits: str) -> str:
    claims = [claim(each_one) for each_one in digits or ("57.0",)]
    return forecasts_as_text((forecast(about, RERUN, total) for about in claims), total, each)


def test_forecast__says_how_many_samples_to_expect() -> None:
    text = told(2000)

    assert text.startswith("    57.0 within ±2.0 points, 2,000 samples: probably decided after 1,")
    assert " if it is true, " in text
    assert text.endswith(" if it is 10 points too high\n")


def test_forecast__of_a_small_benchmark_takes_all_of_it() -> None:
    assert told(30) == "    57.0 within ±2.0 points, 30 samples: it will probably take all 30\n"


def test_forecast__a_score_that_is_claimed_twice_is_told_once() -> None:
    assert told(2000, FREE, "57.0", "57.0", "67.0").count("\n") == 2


def test_forecast__with_tokens_and_prices() -> None:
    each = cost(1, TokensPerSample(input=1000, output=500), Price(input=2.0, output=8.0))

    assert told(30, each).endswith("; up to 45,000 tokens, 0.18 dollars\n")


def test_forecast__of_settings_that_nobody_knows() -> None:
    unknown = Unfinished(job(settings_from="unknown", epochs=4), TaskDeclaration())

    found = forecast(claim("57.0"), unknown, 100)

    assert found.margins.mismatch > found.margins.verified


@pytest.mark.parametrize(
    ("right", "line"),
    [
        (57, "57.0 % [57.0, 57.0], claimed 57.0: verified"),
        (47, "47.0 % [47.0, 47.0], claimed 57.0: mismatch"),
    ],
)
def test_standing__says_the_interval(right: int, line: str) -> None:
    assert list(standings([claim()], RERUN, measured(ones(right)))) == [line]


def test_standing__undecided() -> None:
    (line,) = standings([claim()], RERUN, measured(ones(57), 1000))

    assert line.endswith("claimed 57.0: undecided")


def test_standing__says_how_long_it_may_take() -> None:
    (line,) = standings([claim()], RERUN, measured(ones(57), 1000), seconds=10.0)
    (decided,) = standings([claim()], RERUN, measured(ones(57)), seconds=10.0)

    assert line.endswith(" s more")
    assert "more" not in decided


def test_standing__of_scores_that_cannot_be_judged_says_nothing() -> None:
    assert list(standings([claim()], RERUN, measured([7.0] * 50))) == []


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(), ""),
        (Limits(samples=12_032), ""),
        (Limits(samples=100), "    the budget allows 100 samples, and a true claim takes about "),
        (Limits(all_tokens=50_000), "    the budget allows 50 samples, and a true claim takes about "),
    ],
)
def test_budget__one_that_leaves_a_claim_open_is_told_before_it_is_spent(limits: Limits, expected: str) -> None:
    total = 12_032
    told = budget_as_text([forecast(claim(), RERUN, total)], total, limits, Cost(1, 900, 100, None))

    assert told.startswith(expected)
    assert bool(told) == bool(expected)
