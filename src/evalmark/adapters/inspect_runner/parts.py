"""What the logs of one rerun hold together: it runs in parts, and a broken-off part counts as far as it got.

All parts have the same shuffle, so a sample is known by its position in that order: Inspect's own ids are given after
the shuffle and say nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inspect_ai.log import EvalLog, EvalSample, read_eval_log

from evalmark.adapters.inspect_runner.samples import epochs_of, reducer_name, reducer_named, sample_outcome, scorer_of

PASS_TAG = "evalmark-pass-"  # noqa: S105 - no password
SUCCESS = "success"
OUTCOME = ("key", "score", "failed")


@dataclass
class Parts:
    """Finished samples of a rerun, by pass (from 1) and position (from 0)."""

    task: str
    shuffle_seed: int
    total: int = 0
    scorer: str = ""
    epochs: int = 1
    reducer: str = "mean"
    done: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    """Names of the logs that hold them."""

    def read_all(self, folder: Path) -> None:
        """Take what earlier runs have left. A log that cannot be read was broken off before its first sample."""
        for file in sorted(folder.glob("*.eval")):
            try:
                log = read_eval_log(str(file))
            except Exception:  # noqa: BLE001, S112 - a kill may have cut it anywhere; its samples run again
                continue
            self.add(log, file.name)

    def add(self, log: EvalLog, name: str) -> None:
        """Take the finished samples of one part. In a part that did not end well, those with an error are not."""
        spec = log.eval
        if spec.task != self.task or spec.config.sample_shuffle != self.shuffle_seed or not spec.scorers:
            return
        self.logs.append(name)
        self.total = spec.dataset.samples or 0
        self.scorer, self.epochs, self.reducer = scorer_of(log), epochs_of(log), reducer_name(log)
        by_id: dict[str, list[EvalSample]] = defaultdict(list)
        for sample in log.samples or []:
            by_id[str(sample.id)].append(sample)
        for position, sample_id in enumerate(spec.dataset.sample_ids or [], start=_start(spec.config.limit)):
            runs = by_id[str(sample_id)]
            if len(runs) == self.epochs and (log.status == SUCCESS or all(run.error is None for run in runs)):
                self.done[_pass_of(spec.tags), position] = sample_outcome(
                    runs, self.scorer, self.epochs, reducer_named(self.reducer)
                )

    def gaps(self, upto: int, epoch: int) -> Iterator[tuple[int, int]]:
        """What is missing of a pass before `upto`, as ranges (start, stop)."""
        start = None
        for position in range(upto + 1):
            missing = position < upto and (epoch, position) not in self.done
            if missing and start is None:
                start = position
            elif not missing and start is not None:
                yield start, position
                start = None

    @property
    def errors(self) -> int:
        """How many samples ended in an error."""
        return sum(sample["failed"] for sample in self.done.values())

    def measured(self, reached: Mapping[int, int]) -> dict[str, Any]:
        """The fields of `outcome.Measured`, as far as each pass was asked for: pass → samples.

        What earlier runs have left beyond that waits, so that a rerun that was broken off ends as any other.
        """
        samples = [
            {name: self.done[1, position][name] for name in OUTCOME} | {"again": self._again(position, reached)}
            for position in range(reached[1])
        ]
        used = [self.done[epoch, position]["tokens"] for epoch, upto in reached.items() for position in range(upto)]
        return {
            "status": "measured",
            "total": self.total,
            "samples": samples,
            "scorer": self.scorer,
            "epochs": self.epochs,
            "reducer": self.reducer,
            "input_tokens": sum(tokens[0] for tokens in used),
            "output_tokens": sum(tokens[1] for tokens in used),
        }

    def _again(self, position: int, reached: Mapping[int, int]) -> list[float | None]:
        later = sorted(epoch for epoch, upto in reached.items() if epoch > 1 and position < upto)
        return [self.done[epoch, position]["score"] for epoch in later]


def _start(limit: int | tuple[int, int] | None) -> int:
    return limit[0] if isinstance(limit, tuple | list) else 0


def _pass_of(tags: list[str] | None) -> int:
    numbers = [tag.removeprefix(PASS_TAG) for tag in tags or [] if tag.startswith(PASS_TAG)]
    return int(numbers[0]) if numbers else 1
