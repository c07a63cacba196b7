"""What a log tells besides its scores, for whoever writes an entry from it. Runs in the child process only."""

import math
from collections.abc import Iterator

from inspect_ai.log import EvalLog, EvalMetric, EvalScore, headline_metric

from evalmark.logged import SHORT, StatedMetric, Told
from evalmark.report.escape import plain
from evalmark.review import COMMIT

# Solvers that give the model tools: those of Inspect by their names in a log.
TOOL_SOLVERS = frozenset({"use_tools", "basic_agent", "react", "human_cli", "deepagent"})
# What belongs to another number of the same scorer.
SPREADS = frozenset({"stderr", "std", "var", "bootstrap_stderr", "ci", "ci_wilson", "lower", "upper"})
MOST_METRICS = 50
WITH_STDERR = frozenset({"accuracy", "mean"})


def told(log: EvalLog) -> Told:
    """What the log tells."""
    evaluation = log.eval
    place = evaluation.dataset.location or evaluation.dataset.name
    revision = evaluation.model_args.get("revision")
    return Told(
        created=plain(evaluation.created, SHORT) or None,
        metrics=tuple(_metrics(log))[:MOST_METRICS],
        tools=any(step.solver.rpartition("/")[2] in TOOL_SOLVERS for step in log.plan.steps),
        dataset=plain(place, SHORT) if place else None,
        model_revision=revision if isinstance(revision, str) and COMMIT.fullmatch(revision) else None,
    )


def _metrics(log: EvalLog) -> Iterator[StatedMetric]:
    """All that are finite and no spread of another one."""
    headline = headline_metric(log)
    found = [
        (score, metric)
        for score in (log.results.scores if log.results else [])
        for metric in score.metrics.values()
        if metric.name.rpartition("/")[2] not in SPREADS and math.isfinite(metric.value)
    ]
    first = headline.metric if headline is not None else None
    for score, metric in sorted(found, key=lambda each: each[1] is not first):
        yield StatedMetric(
            scorer=plain(score.scorer, SHORT),
            name=plain(metric.name, SHORT),
            value=float(metric.value),
            stderr=_stderr(score, metric),
        )


def _stderr(score: EvalScore, of: EvalMetric) -> float | None:
    if of.name not in WITH_STDERR:
        return None
    found = [metric.value for metric in score.metrics.values() if metric.name == "stderr"]
    return float(found[0]) if len(found) == 1 and math.isfinite(found[0]) else None
