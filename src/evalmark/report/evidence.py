"""What a linked log says about a claim, and how a rerun differs from it: plain lines, foreign text made harmless."""

from collections.abc import Iterator

from evalmark.logged import EditedSample, LogEvidence
from evalmark.report.escape import plain
from evalmark.verdict import PairedRecord, Verdict

MOST_SHOWN = 10


def evidence_lines(verdict: Verdict) -> Iterator[str]:
    """A line for each thing that a reader should know; none if there is no log."""
    if verdict.log is not None:
        yield from _log(verdict.log)
    if verdict.paired is not None:
        yield from _paired(verdict.paired)


def _log(log: LogEvidence) -> Iterator[str]:
    yield f"log {plain(log.file)}: {log.state}, {plain(log.reason, 300)}"
    for check in log.checks:
        if check.state != "right":
            yield f"{check.state}: {plain(check.says, 300)}"
    for edited in log.edited[:MOST_SHOWN]:
        yield f"edited: sample {plain(edited.id)} “{plain(edited.question)}”, {_values(edited)}"
    if log.edited_count > MOST_SHOWN:
        yield f"and {log.edited_count - MOST_SHOWN} more edited samples; see verdict.json"


def _values(edited: EditedSample) -> str:
    logged, rescored = (
        ", ".join("none" if value is None else f"{value:g}" for value in values)
        for values in (edited.logged, edited.rescored)
    )
    return f"logged {logged}, its transcript gives {rescored}"


def _paired(paired: PairedRecord) -> Iterator[str]:
    yield f"beside the log: of {paired.compared} samples the rerun lost {paired.lost} and gained {paired.gained}"
    for sample in paired.differ[:MOST_SHOWN]:
        now = "none" if sample.rerun is None else f"{sample.rerun:g}"
        yield f"differs: sample {plain(sample.id)} of the log, logged {sample.logged:g}, now {now}"
    if paired.not_reproduced:
        yield "log not reproduced: more samples differ than two runs of one system would"
