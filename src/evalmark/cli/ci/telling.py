"""What a run of the action tells besides the comment: its outputs, the page of the run, the lines, the exit code."""

import json

from evalmark.cli.ci.session import Session
from evalmark.errors import ExitCode
from evalmark.report.overall import Overall, title_of
from evalmark.report.pull_request import SUMMARY_BYTES, Told, told_as_markdown
from evalmark.report.run_annotations import annotations
from evalmark.review import Comment


def tell(session: Session, told: Told, comment: Comment | None = None) -> ExitCode:
    """Say everything where later steps and readers of the run find it."""
    workflow, whole = session.workflow, told.whole
    workflow.add_summary(told_as_markdown(told, SUMMARY_BYTES))
    if session.inputs.say.annotations:
        print(annotations(told.findings, told.verdicts), end="", flush=True)
    workflow.say(f"{title_of(told.verdicts, whole)}\n")
    workflow.set_output(
        verdict=whole.word,
        head_sha=told.head,
        entries=str(sum(change.is_new_claim for change in told.changes)),
        counts=json.dumps(dict(whole.counts)),
        report_path=str(session.inputs.report_path),
        comment_id=comment.id if comment else "",
        comment_url=comment.url if comment else "",
    )
    return exit_code_of(whole)


def exit_code_of(whole: Overall) -> ExitCode:
    """What the step ends with."""
    if whole.fails:
        return ExitCode.FOUND
    return ExitCode.UNFINISHED if whole.is_unfinished else ExitCode.FINE
