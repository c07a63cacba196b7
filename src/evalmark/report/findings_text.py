"""Findings for a terminal: place, rule, what is wrong, the line with a caret, what to do."""

import re
from collections.abc import Iterable, Mapping

from evalmark.finding import Finding, Severity
from evalmark.report.escape import painted, plain

COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "2"}
LINE_END = re.compile(r"\r\n|\r|\n")
LONGEST_LINE = 200


def findings_as_text(
    findings: Iterable[Finding], *, root: str = "", files: Mapping[str, bytes] | None = None, colour: bool
) -> str:
    """One finding: `path:line:col: severity rule message`, its source line with a caret, what to do, the Hub's path.

    `root` goes before each path; `files` has the bytes by path, for the source lines.
    """
    lines: list[str] = []
    for finding in findings:
        where = f"{plain(root + finding.place.path)}:{finding.place.line}:{finding.place.column}"
        severity = painted(finding.severity, COLOURS[finding.severity], colour)
        lines.append(f"{where}: {severity} {finding.rule} {plain(finding.message, 400)}")
        lines += _source(finding, files or {})
        pointer = f" ({plain(finding.place.pointer)})" if finding.place.pointer else ""
        if finding.help or pointer:
            lines.append(f"    {plain(finding.help, 400)}{pointer}")
    return "".join(f"{line}\n" for line in lines)


def _source(finding: Finding, files: Mapping[str, bytes]) -> list[str]:
    """The line and a caret under its column. A line with characters that are not shown one to one gets none."""
    rows = LINE_END.split(files.get(finding.place.path, b"").decode("utf-8", "replace").removeprefix("\ufeff"))
    row = rows[finding.place.line - 1] if finding.place.line <= len(rows) else ""
    if not row.strip() or len(row) > LONGEST_LINE or plain(row.strip()) != " ".join(row.split()):
        return []
    return [f"    {row}", f"    {' ' * (finding.place.column - 1)}^"]
