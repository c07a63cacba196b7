"""What `evalmark check` found, as lines about a repo."""

from collections.abc import Iterator, Sequence
from typing import Final

from evalmark.authoring.readiness import Line, State
from evalmark.finding import Finding, Severity

MOST: Final = 5
STATES: Final[dict[Severity, State]] = {Severity.ERROR: "fix", Severity.WARNING: "note", Severity.INFO: "note"}


def file_lines(findings: Sequence[Finding], files: int) -> Iterator[Line]:
    """The first findings, worst first; or that there are none in so many files."""
    if not findings:
        yield Line("ok", "files", f"{files} checked, nothing to mend")
        return
    order = list(Severity)
    for finding in sorted(findings, key=lambda each: order.index(each.severity))[:MOST]:
        what = f"{finding.place}: {finding.rule}: {finding.message}"
        yield Line(STATES[finding.severity], "files", what, finding.help or "evalmark check")
    if len(findings) > MOST:
        errors = any(finding.severity is Severity.ERROR for finding in findings)
        yield Line(
            "fix" if errors else "note", "files", f"{len(findings) - MOST} more", "evalmark check shows them all"
        )
