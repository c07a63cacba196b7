"""`evalmark ci validate`: the rules on what a pull request changes. It needs no secret and writes nothing to GitHub."""

import importlib.util

from evalmark.cli.ci.session import Session
from evalmark.cli.ci.telling import tell
from evalmark.errors import ExitCode, MissingExtra
from evalmark.finding import Finding
from evalmark.plan.changes import Change
from evalmark.report.overall import overall
from evalmark.report.pull_request import Told


def validate(session: Session) -> ExitCode:
    """Check the changed files, and say what is found at their lines."""
    proposal = session.proposed(whole=True)
    changes = proposal.changes
    findings = session.findings(proposal, _online(session, changes) if session.inputs.online else ())
    told = Told(
        head=session.target.head,
        whole=overall((), findings, session.inputs.fail_on),
        findings=findings,
        changes=changes,
        run_url=session.workflow.run_url,
        moved_to=session.moved_to,
    )
    return tell(session, told)


def _online(session: Session, changes: tuple[Change, ...]) -> tuple[Finding, ...]:
    """What the Hub says about the benchmarks of new and changed entries."""
    entries = tuple(change.now for change in changes if change.now is not None and change.kind != "moved")
    if not entries:
        return ()
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", "ci validate")
    from evalmark.adapters.hub import HubClient  # noqa: PLC0415 - heavy, and most pull requests claim nothing
    from evalmark.checks.links import link_findings  # noqa: PLC0415
    from evalmark.flows.look_up import Author, look_up  # noqa: PLC0415

    settings = session.settings
    hub = HubClient(settings.endpoint, settings.cache / "hub", settings.token)
    return tuple(link_findings(entries, look_up(entries, hub, hub, Author())))
