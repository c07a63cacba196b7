"""Inspect logs. They are read elsewhere, with Inspect's own reader in a process of its own; here they are named."""

import re
from collections.abc import Iterator

from evalmark.harness.result import DatasetUsed, Metric, Result
from evalmark.logged import Logged, StatedMetric

HARNESS = "inspect-ai"
_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
# Their values lie between 0 and 1, unless the scorer gives points.
FRACTIONS = frozenset({"accuracy", "mean"})


class NoScore(ValueError):
    """A log without any score; the argument says why in one sentence."""


def result_of(logged: Logged) -> Result:
    """What a log reports. Raises `NoScore`."""
    told = logged.told
    if not told.metrics:
        raise NoScore(f"{logged.file} has no score: its run ended with the status `{logged.status}`")
    several = len({metric.scorer for metric in told.metrics}) > 1
    return Result(
        harness=HARNESS,
        version=logged.inspect,
        file=logged.file,
        model=logged.model,
        model_revision=told.model_revision,
        task=logged.task_id or logged.task,
        dataset=_dataset(logged),
        metrics=tuple(_metric(metric, logged, several=several) for metric in told.metrics),
        samples=sum(sample.score is not None for sample in logged.samples),
        planned=logged.total or logged.planned,
        date=told.created,
        setup=() if logged.dataset_id is not None or not told.tools else ("With tools",),
        faults=tuple(_faults(logged)),
    )


def _dataset(logged: Logged) -> DatasetUsed:
    if logged.dataset_id is not None:
        return DatasetUsed(id=logged.dataset_id, revision=logged.dataset_revision)
    place = logged.told.dataset or ""
    return DatasetUsed(id=place if _REPO.fullmatch(place) else None)


def _metric(metric: StatedMetric, logged: Logged, *, several: bool) -> Metric:
    share = metric.name in FRACTIONS and 0 <= metric.value <= 1 and not _gives_points(metric, logged)
    return Metric(
        name=f"{metric.scorer}/{metric.name}" if several else metric.name,
        value=metric.value,
        unit="fraction" if share else None,
        stderr=metric.stderr,
    )


def _gives_points(metric: StatedMetric, logged: Logged) -> bool:
    """Whether a sample has more than 1 or less than 0 by the metric's scorer, as far as the log's reader looked."""
    values = (value for sample in logged.samples for value in sample.values if value is not None)
    return metric.scorer == logged.scorer and any(not 0 <= value <= 1 for value in values)


def _faults(logged: Logged) -> Iterator[str]:
    """Why the log is of no whole clean run."""
    if logged.status != "success":
        yield f"the run ended with the status `{logged.status}`"
    if logged.invalidated:
        yield "the log is marked as invalid"
    whole = max(logged.total or 0, logged.planned)
    scored = sum(sample.score is not None for sample in logged.samples)
    failed = sum(sample.failed > 0 for sample in logged.samples)
    limited = sum(sample.limited > 0 for sample in logged.samples)
    if scored < whole:
        yield f"{scored} of {whole} samples"
    if failed:
        yield f"{_samples(failed)} failed"
    if limited:
        yield f"{_samples(limited)} cut short by a limit"


def _samples(count: int) -> str:
    return "1 sample" if count == 1 else f"{count} samples"
