"""Verdicts as Markdown with HTML tables, the form of a pull request's comment.

Fixed words of ours are Markdown. Everything foreign stands escaped in `<code>` inside HTML blocks, one line each, so
that no name or note can end a block, mention a person, load an image or forge a verdict.
"""

from collections.abc import Sequence

from evalmark.plan.settings import SettingsFrom
from evalmark.report.escape import code
from evalmark.report.evidence import evidence_lines
from evalmark.report.summary import (
    MARKS,
    WORST_FIRST,
    claimed,
    clustered,
    counted,
    difference,
    graded_by,
    measured,
    runs_of,
    samples,
    short,
)
from evalmark.verdict import RunRecord, Verdict

HEADER = ("Verdict", "Benchmark", "Task", "Claimed", "Rerun", "Difference", "Samples")
SETTINGS: dict[SettingsFrom, str] = {
    "task": "pinned by the task",
    "log": "those of the linked log",
    "declaration": "declared by the benchmark",
    "unknown": "unknown: the claim may have been measured with others",
}
MEANING = (
    "<sub>A verdict is about this rerun of all or some of the benchmark's samples: <b>verified</b> — the score lies "
    "within the margin of the claim; <b>mismatch</b> — it lies outside; <b>inconclusive</b> — the evidence does not "
    "decide.</sub>"
)


def verdicts_as_markdown(verdicts: Sequence[Verdict]) -> str:
    """The whole report, worst verdict first."""
    ordered = worst_first(verdicts)
    parts = [f"### evalmark: {counted(ordered)}", *verdict_parts(ordered), *detail_parts(ordered), MEANING]
    return "\n\n".join(parts) + "\n"


def worst_first(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The order in which a reader wants them."""
    return sorted(verdicts, key=lambda verdict: WORST_FIRST.index(verdict.verdict))


def verdict_parts(ordered: Sequence[Verdict]) -> list[str]:
    """Whose claims they are, the table, and what a reader must not miss: an unproved identity, a model that grades."""
    return [
        *_claimants(ordered),
        table(HEADER, [_row(verdict) for verdict in ordered]),
        *_unproved(ordered),
        *_graders(ordered),
    ]


def detail_parts(ordered: Sequence[Verdict]) -> list[str]:
    """What folds out: why, and what was run."""
    runs = runs_of(ordered)
    ran = [details("What was run", "".join(map(_run, runs)))] if runs else []
    return [details("Why, and where the claims stand", table(("Claim", "Why"), [_why(item) for item in ordered])), *ran]


def _claimants(verdicts: Sequence[Verdict]) -> list[str]:
    models = dict.fromkeys((verdict.claim.model, verdict.claim.model_revision) for verdict in verdicts)
    return [f"<p>Claims of {code(name)} at {code(short(revision))}</p>" for name, revision in models]


def _row(verdict: Verdict) -> tuple[str, ...]:
    claim, comparison = verdict.claim, verdict.comparison
    first = (
        f"{MARKS[verdict.verdict]} {verdict.verdict}",
        code(claim.dataset_id),
        code(claim.task_id),
        code(claimed(verdict)),
    )
    if comparison is None:
        return *first, "", "", ""
    return *first, code(measured(comparison)), code(difference(comparison)), code(samples(comparison))


def _why(verdict: Verdict) -> tuple[str, str]:
    claim = verdict.claim
    said = f" It said: {code(verdict.detail)}" if verdict.detail else ""
    advice = f"<br>{code(verdict.advice, 400)}" if verdict.advice else ""
    seen = "".join(f"<br>{code(line, 400)}" for line in evidence_lines(verdict))
    return code(f"{claim.file}:{claim.line}"), f"{verdict.verdict}: {code(verdict.reason, 400)}{advice}{said}{seen}"


def _unproved(verdicts: Sequence[Verdict]) -> list[str]:
    statements = {
        verdict.run.identity.statement for verdict in verdicts if verdict.run and not verdict.run.identity.proved
    }
    return [f"<p><b>{code(statement)}</b></p>" for statement in sorted(statements)]


def _graders(verdicts: Sequence[Verdict]) -> list[str]:
    """A grader can be talked into a good grade, so it is named beside the verdicts and not only below."""
    graders = {graded_by(run) for run in runs_of(verdicts) if run.grader}
    return [f"<p>Graded by a model: {code(grader)}</p>" for grader in sorted(graders)]


def _run(run: RunRecord) -> str:
    generation = ", ".join(f"{name}={value}" for name, value in run.generation.items()) or "as the task says"
    rows = [
        ("Task", code(run.task, 300)),
        ("Model", f"{code(run.model)} at {code(short(run.model_revision))}"),
        ("Identity", code(run.identity.statement, 300)),
        ("Generation", code(generation)),
        ("Settings", SETTINGS[run.settings_from]),
        *([("Variant", code(run.variant))] if run.variant else []),
        *([("Grader", code(graded_by(run)))] if run.grader else []),
        *([("Clusters", code(clustered(run)))] if run.clusters else []),
        ("Epochs", f"{run.epochs}{f', {run.passes} passes' if run.passes > 1 else ''}"),
        ("Order", f"drawn with seed {run.shuffle_seed}"),
        ("Versions", code(", ".join(f"{name} {version}" for name, version in run.versions.items()), 300)),
        *([("Machine", code(run.platform))] if run.platform else []),
        ("Logs", "<br>".join(code(f"sha256 {log.sha256}") for log in run.logs) or "none"),
    ]
    return table(("", ""), rows)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """An HTML table on one line; the cells are HTML already."""
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def details(summary: str, body: str) -> str:
    """What folds out below a line."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"
