"""How far a judge agrees with itself: the same transcripts, graded a second time. In the child process only."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from inspect_ai import score
from inspect_ai import scorer as scorers
from inspect_ai.log import EvalLog, EvalSample, read_eval_log
from inspect_ai.model import Model
from inspect_ai.scorer import Scorer

from evalmark.adapters.inspect_runner.samples import scorer_of, value_of
from evalmark.formats.upstream import SCORERS


def regraded(logs: Iterable[Path], grader: Model, most: int) -> list[tuple[float, float]]:
    """The first and the second grade of at most so many transcripts that have both."""
    pairs: list[tuple[float, float]] = []
    for file in logs:
        if len(pairs) >= most:
            break
        log = read_eval_log(str(file))
        log.samples = [sample for sample in log.samples or [] if sample.error is None][: most - len(pairs)]
        if log.samples:
            pairs += _pairs(log, grader)
    return pairs


def _pairs(log: EvalLog, grader: Model) -> list[tuple[float, float]]:
    name = scorer_of(log)
    again = score(log, _scorer(log), model_roles={"grader": grader}, action="overwrite", display="plain")
    second = {_place(sample): value_of(sample, name) for sample in again.samples or []}
    both = ((value_of(sample, name), second.get(_place(sample))) for sample in log.samples or [])
    return [(first, other) for first, other in both if first is not None and other is not None]


def _place(sample: EvalSample) -> tuple[str, int]:
    return str(sample.id), sample.epoch


def _scorer(log: EvalLog) -> Scorer:
    """The scorer that the log names. Raises `ValueError` for one that is not on Inspect's closed list."""
    name = scorer_of(log)
    options: dict[str, Any] = next((each.options or {} for each in log.eval.scorers or []), {})
    if name not in SCORERS:
        raise ValueError(f"{name} is no scorer of Inspect's closed list")
    made: Scorer = getattr(scorers, name)(**options)
    return made
