"""Annotations of a run: within GitHub's limits, and no foreign text is a command."""

from collections import Counter

from hypothesis import given

from evalmark.finding import Finding, Place, Severity
from evalmark.report.annotations import error_command, notice_command
from evalmark.report.run_annotations import annotations
from evalmark.verdict import Answer
from tests.builders import claim, verdict
from tests.unit.report.hostile import hostile, verdict_with


def finding(severity: Severity = Severity.ERROR, text: str = "wrong") -> Finding:
    return Finding("a-rule", severity, Place(".eval_results/a.yaml", 3, 7), text, text)


def levels(text: str) -> Counter[str]:
    return Counter(line[2:].partition(" ")[0] for line in text.splitlines())


def test_annotations__a_verdict_stands_at_the_line_of_its_claim() -> None:
    (line,) = annotations((), [verdict(Answer.MISMATCH)]).splitlines()

    assert line.startswith(
        "::error file=.eval_results/sums.yaml,line=4,col=10,title=mismatch::claimed 57.0 %25, rerun 47.0"
    )


def test_annotations__each_level_has_ten_and_the_rest_are_counted() -> None:
    findings = [finding(severity) for severity in Severity for _ in range(15)]
    verdicts = [verdict(answer) for answer in Answer for _ in range(15)]
    text = annotations(findings, verdicts)

    assert levels(text) == {"error": 10, "warning": 10, "notice": 10}
    assert text.splitlines()[-1].startswith("::notice title=evalmark::91 more annotations")


def test_annotations__a_verdict_without_numbers() -> None:
    text = annotations((), [verdict(Answer.NOT_RERUNNABLE, numbers=None)])

    assert text.endswith("::claimed 57.0: a reason of ours\n")


def test_annotations__advice_follows_the_reason() -> None:
    assert annotations((), [verdict(advice="do this")]).endswith("a reason of ours — do this\n")


def test_annotations__the_worst_verdict_comes_first() -> None:
    lines = annotations((), [verdict(Answer.VERIFIED), verdict(Answer.INCONCLUSIVE), verdict(Answer.MISMATCH)])

    assert [line[2:].partition(" ")[0] for line in lines.splitlines()] == ["error", "warning", "notice"]


@given(hostile)
def test_annotations__foreign_text_is_no_command_and_no_property(foreign: str) -> None:
    about = verdict_with(foreign).model_copy(update={"claim": claim(file=foreign)})
    text = annotations([finding(text=foreign)], [about]) + error_command(foreign, foreign) + notice_command(foreign)

    lines = text.split("\n")
    assert [line[:2] for line in lines] == ["::", "::", "::", "::", ""]
    for line in lines[:2]:
        assert line.split("::")[1].count(",") == 3
