"""The corpus: folders of files, with the expected findings beside each bad one. A new case needs no Python."""

from pathlib import Path

import pytest

from evalmark.finding import Severity, by_place
from tests.corpus.cases import INVALID, VALID, as_expected, case_name, expected, findings_of


@pytest.mark.parametrize("case", VALID, ids=case_name)
def test_valid_case__has_at_most_the_expected_notes(case: Path) -> None:
    findings = findings_of(case)

    assert as_expected(case, findings) == expected(case)
    assert {finding.severity for finding in findings} <= {Severity.INFO}
    assert case.parent.name not in {finding.rule for finding in findings}


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_invalid_case__has_exactly_the_expected_findings(case: Path) -> None:
    findings = findings_of(case)

    assert as_expected(case, findings) == expected(case)
    assert case.parent.name in {finding.rule for finding in findings}


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_invalid_case__is_sorted_and_says_how_to_fix_it(case: Path) -> None:
    findings = findings_of(case)

    assert findings == by_place(findings)
    assert all(finding.help for finding in findings)


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_invalid_case__does_not_speak_of_python(case: Path) -> None:
    text = " ".join(f"{finding.message} {finding.help}" for finding in findings_of(case))

    assert not [word for word in ("Input should", "NoneType", "pydantic", "dict", "tuple", "str,") if word in text]
