"""What is said while reruns go on: what each will take, before it spends anything, and then how it stands."""

import sys
import time
from collections.abc import Mapping

from evalmark.cli.progress import Display
from evalmark.flows.verify import Prepared, Watch
from evalmark.formats.prices import Price
from evalmark.judge.forecast import forecast
from evalmark.outcome import Measured
from evalmark.plan.cost import cost
from evalmark.plan.making import Job
from evalmark.report.standing import budget_as_text, forecasts_as_text, standings


def watching(prepared: Prepared, prices: Mapping[str, Price], display: Display) -> Watch:
    """Says what a rerun will probably take once its size is known, and then how it stands."""
    plan = prepared.planned.plan
    started: dict[str, float] = {}

    def watch(job: Job, total: int, measured: Measured | None) -> None:
        rerun = prepared.unfinished(job)
        claims = plan.claims_of(job)
        if measured is None:
            started[job.id] = time.monotonic()
            each = cost(job.epochs, rerun.declaration.tokens_per_sample, prices.get(plan.model.spec))
            forecasts = [forecast(claim, rerun, total) for claim in claims]
            told = forecasts_as_text(forecasts, total, each) + budget_as_text(forecasts, total, plan.limits, each)
            print(told, file=sys.stderr, end="", flush=True)
        else:
            for line in standings(claims, rerun, measured, time.monotonic() - started[job.id]):
                display.says(job, f"{len(measured.samples)} of {total}: {line}")

    return watch
