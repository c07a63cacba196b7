"""Charts: the specification is right, and the numbers are the claims'."""

import json
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from altair.vegalite import schema
from jsonschema import Draft7Validator

from evalmark.record import ClaimRecord
from evalmark.web.site import charts
from tests.records import DAY, HOSTILE, claim, placed, rerun, small_world, task

SUMS = task()


def link(of: ClaimRecord) -> str:
    return f"claims/{of.id}/"


def sums() -> tuple[ClaimRecord, ...]:
    return tuple(each for each in small_world()[ClaimRecord] if each.dataset_id == "acme/sums")


@cache
def validator() -> Draft7Validator:
    return Draft7Validator(schema.load_schema())


def errors(chart: charts.Chart | None) -> list[str]:
    assert chart is not None
    return [error.message[:200] for error in validator().iter_errors(json.loads(charts.as_file(chart.spec)))]


@pytest.mark.parametrize("make", [charts.over_time, charts.against_claimed])
def test_specification__is_vega_lite(make: Any) -> None:
    assert errors(make(SUMS, sums(), link)) == []


def test_specification__a_planted_fault_is_found() -> None:
    made = charts.against_claimed(SUMS, sums(), link)
    assert made is not None
    made.spec["layer"][1]["mark"]["type"] = "ruler"

    assert errors(made) != []


def test_over_time__has_every_claim_and_the_best_so_far_as_steps() -> None:
    made = charts.over_time(SUMS, sums(), link)
    assert made is not None
    steps, points = (layer["data"]["values"] for layer in made.spec["layer"])

    assert len(points) == len(made.table) == len(sums())
    assert [step["score"] for step in steps] == sorted(step["score"] for step in steps)
    assert steps[0]["score"] == 34.9
    assert steps[-1]["score"] == 70.25
    assert {point["kind"] for point in points} == {"verified", "contradicted", "stale", "claimed"}


def test_against_claimed__has_each_rerun_with_its_interval() -> None:
    made = charts.against_claimed(SUMS, sums(), link)
    assert made is not None
    points = made.spec["layer"][2]["data"]["values"]

    assert {(point["score"], point["measured"], point["low"], point["high"]) for point in points} == {
        (57.0, 57.5, 55.5, 59.5), (56.0, 56.2, 54.2, 58.2), (99.0, 41.0, 39.0, 43.0), (61.0, 61.0, 59.0, 63.0),
    }  # fmt: skip
    assert ("acme/adder", "57.0 %", "57.5 %", "55.5 – 59.5", "verified") in made.table


def test_charts__there_is_none_where_there_is_nothing_to_show() -> None:
    assert charts.over_time(SUMS, (), link) is None
    assert charts.over_time(SUMS, (claim(), claim("b/c")), link) is None
    assert charts.over_time(SUMS, (claim(changed_at=None), claim("b/c")), link) is None
    assert charts.against_claimed(SUMS, (claim(),), link) is None


def test_charts__lower_is_better_goes_down() -> None:
    older = claim(value=0.2, unit="fraction", changed_at=DAY - timedelta(days=2))
    better, worse = claim(value=0.1, unit="fraction"), claim(value=0.3, unit="fraction")
    dated = [(DAY, each) for each in (older, better, worse)]

    assert [each for _, each in charts.best_so_far(dated, lower_is_better=True)] == [older, better]


def test_best_so_far__what_a_rerun_contradicted_is_no_best() -> None:
    wrong, fair = rerun(claim(value=99.0), "mismatch", 41), claim(value=50.0)

    assert [each for _, each in charts.best_so_far([(DAY, wrong), (DAY, fair)], lower_is_better=False)] == [fair]


def test_charts__of_very_many_claims_those_from_all_over_the_board_are_shown() -> None:
    many = [claim(f"crowd/m{n}", n / 100, changed_at=DAY - timedelta(days=n)) for n in range(900)]
    wrong = rerun(claim("late/wrong", 99.0), "mismatch", 0.5)
    made = charts.over_time(SUMS, placed((*many, wrong)), link)
    assert made is not None

    assert len(made.table) == charts.MOST_POINTS
    assert "Shown are 200 of 901." in made.about
    assert {"late/wrong", "crowd/m899", "crowd/m0"} <= {row[1] for row in made.table}


def test_charts__of_very_many_reruns_those_from_all_over_the_board_are_shown() -> None:
    many = [rerun(claim(f"crowd/m{n}", n / 10), "verified", n / 10) for n in range(700)]
    wrong = rerun(claim("late/wrong", 99.0), "mismatch", 0.5)
    made = charts.against_claimed(SUMS, placed((*many, wrong)), link)
    assert made is not None

    assert "Shown are 200 of 701." in made.about
    assert (made.table[0][0], made.table[-1][0]) == ("crowd/m699", "late/wrong")


@pytest.mark.parametrize("make", [charts.over_time, charts.against_claimed])
def test_charts__foreign_text_stays_text(make: Any) -> None:
    evil = rerun(
        claim(HOSTILE, variant="</script><script>alert(1)</script><!--", changed_at=DAY - timedelta(days=3)),
        "verified",
        57,
    )
    made = make(SUMS, (evil, claim()), link)

    assert "\u202e" not in charts.as_file(made.spec).decode()
    assert "\\u001b" not in charts.as_file(made.spec).decode()
    assert errors(made) == []
