"""What counts as the same report."""

import pytest

from evalmark.authoring.duplicates import Standing, reported
from evalmark.checks.links import OtherClaim
from evalmark.formats.parse_results import LocatedEntry, parse_results


def located(task: str, value: str, notes: str = "") -> LocatedEntry:
    text = f"- dataset: {{id: acme/bench, task_id: {task}}}\n  value: {value}\n" + (
        f"  notes: {notes}\n" if notes else ""
    )
    return parse_results(".eval_results/bench.yaml", text.encode()).entries[0]


@pytest.mark.parametrize(
    ("theirs", "standing"),
    [
        (("easy", "57.0"), Standing.SAME),
        (("easy", "0.57"), Standing.SAME),
        (("easy", "57.04"), Standing.SAME),
        (("easy", "57.0", "no tools"), Standing.SAME),
        (("easy", "58.0"), Standing.OTHER),
        (("easy", "57.0", "With tools"), Standing.NEW),
        (("hard", "57.0"), Standing.NEW),
    ],
)
def test_one_report_against_another(theirs: tuple[str, ...], standing: Standing) -> None:
    other = OtherClaim(".eval_results/x.yaml", located(*theirs), 7)
    found = reported(located("easy", "57.0"), [other])
    assert found.standing is standing
    assert found.other == (None if standing is Standing.NEW else other)


def test_another_spelling_of_the_variant_is_the_same() -> None:
    other = OtherClaim(".eval_results/x.yaml", located("easy", "57.0", "w/ tools"))
    assert reported(located("easy", "57.0", "With tools"), [other]).standing is Standing.SAME


def test_one_that_says_the_same_counts_first() -> None:
    others = [OtherClaim("a.yaml", located("easy", "1.5"), 1), OtherClaim("b.yaml", located("easy", "57.0"), 2)]
    assert reported(located("easy", "57.0"), others).other == others[1]


def test_a_benchmark_in_capitals_is_the_same() -> None:
    other = OtherClaim(
        "a.yaml", parse_results("a.yaml", b"- dataset: {id: Acme/Bench, task_id: easy}\n  value: 57\n").entries[0]
    )
    assert reported(located("easy", "57.0"), [other]).standing is Standing.SAME
