"""What a pull request is told: the comment, and at greater length the job's summary.

A host takes so many bytes and no more. Details go first, those of the claims that are fine before the others; then
rows, the best last; never the end of a table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalmark.finding import Finding, Severity
from evalmark.plan.changes import Change
from evalmark.report.escape import code
from evalmark.report.markdown import MEANING, detail_parts, details, table, verdict_parts, worst_first
from evalmark.report.overall import Overall, title_of
from evalmark.verdict import Answer, Verdict

COMMENT_BYTES = 60_000
SUMMARY_BYTES = 900_000
SHORT_BYTES = 6_000
MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that there is to tell about one commit of a pull request.

    `run_url` is of our own making; `digest` the sha256 of the report that the numbers stand in, and `moved_to` the
    newer head, if there is one.
    """

    head: str
    whole: Overall
    verdicts: Sequence[Verdict] = ()
    findings: Sequence[Finding] = ()
    changes: Sequence[Change] = ()
    run_url: str = ""
    digest: str = ""
    moved_to: str | None = None
    signed_by: str = ""
    """The public key that signed receipts for the verdicts; empty if there are none."""

    @property
    def has_news(self) -> bool:
        """Whether it is worth a first comment."""
        return bool(self.verdicts) or any(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def has_problem(self) -> bool:
        """Whether something is not as one would wish it."""
        return any(word != Answer.VERIFIED.value for word in self.whole.counts)


def told_as_markdown(told: Told, most: int = COMMENT_BYTES) -> str:
    """At most `most` bytes of UTF-8."""
    return next(text for text in _shorter_and_shorter(told) if len(text.encode()) <= most)


def _shorter_and_shorter(told: Told) -> Iterator[str]:
    ordered = worst_first(told.verdicts)
    open_ones = [verdict for verdict in ordered if verdict.verdict is not Answer.VERIFIED]
    changed = [details("What the pull request changes", _changes(told.changes))] if told.changes else []
    yield _text(told, ordered, MOST_FINDINGS, [*(detail_parts(ordered) if ordered else []), *changed])
    yield _text(told, ordered, MOST_FINDINGS, detail_parts(open_ones) if open_ones else [])
    rows = max(len(ordered), MOST_FINDINGS)
    while rows:
        yield _text(told, ordered[:rows], min(rows, MOST_FINDINGS), [])
        rows //= 2
    yield _text(told, [], 0, [])


def _text(told: Told, shown: Sequence[Verdict], findings: int, folded: Sequence[str]) -> str:
    parts = [f"### evalmark: {title_of(told.verdicts, told.whole)}", *_superseded(told)]
    if told.findings and findings:
        parts.append(_findings(told.findings, findings))
    if shown:
        parts += verdict_parts(shown)
    parts += _left_out(len(told.verdicts) - len(shown), "claim", told)
    parts += _left_out(len(told.findings) - min(findings, len(told.findings)), "finding", told)
    return "\n\n".join([*parts, *folded, _footer(told)]) + "\n"


def _superseded(told: Told) -> list[str]:
    if told.moved_to is None:
        return []
    return [
        f"<p><b>Superseded</b>: this is about commit {code(told.head[:12])}; the pull request has moved on to "
        f"{code(told.moved_to[:12])}, about which nothing is said here.</p>"
    ]


def _findings(findings: Sequence[Finding], most: int) -> str:
    severities = list(Severity)
    ordered = sorted(findings, key=lambda finding: (severities.index(finding.severity), finding.place))
    rows = [
        (
            finding.severity.value,
            code(f"{finding.place.path}:{finding.place.line}"),
            f"{code(finding.message, 400)}" + (f"<br>{code(finding.help, 400)}" if finding.help else ""),
        )
        for finding in ordered[:most]
    ]
    return table(("Finding", "Place", "What, and how to mend it"), rows)


def _changes(changed: Sequence[Change]) -> str:
    rows = []
    for change in changed:
        dataset = change.entry.entry.dataset
        sides = [code(side.value_text, 24) if side else "" for side in (change.was, change.now)]
        rows.append((change.kind, code(dataset.id), code(dataset.task_id), *sides, code(change.entry.place.path)))
    return table(("Entry", "Benchmark", "Task", "Before", "Now", "File"), rows)


def _left_out(count: int, what: str, told: Told) -> list[str]:
    if count <= 0:
        return []
    where = f'<a href="{told.run_url}">the summary of the run</a>' if told.run_url else "the summary of the run"
    return [f"<p>{count} more {what}{'' if count == 1 else 's'}: see {where}.</p>"]


def _footer(told: Told) -> str:
    parts = [f"Commit {code(told.head[:12])}"]
    if told.run_url:
        parts.append(f'<a href="{told.run_url}">the run</a>')
    if told.digest:
        parts.append(f"report {code(f'sha256 {told.digest}')}")
    if told.signed_by:
        parts.append(f"receipts signed by {code(told.signed_by)}")
    about = f"<sub>{' · '.join(parts)}</sub>"
    return f"{about}\n\n{MEANING}" if told.verdicts else about
