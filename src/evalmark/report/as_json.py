"""Reports for programs: artifacts with a schema."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from evalmark import artifact
from evalmark.finding import Finding, as_data
from evalmark.judge.together import wrong_together
from evalmark.verdict import KIND, Answer, FindingRecord, Verdict, Verdicts


def verdicts_as_json(verdicts: Sequence[Verdict], findings: Iterable[Finding], at: datetime | None = None) -> str:
    """`verdict.json`, by its schema. `at`: when the verdicts were given."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    body = Verdicts(
        at=at,
        verdicts=tuple(verdicts),
        counts={answer: counts[answer] for answer in Answer},
        wrong_together=wrong_together(verdicts),
        findings=tuple(FindingRecord.model_validate(as_data(finding)) for finding in findings),
    )
    return artifact.dumps(KIND, body.model_dump(mode="json"))
