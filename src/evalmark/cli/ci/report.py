"""`evalmark ci report`: judge what a rerun handed over, and say it. It may write to GitHub, and runs no model."""

import hashlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from evalmark.adapters.artifacts import make_folder, write_whole
from evalmark.cli.ci.event import PULL_REQUEST
from evalmark.cli.ci.receipts import NONE, Receipts
from evalmark.cli.ci.session import Session, new_claims
from evalmark.cli.ci.subject import about, allowed_hub, terms
from evalmark.cli.ci.telling import tell
from evalmark.cli.handed import handed_in
from evalmark.cli.receipt import PARTS
from evalmark.comment import Draft
from evalmark.errors import CouldNotFinish, ExitCode, Forbidden, MissingExtra
from evalmark.facts import ModelFacts
from evalmark.finding import Finding
from evalmark.flows.allowed import OnlyAllowed
from evalmark.flows.proposed import Proposed
from evalmark.flows.publish import Posted, publish_comment
from evalmark.flows.pull_request import judge_handed, prepare_changes, terms_of
from evalmark.plan.changes import Change
from evalmark.report.as_json import verdicts_as_json
from evalmark.report.overall import description_of, overall, state_of
from evalmark.report.pull_request import Told, told_as_markdown
from evalmark.review import Status
from evalmark.verdict import Verdict

NOTHING_SAID = Posted()


def report(session: Session) -> ExitCode:
    """Read the claims again, make the plan again, judge, write the report, say it on the pull request."""
    proposal = session.proposed(whole=True)
    changes = proposal.changes
    judged = _judged(session, proposal, changes) if new_claims(changes) else NOTHING_JUDGED
    verdicts, signed = judged.verdicts, judged.receipts
    findings = session.findings(proposal, judged.findings)
    told = Told(
        head=session.target.head,
        whole=overall(verdicts, findings, session.inputs.fail_on),
        verdicts=verdicts,
        findings=findings,
        changes=changes,
        run_url=session.workflow.run_url,
        moved_to=session.moved_to,
        signed_by=signed.public,
    )
    told = replace(told, digest=_write(session, told))
    posted = _said(session, "comment", lambda: _comment(session, told))
    _said(session, "status", lambda: _status(session, told))
    session.workflow.set_output(receipts=str(signed.count), receipts_to_attest=str(signed.to_attest).lower())
    return tell(session, told, posted.comment)


@dataclass(frozen=True, slots=True)
class _Judged:
    verdicts: tuple[Verdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    receipts: Receipts = NONE


NOTHING_JUDGED = _Judged()


def _judged(session: Session, proposal: Proposed, changes: tuple[Change, ...]) -> _Judged:
    handed = handed_in(session.inputs.report_path)
    hub = allowed_hub(session, handed)
    on_terms = terms(session)
    if handed is not None:
        on_terms = terms_of(handed.plan, session.inputs.choice, on_terms)
    whose = about(session, hub, handed)
    prepared = prepare_changes(proposal, changes, whose, hub, on_terms)
    verdicts = judge_handed(prepared, handed).verdicts
    return _Judged(verdicts, prepared.findings, _receipts(session, verdicts, whose.model, hub))


def _receipts(session: Session, verdicts: tuple[Verdict, ...], model: ModelFacts, hub: OnlyAllowed) -> Receipts:
    if session.settings.signing_key is None and not session.inputs.sign.attest:
        return NONE
    if any(importlib.util.find_spec(part) is None for part in PARTS):
        raise MissingExtra("sign", "ci report")
    from evalmark.cli.ci.signing import sign  # noqa: PLC0415 - only who signs needs it

    return sign(session, verdicts, model, hub)


def _write(session: Session, told: Told) -> str:
    """Keep the report beside what was handed over; its digest."""
    folder = make_folder(session.inputs.report_path)
    text = verdicts_as_json(told.verdicts, told.findings, datetime.now(UTC))
    write_whole(folder / "verdict.json", text)
    write_whole(folder / "comment.md", told_as_markdown(told))
    return hashlib.sha256(text.encode()).hexdigest()


def _comment(session: Session, told: Told) -> Posted:
    say, run = session.inputs.say, session.workflow.run
    if say.comment == "never":
        return NOTHING_SAID
    worth = {"auto": told.has_news, "on-problem": told.has_problem, "always": True}[say.comment]
    draft = Draft(say.key, told.head, run, told_as_markdown(told))
    posted = publish_comment(session.publisher, session.target.number, draft, worth_a_first=worth)
    if posted.note:
        session.workflow.notice(posted.note)
    return posted


def _status(session: Session, told: Told) -> Posted:
    """On the commit that was judged, never on a newer one."""
    say = session.inputs.say
    beside = session.workflow.event_name == PULL_REQUEST  # the job itself is a check of that commit
    if say.status == "never" or (say.status == "auto" and beside):
        return NOTHING_SAID
    status = Status(say.context, state_of(told.whole), description_of(told.verdicts, told.whole), told.run_url)
    session.publisher.set_status(told.head, status)
    return NOTHING_SAID


def _said(session: Session, what: str, write: Callable[[], Posted]) -> Posted:
    """A verdict stands whether or not it can be posted. Raises only if the workflow insists that it is."""
    try:
        return write()
    except CouldNotFinish as problem:
        insists = getattr(session.inputs.say, what) == "always"
        if insists:
            raise
        why = "this run may only read" if isinstance(problem, Forbidden) else "it could not be written"
        session.workflow.notice(
            f"no {what}: {why} ({problem.message}). The verdicts stand in the summary of the run. {problem.advice}"
        )
        return NOTHING_SAID
