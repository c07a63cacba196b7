"""Reports for programs: artifacts with a schema."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from evalmark import artifact
from evalmark.finding import Finding
from evalmark.verdict import KIND, Answer, Verdict


def verdicts_as_json(verdicts: Sequence[Verdict], findings: Iterable[Finding]) -> str:
    """`verdict.json`: every verdict with its numbers, how many of each there are, and the findings in the files."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    return artifact.dumps(
        KIND,
        {
            "verdicts": [verdict.model_dump(mode="json") for verdict in verdicts],
            "counts": {answer.value: counts[answer] for answer in Answer},
            "findings": [finding_as_data(finding) for finding in findings],
        },
    )


def finding_as_data(finding: Finding) -> dict[str, Any]:
    """One finding as plain data."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "pointer": finding.place.pointer,
        "message": finding.message,
        "help": finding.help,
    }
