"""What is wrong in a pull request's files, and not what was wrong before it."""

from collections.abc import Iterable
from datetime import date

from evalmark.finding import Finding, Severity, by_place
from evalmark.flows.check import Selection, check
from evalmark.flows.proposed import Proposed


def new_findings(
    proposed: Proposed, now: date, selected: Selection, more: Iterable[Finding] = (), *, strict: bool = False
) -> tuple[Finding, ...]:
    """Findings in touched files, and those elsewhere that the base has not: an entry may clash with an old file's.

    `now` is today; `more` are findings of rules that need facts; with `strict` a warning is as bad as an error.
    """
    old = {*check(proposed.before.files, now, selected=selected), *proposed.before.findings}
    found = [*check(proposed.after.files, now, selected=selected), *proposed.after.findings, *more]
    new = [finding for finding in found if finding.place.path in proposed.touched or finding not in old]
    kept = (finding for finding in dict.fromkeys(new) if selected.keeps(finding))
    return by_place(_as_error(finding) if strict else finding for finding in kept)


def _as_error(finding: Finding) -> Finding:
    return finding._replace(severity=Severity.ERROR) if finding.severity is Severity.WARNING else finding
