from fractions import Fraction

import pytest

from evalmark.stats.sequential import Sequential
from evalmark.stats.units import clusters, macro_average
from tests.unit.stats.questions import known, question

GROUPS = ["algebra"] * 2 + ["law"] * 6 + ["music"] * 4
SCORES = [1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1]
MACRO = (Fraction(1, 2) + Fraction(4, 6) + Fraction(3, 4)) / 3


def test_macro_average__the_mean_of_units_is_the_mean_of_group_means() -> None:
    units = macro_average(GROUPS)
    values = [units.known(place, known([score])) for place, score in enumerate(SCORES)]

    mean = sum((low for low, _ in values), Fraction(0)) / len(values)

    assert units.interval((mean, mean)) == (MACRO, MACRO)
    assert all(0 <= low == high <= 1 for low, high in values)


def test_macro_average__equal_groups_are_the_plain_mean() -> None:
    units = macro_average(["a", "b", "a", "b"])

    assert (units.weights, units.factor) == ((Fraction(1),) * 4, Fraction(1))


def test_clusters__the_mean_of_units_is_the_mean_of_samples() -> None:
    units = clusters([2, 6, 4])
    parts = [SCORES[:2], SCORES[2:8], SCORES[8:]]
    values = [units.known(place, known(part)) for place, part in enumerate(parts)]

    mean = sum((low for low, _ in values), Fraction(0)) / 3

    assert units.interval((mean, mean)) == (Fraction(8, 12), Fraction(8, 12))
    assert all(0 <= low == high <= 1 for low, high in values)


def test_known__a_sample_without_a_score_leaves_its_part_open() -> None:
    assert clusters([2, 4]).known(0, known([1, None])) == (Fraction(1, 4), Fraction(1, 2))


@pytest.mark.parametrize(("claim", "answer"), [("0.638", "verified"), ("0.67", "mismatch")])
def test_question__is_answered_on_the_benchmarks_own_scale(claim: str, answer: str) -> None:
    """R is 0.6389, and the margin one point."""
    units = macro_average(GROUPS)
    sequential = Sequential(units.question(question(len(GROUPS), claim, "0.01")))
    for place, score in enumerate(SCORES):
        sequential.add(units.known(place, known([score])))

    assert sequential.answer == answer
    assert units.interval(sequential.interval()) == (MACRO, MACRO)


def test_question__of_clusters_is_about_as_many_units_as_clusters() -> None:
    asked = clusters([2, 4]).question(question(6, "0.5", "0.1"))

    assert (asked.total, asked.claim, asked.margins.verified) == (2, Fraction(3, 8), Fraction(3, 40))
