"""The part of `evalmark verify` that needs the extra `verify`: build the adapters, run the flow, write and print."""

import hashlib
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evalmark import artifact
from evalmark.adapters.artifacts import remove, write_whole
from evalmark.adapters.hub_logs import HubLogs
from evalmark.adapters.inspect_log.logs import InspectLogs, LogPlaces
from evalmark.adapters.inspect_runner import runner as inspect
from evalmark.cli import options
from evalmark.cli.progress import shown_progress, watch_of
from evalmark.cli.settings import Settings
from evalmark.cli.subjects import Folder, Subject, prepare_subject
from evalmark.cli.surroundings import Surroundings, surroundings
from evalmark.finding import Finding
from evalmark.flows.proposed import Proposed
from evalmark.flows.pull_request import Handed, judge_handed
from evalmark.flows.verify import Linked, Prepared, Terms, Verified, verify
from evalmark.formats.prices import Price
from evalmark.outcome import KIND as OUTCOME_KIND
from evalmark.outcome import Outcomes
from evalmark.plan.allowed import Allowed
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Plan, Planned
from evalmark.ports import Logs
from evalmark.report.as_json import verdicts_as_json
from evalmark.report.findings_text import findings_as_text
from evalmark.report.markdown import verdicts_as_markdown
from evalmark.report.text import plan_as_text, verdicts_as_text


@dataclass(frozen=True, slots=True)
class Request:
    """What is verified, and on whose terms."""

    subject: Subject
    benchmarks: Mapping[str, Path]
    terms: Terms
    weights: Path | None
    passed: frozenset[str]
    log: str | None
    prices: Mapping[str, Price]
    allowed: Allowed | None = None
    """The benchmarks that may run; None if the caller has looked at the claims and minds none."""
    elsewhere: Callable[[Plan, str], Handed] | None = None
    """Where the reruns of a plan, given with its sha256, happen, if not here."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it; `proposal` if it was about a pull request."""

    verified: Verified
    findings: tuple[Finding, ...]
    proposal: Proposed | None = None


def carry_out(request: Request, settings: Settings, out: Path, form: str) -> Done:
    """Verify, with the plan on standard error before anything is spent, and the report on standard output after."""
    subject = request.subject
    folders = {subject.repo: subject.path} if isinstance(subject, Folder) else {}
    with surroundings(request.benchmarks, settings, folders) as places:
        linked = Linked(_logs(settings, places), request.log) if request.log else None
        ready = prepare_subject(subject, places, settings, request.terms, linked, request.allowed)
        prepared, planned, findings = ready.prepared, ready.prepared.planned, ready.prepared.findings
        if ready.proposal is None:  # a pull request may claim nothing
            options.unused(request.benchmarks, (claim.dataset_id for claim in planned.plan.claims))
        _announce(planned, findings, settings, subject.root)
        plan = _start_report(out, planned)
        if request.elsewhere is not None and planned.plan.jobs:
            verified = judge_handed(prepared, request.elsewhere(planned.plan, plan))
        else:
            verified = _here(request, prepared, settings, out, places)
    _finish_report(out, verified, findings, plan)
    colour = settings.colour and sys.stdout.isatty()
    print(_report(verified, findings, form, subject.root, colour=colour), end="")
    return Done(verified, findings, ready.proposal)


def _here(request: Request, prepared: Prepared, settings: Settings, out: Path, places: Surroundings) -> Verified:
    private = inspect.private_args(request.weights, prepared.planned.plan.model)
    with shown_progress() as display:
        runner = inspect.InspectRunner(_rerun_places(request, settings, out, places), private, display.samples)
        return verify(prepared, runner, watch_of(prepared, request.prices, display))


def _logs(settings: Settings, places: Surroundings) -> Logs:
    fetch = HubLogs(settings.endpoint, settings.cache / "logs", settings.token).fetch
    return InspectLogs(LogPlaces(settings.cache / "samples", places.endpoint_of, settings.environment, fetch))


def _announce(planned: Planned, findings: tuple[Finding, ...], settings: Settings, root: str) -> None:
    colour = settings.colour and sys.stderr.isatty()
    print(findings_as_text(findings, root=root, colour=colour) + plan_as_text(planned.plan), file=sys.stderr, end="")


def _rerun_places(request: Request, settings: Settings, out: Path, places: Surroundings) -> inspect.Surroundings:
    spec = request.terms.choice.spec
    return inspect.Surroundings(
        out=out,
        cache=settings.cache / "rerun",
        endpoint_of=places.endpoint_of,
        model_endpoint=places.local_endpoint if isinstance(request.subject, Folder) else places.remote_endpoint,
        parent_env=settings.environment,
        passed=request.passed.union(*(inspect.key_of(name) for name in (spec, request.terms.choice.grader) if name)),
    )


def _start_report(out: Path, planned: Planned) -> str:
    """The plan is kept before the first sample runs; reports of an earlier run would speak of another one."""
    for name in ("outcome.json", "verdict.json", "comment.md", "rerun.log"):
        remove(out / name)
    text = artifact.dumps(PLAN_KIND, planned.plan.model_dump(mode="json"))
    write_whole(out / "plan.json", text)
    return hashlib.sha256(text.encode()).hexdigest()


def _finish_report(out: Path, verified: Verified, findings: tuple[Finding, ...], plan: str) -> None:
    outcomes = Outcomes(outcomes=verified.outcomes, plan=plan)
    write_whole(out / "outcome.json", artifact.dumps(OUTCOME_KIND, outcomes.model_dump(mode="json")))
    write_whole(out / "comment.md", verdicts_as_markdown(verified.verdicts))
    write_whole(out / "verdict.json", verdicts_as_json(verified.verdicts, findings, datetime.now(UTC)))


def _report(verified: Verified, findings: tuple[Finding, ...], form: str, root: str, *, colour: bool) -> str:
    if form == "json":
        return verdicts_as_json(verified.verdicts, findings)
    if form == "markdown":
        return verdicts_as_markdown(verified.verdicts)
    return verdicts_as_text(verified.verdicts, root=root, colour=colour)
