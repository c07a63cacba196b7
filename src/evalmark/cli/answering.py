"""Say the verdicts on a pull request of the Hub, or print exactly what would be said."""

import hashlib
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from evalmark.adapters.hub import HubPublisher, HubReviews
from evalmark.cli.settings import Settings
from evalmark.finding import Finding, by_place
from evalmark.flows.answer import answer, tell
from evalmark.flows.check import EVERYTHING
from evalmark.flows.dry_run import DryRun
from evalmark.flows.proposed import Proposed
from evalmark.flows.publish import Posted
from evalmark.flows.validate import new_findings
from evalmark.ports import Publisher
from evalmark.report.as_json import verdicts_as_json
from evalmark.verdict import Verdict


def say_on_hub(
    proposal: Proposed,
    model: str,
    verdicts: Sequence[Verdict],
    findings: tuple[Finding, ...],
    settings: Settings,
    *,
    dry_run: bool,
) -> Posted:
    """Comment on the pull request of `model`. Raises what the ports raise."""
    told_findings = all_findings(proposal, findings)
    digest = hashlib.sha256(verdicts_as_json(verdicts, told_findings).encode()).hexdigest()
    reviews = HubReviews(settings.endpoint, settings.cache / "hub", settings.token, model)
    told = tell(proposal, verdicts, told_findings, reviews, digest)
    real = HubPublisher(settings.endpoint, settings.token, model)
    publisher: Publisher = DryRun(real, _print) if dry_run else real
    posted = answer(told, proposal.pull_request.number, publisher, time.time_ns() // 1_000_000)
    if posted.note:
        _print(posted.note)
    return posted


def all_findings(proposal: Proposed, more: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those of the rules on what the pull request changes, and those that planning found."""
    today = datetime.now(UTC).date()
    return by_place(dict.fromkeys((*new_findings(proposal, today, EVERYTHING), *more)))


def _print(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
