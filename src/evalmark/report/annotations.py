"""Findings as GitHub workflow commands: annotations at the lines of a pull request.

GitHub keeps ten annotations of a level for a step, so the worst come first and the rest are counted. Escaping as the
runner undoes it: `%`, carriage return and line feed in the message; `:` and `,` as well in a property.
"""

from collections.abc import Sequence

from evalmark.finding import Finding, Severity
from evalmark.report.escape import plain

MOST = 10
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
LONGEST = 1000


def findings_as_annotations(findings: Sequence[Finding]) -> str:
    """At most ten commands, worst first, and one line that counts the others."""
    worst_first = sorted(findings, key=lambda finding: (list(LEVELS).index(finding.severity), finding.place))
    lines = [_command(finding) for finding in worst_first[:MOST]]
    if len(findings) > MOST:
        lines.append(
            f"::notice title=evalmark::{len(findings) - MOST} more findings stand in the log of evalmark check"
        )
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    place = finding.place
    where = f"file={_property(place.path)},line={place.line},col={place.column},title={_property(finding.rule)}"
    text = " ".join(part for part in (finding.message, finding.help and f"— {finding.help}") if part)
    return f"::{LEVELS[finding.severity]} {where}::{_data(plain(text, LONGEST))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")
