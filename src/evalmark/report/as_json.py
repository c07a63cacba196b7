"""Reports for programs: artifacts with a schema."""

from collections import Counter
from collections.abc import Iterable, Sequence

from evalmark import artifact
from evalmark.finding import Finding
from evalmark.verdict import KIND, Answer, FindingRecord, Verdict, Verdicts


def verdicts_as_json(verdicts: Sequence[Verdict], findings: Iterable[Finding]) -> str:
    """`verdict.json`, by its schema."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    body = Verdicts(
        verdicts=tuple(verdicts),
        counts={answer: counts[answer] for answer in Answer},
        findings=tuple(finding_record(finding) for finding in findings),
    )
    return artifact.dumps(KIND, body.model_dump(mode="json"))


def finding_record(finding: Finding) -> FindingRecord:
    """One finding as it stands in an artifact."""
    return FindingRecord(
        rule=finding.rule,
        severity=finding.severity,
        path=finding.place.path,
        line=finding.place.line,
        column=finding.place.column,
        pointer=finding.place.pointer,
        message=finding.message,
        help=finding.help,
    )
