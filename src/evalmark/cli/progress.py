"""What a waiting person sees: what a rerun will take, then how it stands, in a bar or a line now and then."""

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from evalmark.flows.verify import Prepared, Watch
from evalmark.formats.prices import Price
from evalmark.judge.forecast import forecast
from evalmark.outcome import Measured
from evalmark.plan.cost import cost
from evalmark.plan.making import Job
from evalmark.report.escape import plain
from evalmark.report.standing import budget_as_text, forecasts_as_text, standings

LINES = 10


class Display(Protocol):
    """Where the state of the reruns is shown."""

    def samples(self, job: Job, done: int, total: int) -> None:
        """So many samples of the present step have run; total 0 while it starts."""

    def says(self, job: Job, text: str) -> None:
        """How the evidence stands, in one line."""


@contextlib.contextmanager
def shown_progress() -> Iterator[Display]:
    """A display on standard error while the context is open."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    more = (TimeRemainingColumn(), TextColumn("{task.fields[standing]}"))
    with Progress(*columns, *more, console=Console(stderr=True), transient=True) as progress:
        yield _Bars(progress)


def watch_of(prepared: Prepared, prices: Mapping[str, Price], display: Display) -> Watch:
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


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, int] = {}

    def samples(self, job: Job, done: int, total: int) -> None:
        self._progress.update(self._bar(job), completed=done, total=total or None)  # type: ignore[arg-type] # TaskID

    def says(self, job: Job, text: str) -> None:
        self._progress.update(self._bar(job), standing=escape(text))  # type: ignore[arg-type] # TaskID

    def _bar(self, job: Job) -> int:
        if job.id not in self._bars:
            self._bars[job.id] = self._progress.add_task(escape(_title(job)), total=None, standing="")
        return self._bars[job.id]


class _Lines:
    def __init__(self) -> None:
        self._said: dict[str, int] = {}
        self._judged: set[str] = set()

    def samples(self, job: Job, done: int, total: int) -> None:
        step = done * LINES // total if total else -1
        if self._said.get(job.id, -2) < step and job.id not in self._judged:
            self._said[job.id] = step
            self._print(job, f"{done} of {total} samples" if total else "starting")

    def says(self, job: Job, text: str) -> None:
        self._judged.add(job.id)  # from now on this says how far it is
        self._print(job, text)

    def _print(self, job: Job, text: str) -> None:
        print(f"{_title(job)}: {text}", file=sys.stderr, flush=True)


def _title(job: Job) -> str:
    return f"rerunning {plain(job.dataset_id)} · {plain(job.task_id)}"
