"""What the logs of a submission show, as `evalmark verify --log` would say it; where its extra is installed."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from evalmark.adapters.hub import HubClient
from evalmark.authoring.duplicates import Reported
from evalmark.cli.settings import Settings
from evalmark.errors import CouldNotFinish, Refused, UsageProblem
from evalmark.facts import ModelFacts
from evalmark.flows.evidence import gather
from evalmark.flows.verify import looked_up
from evalmark.logged import LogEvidence
from evalmark.plan.claims import claims_in
from evalmark.report.escape import plain


def evidence_for(
    brought: Sequence[Reported], logs: Sequence[Path | None], main: str, hub: HubClient, settings: Settings
) -> tuple[LogEvidence | None, ...]:
    """For each entry what its log shows; None where there is no log, or nothing that could look at it."""
    if importlib.util.find_spec("inspect_ai") is None:
        return (None,) * len(brought)
    return tuple(
        _of_one(each, log, main, hub, settings) if log is not None else None
        for each, log in zip(brought, logs, strict=True)
    )


def _of_one(reported: Reported, log: Path, main: str, hub: HubClient, settings: Settings) -> LogEvidence | None:
    from evalmark.adapters.inspect_log.logs import InspectLogs, LogPlaces  # noqa: PLC0415 - heavy and optional

    (claim,) = claims_in((reported.entry,), ModelFacts("local/model", main))
    reader = InspectLogs(LogPlaces(settings.cache / "samples", lambda _: settings.endpoint, settings.environment, Path))
    try:
        (found,) = gather((claim,), {claim.benchmark: looked_up(claim.benchmark, hub)}, reader, str(log))
    except (CouldNotFinish, Refused, UsageProblem) as problem:
        print(f"the log could not be checked: {plain(problem.message, 300)}", file=sys.stderr)
        return None
    return found.says if found is not None and found.says.state != "unusable" else None
