"""Counts finished samples for the parent's progress bar. In the child process only."""

from pathlib import Path

from inspect_ai.hooks import Hooks, SampleEnd, hooks

from evalmark.adapters.inspect_runner.whole import write_whole


class Progress:
    """Counts finished samples of a step for the parent's progress bar."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._done, self._total = 0, 0

    def aim(self, done: int, total: int) -> None:
        """A step begins, with so many of its samples done before."""
        self._done, self._total = done, total

    def count(self) -> None:
        """One more sample, in whatever epoch."""
        self._done += 1
        write_whole(self._file, {"done": min(self._done, self._total), "total": self._total})


def report_progress(file: Path) -> Progress:
    """Count every sample that ends, into a file."""
    progress = Progress(file)

    @hooks(name="evalmark-progress", description="Counts finished samples for the parent's progress bar.")
    class Counter(Hooks):
        async def on_sample_end(self, data: SampleEnd) -> None:
            del data  # the count is all that the parent needs
            progress.count()

    return progress
