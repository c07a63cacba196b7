"""Numbers out of an Inspect log, recomputed from its samples.

Inspect's own `accuracy` leaves errored, None and NaN samples out of the denominator; here the denominator is the
planned set of samples, and what is missing from it is told.
"""

import math
from typing import Any

from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.scorer import (
    Score,
    ScoreReducer,
    at_least,
    max_score,
    mean_score,
    median_score,
    mode_score,
    pass_at,
    value_to_float,
)

from evalmark.logged import Key, question_key

PLAIN_REDUCERS = {"mean": mean_score, "median": median_score, "mode": mode_score, "max": max_score}


def scorer_of(log: EvalLog) -> str:
    """The first scorer: the task's headline. Raises `ValueError` for a log that names none."""
    if not log.eval.scorers:
        raise ValueError("the log names no scorer")
    return log.eval.scorers[0].name


def reducer_name(log: EvalLog) -> str:
    """How the epochs of a sample become one score."""
    names = log.eval.config.epochs_reducer
    return names[0] if names else "mean"


def epochs_of(log: EvalLog) -> int:
    """How often each sample is generated."""
    return log.eval.config.epochs or 1


def reducer_named(name: str) -> ScoreReducer:
    """Inspect's reducer of this name: mean, median, mode, max, at_least_K or pass_at_K."""
    if name in PLAIN_REDUCERS:
        return PLAIN_REDUCERS[name]()
    kind, _, k = name.rpartition("_")
    return at_least(int(k)) if kind == "at_least" else pass_at(int(k))


def sample_outcome(runs: list[EvalSample], scorer: str, epochs: int, reducer: ScoreReducer) -> dict[str, Any]:
    """One sample over its epochs, at least one of them run: the fields of `SampleOutcome`, and its tokens in and out.

    It has a score only if every planned epoch has one that nothing cut short.
    """
    values = [value_of(run, scorer) for run in runs]
    scored = [value for value in values if value is not None]
    usage = [use for run in runs for use in run.model_usage.values()]
    return {
        "key": sample_key(runs[0]),
        "score": _reduced(scored, reducer) if len(scored) == epochs else None,
        "failed": any(run.error is not None for run in runs),
        "tokens": (sum(use.input_tokens for use in usage), sum(use.output_tokens for use in usage)),
    }


def _reduced(values: list[float], reducer: ScoreReducer) -> float:
    return float(value_to_float()(reducer([Score(value=value) for value in values]).value))


def value_of(run: EvalSample, scorer: str) -> float | None:
    """The finite number that one epoch of a sample scored, if nothing cut it short."""
    score = (run.scores or {}).get(scorer)
    if score is None or run.error is not None or run.limit is not None:
        return None
    if not isinstance(score.value, str | int | float | bool):
        return None
    value = float(value_to_float()(score.value))
    return value if math.isfinite(value) else None


def sample_key(sample: EvalSample) -> Key:
    """Identify a sample by what it asks."""
    asked = sample.input if isinstance(sample.input, str) else [message.text for message in sample.input]
    return question_key(asked, sample.choices or [], sample.target)
