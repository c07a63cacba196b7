"""Numbers out of an Inspect log, recomputed from its samples.

Inspect's own `accuracy` leaves errored, None and NaN samples out of the denominator; here the denominator is the
planned set of samples, and what is missing from it is told.
"""

import hashlib
import json
import math
from collections import defaultdict
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

PLAIN_REDUCERS = {"mean": mean_score, "median": median_score, "mode": mode_score, "max": max_score}


def measured(log: EvalLog) -> dict[str, Any]:
    """The fields of `outcome.Measured` from a finished log. Raises `ValueError` for a log without a scorer."""
    scorer, reducer_name = _scorer_of(log), _reducer_name(log)
    epochs = log.eval.config.epochs or 1
    by_id: dict[str, list[EvalSample]] = defaultdict(list)
    for sample in log.samples or []:
        by_id[str(sample.id)].append(sample)
    planned = [str(name) for name in log.eval.dataset.sample_ids or []]
    usage = log.stats.model_usage.values()
    return {
        "status": "measured",
        "total": log.eval.dataset.samples,
        "samples": [_sample(name, by_id[name], scorer, epochs, reducer_named(reducer_name)) for name in planned],
        "scorer": scorer,
        "epochs": epochs,
        "reducer": reducer_name,
        "input_tokens": sum(item.input_tokens for item in usage),
        "output_tokens": sum(item.output_tokens for item in usage),
    }


def _scorer_of(log: EvalLog) -> str:
    """The first scorer: the task's headline."""
    if not log.eval.scorers:
        raise ValueError("the log names no scorer")
    return log.eval.scorers[0].name


def _reducer_name(log: EvalLog) -> str:
    names = log.eval.config.epochs_reducer
    return names[0] if names else "mean"


def reducer_named(name: str) -> ScoreReducer:
    """Inspect's reducer of this name: mean, median, mode, max, at_least_K or pass_at_K."""
    if name in PLAIN_REDUCERS:
        return PLAIN_REDUCERS[name]()
    kind, _, k = name.rpartition("_")
    return at_least(int(k)) if kind == "at_least" else pass_at(int(k))


def _sample(name: str, runs: list[EvalSample], scorer: str, epochs: int, reducer: ScoreReducer) -> dict[str, Any]:
    """One sample over its epochs. It has a score only if every planned epoch has one that nothing cut short."""
    values = [_value(run, scorer) for run in runs]
    scored = [value for value in values if value is not None]
    complete = len(scored) == epochs
    return {
        "key": sample_key(runs[0]) if runs else hashlib.sha256(name.encode()).hexdigest(),
        "score": _reduced(scored, reducer) if complete else None,
        "failed": any(run.error is not None for run in runs),
    }


def _reduced(values: list[float], reducer: ScoreReducer) -> float:
    return float(value_to_float()(reducer([Score(value=value) for value in values]).value))


def _value(run: EvalSample, scorer: str) -> float | None:
    score = (run.scores or {}).get(scorer)
    if score is None or run.error is not None or run.limit is not None:
        return None
    if not isinstance(score.value, str | int | float | bool):
        return None
    value = float(value_to_float()(score.value))
    return value if math.isfinite(value) else None


def sample_key(sample: EvalSample) -> str:
    """Identify a sample by what it asks: Inspect numbers samples after shuffling, so its ids say nothing.

    sha256 over the input, the choices in alphabetical order and the text of the right answer.
    """
    asked = sample.input if isinstance(sample.input, str) else [message.text for message in sample.input]
    choices = sample.choices or []
    target = [
        _answer(letter, choices) for letter in ([sample.target] if isinstance(sample.target, str) else sample.target)
    ]
    subject = json.dumps([asked, sorted(choices), sorted(target)], ensure_ascii=False)
    return hashlib.sha256(subject.encode()).hexdigest()


def _answer(target: str, choices: list[str]) -> str:
    position = ord(target) - ord("A") if len(target) == 1 else -1
    return choices[position] if 0 <= position < len(choices) else target
