"""What a pull request is told of its files: what is new, not what was wrong before."""

from datetime import date

import pytest

from evalmark.finding import Finding, Severity
from evalmark.flows.check import EVERYTHING, Selection
from evalmark.flows.proposed import Proposed, Side
from evalmark.flows.validate import new_findings
from evalmark.review import PullRequest
from tests.builders import entry_text

NOW = date(2026, 11, 26)
PULL_REQUEST = PullRequest(1, "b" * 40, "a" * 40, "a" * 40, from_fork=False)
OLD, NEW = ".eval_results/old.yaml", ".eval_results/new.yaml"
BAD = entry_text("'57 %'").encode()
DOUBTFUL = entry_text("5700.0").encode()
GOOD = entry_text("57.0").encode()


def found(before: dict[str, bytes], after: dict[str, bytes], selected: Selection = EVERYTHING) -> list[tuple[str, str]]:
    findings = new_findings(Proposed(PULL_REQUEST, "", Side(before), Side(after)), NOW, selected)
    return [(finding.place.path, finding.rule) for finding in findings]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {NEW: BAD}, [(NEW, "value-not-a-number")], id="a new file"),
        pytest.param({OLD: BAD}, {OLD: BAD, NEW: GOOD}, [], id="an old file's fault"),
        pytest.param({OLD: BAD}, {OLD: BAD + BAD}, [(OLD, "value-not-a-number")] * 2, id="all of a touched file"),
        pytest.param({OLD: BAD}, {}, [], id="a file less"),
    ],
)
def test_new_findings(before: dict[str, bytes], after: dict[str, bytes], expected: list[tuple[str, str]]) -> None:
    assert found(before, after) == expected


def test_new_findings__an_entry_that_clashes_with_an_old_file_is_told_wherever_that_is() -> None:
    assert {rule for _, rule in found({NEW: GOOD}, {NEW: GOOD, OLD: entry_text("60.0").encode()})} == {
        "entry-contradicts"
    }


def test_new_findings__only_of_the_selected_rules() -> None:
    assert found({}, {NEW: BAD}, Selection(ignore=frozenset({"value-not-a-number"}))) == []


def severities(*, strict: bool) -> list[Severity]:
    side = Proposed(PULL_REQUEST, "", Side(), Side({NEW: DOUBTFUL}))
    findings: tuple[Finding, ...] = new_findings(side, NOW, EVERYTHING, strict=strict)
    return [finding.severity for finding in findings]


def test_new_findings__a_warning_is_an_error_if_the_owner_is_strict() -> None:
    assert severities(strict=False) == [Severity.WARNING]
    assert severities(strict=True) == [Severity.ERROR]
