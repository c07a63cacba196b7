"""Which benchmarks may run, and at which commit."""

import pytest

from evalmark.errors import UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.plan.allowed import allowed_ref, parse_allowed

SHA, OTHER = "a" * 40, "b" * 40


@pytest.mark.parametrize(
    ("line", "claimed", "runs"),
    [
        ("acme/sums", None, None),
        ("acme/sums", SHA, SHA),
        (f"acme/sums@{SHA}", None, SHA),
        (f"acme/sums@{SHA}", SHA, SHA),
    ],
)
def test_allowed__a_listed_benchmark_runs(line: str, claimed: str | None, runs: str | None) -> None:
    assert allowed_ref(BenchmarkRef("acme/sums", claimed), parse_allowed([line])) == BenchmarkRef("acme/sums", runs)


@pytest.mark.parametrize(
    ("lines", "claimed", "line_to_add"),
    [
        ([], None, "acme/sums"),
        (["acme/other"], None, "acme/sums"),
        (["Acme/sums"], None, "acme/sums"),
        ([f"acme/sums@{SHA}"], OTHER, f"acme/sums@{OTHER}"),
    ],
)
def test_allowed__any_other_does_not_and_the_advice_has_the_line(
    lines: list[str], claimed: str | None, line_to_add: str
) -> None:
    found = allowed_ref(BenchmarkRef("acme/sums", claimed), parse_allowed(lines))

    assert isinstance(found, BenchmarkMissing)
    assert not found.allowed
    assert found.advice.endswith(f" {line_to_add}")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["gsm8k"], "names no benchmark"),
        (["acme/sums@main"], "names no benchmark"),
        (["acme/sums@abc123"], "names no benchmark"),
        (["*"], "names no benchmark"),
        (["acme/../sums"], "names no benchmark"),
        (["acme/sums", "acme/sums"], "twice"),
    ],
)
def test_parse__a_line_that_names_no_benchmark_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(UsageProblem, match=message):
        parse_allowed(lines)
