"""Findings as GitHub workflow commands: annotations at the lines of a pull request.

GitHub keeps ten annotations of a level for a step, so the worst come first and the rest are counted. Escaping as the
runner undoes it: `%`, carriage return and line feed in the message; `:` and `,` as well in a property.
"""

from collections.abc import Sequence

from evalmark.finding import Finding, Place, Severity
from evalmark.report.escape import plain

MOST = 10
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
LONGEST = 1000


def findings_as_annotations(findings: Sequence[Finding]) -> str:
    """At most ten commands, worst first, and one line that counts the others."""
    worst = worst_first(findings)
    lines = [of_finding(finding) for finding in worst[:MOST]]
    if len(findings) > MOST:
        lines.append(
            f"::notice title=evalmark::{len(findings) - MOST} more findings stand in the log of evalmark check"
        )
    return "".join(f"{line}\n" for line in lines)


def error_command(message: str, advice: str) -> str:
    """What stopped us, as one annotation of the run."""
    return f"::error title=evalmark::{_data(plain(f'{message} — {advice}', LONGEST))}\n"


def notice_command(text: str) -> str:
    """Something that a reader of the run should know."""
    return f"::notice title=evalmark::{_data(plain(text, LONGEST))}\n"


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """Errors before all others, then by place."""
    return sorted(findings, key=lambda finding: (list(LEVELS).index(finding.severity), finding.place))


def of_finding(finding: Finding) -> str:
    """The command for one finding."""
    text = " ".join(part for part in (finding.message, finding.help and f"— {finding.help}") if part)
    return command(LEVELS[finding.severity], finding.place, finding.rule, text)


def command(level: str, place: Place, title: str, text: str) -> str:
    """A workflow command; `place`, `title` and `text` may be anybody's."""
    where = f"file={_property(place.path)},line={place.line},col={place.column},title={_property(title)}"
    return f"::{level} {where}::{_data(plain(text, LONGEST))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")
