"""What a waiting person sees: a bar on a terminal, a line now and then elsewhere."""

import contextlib
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from evalmark.plan.making import Job

LINES = 10


@contextlib.contextmanager
def shown_progress() -> Iterator[Callable[[Job, int, int], None]]:
    """A function to call with (job, samples done, samples planned)."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as progress:
        bars = {}

        def update(job: Job, done: int, total: int) -> None:
            if job.id not in bars:
                bars[job.id] = progress.add_task(_title(job), total=total)
            progress.update(bars[job.id], completed=done, total=total or None)

        yield update


def _lines() -> Callable[[Job, int, int], None]:
    said: dict[str, int] = {}

    def update(job: Job, done: int, total: int) -> None:
        step = done * LINES // total if total else -1
        if said.get(job.id) != step:
            said[job.id] = step
            print(
                f"{_title(job)}: {f'{done} of {total} samples' if total else 'starting'}", file=sys.stderr, flush=True
            )

    return update


def _title(job: Job) -> str:
    return f"rerunning {job.dataset_id} · {job.task_id}"
