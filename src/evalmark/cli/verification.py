"""The part of `evalmark verify` that needs the extra `verify`: build the adapters, run the flow, write and print."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from evalmark import artifact
from evalmark.adapters.artifacts import remove, write_whole
from evalmark.adapters.hub_logs import HubLogs
from evalmark.adapters.inspect_log.logs import InspectLogs, LogPlaces
from evalmark.adapters.inspect_runner import runner as inspect
from evalmark.cli import options
from evalmark.cli.progress import shown_progress
from evalmark.cli.settings import Settings
from evalmark.cli.surroundings import Surroundings, surroundings
from evalmark.cli.watching import watching
from evalmark.finding import Finding
from evalmark.flows.verify import Linked, Terms, Verified, claimed_in, prepare, verify
from evalmark.formats.prices import Price
from evalmark.outcome import KIND as OUTCOME_KIND
from evalmark.outcome import Outcomes
from evalmark.plan.making import KIND as PLAN_KIND
from evalmark.plan.making import Planned
from evalmark.ports import Logs
from evalmark.report.as_json import verdicts_as_json
from evalmark.report.findings_text import findings_as_text
from evalmark.report.markdown import verdicts_as_markdown
from evalmark.report.text import plan_as_text, verdicts_as_text


@dataclass(frozen=True, slots=True)
class Request:
    """What is verified, and on whose terms."""

    folder: Path
    files: Mapping[str, bytes]
    repo: str
    benchmarks: Mapping[str, Path]
    terms: Terms
    weights: Path | None
    passed: frozenset[str]
    log: str | None
    prices: Mapping[str, Price]


def carry_out(request: Request, settings: Settings, out: Path, form: str) -> tuple[tuple[Finding, ...], Verified]:
    """Verify, with the plan on standard error before anything is spent, and the report on standard output after."""
    with surroundings(request.benchmarks, settings, {request.repo: request.folder}) as places:
        model = places.checked_out_model(request.repo)
        linked = Linked(_logs(settings, places), request.log) if request.log else None
        prepared = prepare(claimed_in(request.files), model, places, request.terms, linked, places)
        planned, findings = prepared.planned, prepared.findings
        options.unused(request.benchmarks, (claim.dataset_id for claim in planned.plan.claims))
        _announce(planned, findings, settings, _root(request.folder))
        _start_report(out, planned)
        with shown_progress() as display:
            at = _rerun_places(request, settings, out, places)
            runner = inspect.InspectRunner(
                at, inspect.private_args(request.weights, planned.plan.model), display.samples
            )
            verified = verify(prepared, runner, watching(prepared, request.prices, display))
    _finish_report(out, verified, findings)
    colour = settings.colour and sys.stdout.isatty()
    print(_report(verified, findings, form, _root(request.folder), colour=colour), end="")
    return findings, verified


def _logs(settings: Settings, places: Surroundings) -> Logs:
    fetch = HubLogs(settings.endpoint, settings.cache / "logs", settings.token).fetch
    return InspectLogs(LogPlaces(settings.cache / "samples", places.endpoint_of, settings.environment, fetch))


def _root(folder: Path) -> str:
    return "" if folder == Path() else f"{folder.as_posix()}/"


def _announce(planned: Planned, findings: tuple[Finding, ...], settings: Settings, root: str) -> None:
    colour = settings.colour and sys.stderr.isatty()
    print(findings_as_text(findings, root=root, colour=colour) + plan_as_text(planned.plan), file=sys.stderr, end="")


def _rerun_places(request: Request, settings: Settings, out: Path, places: Surroundings) -> inspect.Surroundings:
    spec = request.terms.choice.spec
    return inspect.Surroundings(
        out=out,
        cache=settings.cache / "rerun",
        endpoint_of=places.endpoint_of,
        model_endpoint=places.local_endpoint,
        parent_env=settings.environment,
        passed=request.passed.union(*(inspect.key_of(name) for name in (spec, request.terms.choice.grader) if name)),
    )


def _start_report(out: Path, planned: Planned) -> None:
    """The plan is kept before the first sample runs; reports of an earlier run would speak of another one."""
    for name in ("outcome.json", "verdict.json", "comment.md", "rerun.log"):
        remove(out / name)
    write_whole(out / "plan.json", artifact.dumps(PLAN_KIND, planned.plan.model_dump(mode="json")))


def _finish_report(out: Path, verified: Verified, findings: tuple[Finding, ...]) -> None:
    outcomes = Outcomes(outcomes=verified.outcomes)
    write_whole(out / "outcome.json", artifact.dumps(OUTCOME_KIND, outcomes.model_dump(mode="json")))
    write_whole(out / "comment.md", verdicts_as_markdown(verified.verdicts))
    write_whole(out / "verdict.json", verdicts_as_json(verified.verdicts, findings))


def _report(verified: Verified, findings: tuple[Finding, ...], form: str, root: str, *, colour: bool) -> str:
    if form == "json":
        return verdicts_as_json(verified.verdicts, findings)
    if form == "markdown":
        return verdicts_as_markdown(verified.verdicts)
    return verdicts_as_text(verified.verdicts, root=root, colour=colour)
