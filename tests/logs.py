"""Small builders of what a log shows: a test names only what it is about."""

from collections.abc import Iterable, Sequence
from typing import Any

from evalmark.logged import Key, Logged, LoggedSample, Rescore, SampleSet, Wanted
from tests.builders import DATASET_SHA, MODEL

INSPECT = "0.3.285"


def ones(right: int, of: int = 100, lost: int = 0) -> list[float | None]:
    """Scores of `of` samples by their numbers: first those that are right, then the lost, then the wrong."""
    return [*[1.0] * right, *[None] * lost, *[0.0] * (of - right - lost)]


def key(number: int) -> Key:
    """The key of the sample of this number."""
    return f"{number:064x}"


def wanted(**changes: Any) -> Wanted:
    """The task `sums` of `acme/sums`, scored by `match`."""
    usual = {
        "dataset_id": "acme/sums",
        "revision": DATASET_SHA,
        "task_id": "sums",
        "epochs": 1,
        "reducer": "mean",
        "scorer": "match",
        "scorer_args": {},
    }
    return Wanted.model_validate(usual | changes)


def keys(of: int = 100) -> SampleSet:
    """All samples of the benchmark."""
    return SampleSet(keys=tuple(key(number) for number in range(of)))


def sample(number: int, score: float | None, **changes: Any) -> LoggedSample:
    """One sample of a log."""
    usual = {
        "key": key(number),
        "id": str(number),
        "question": f"{number} + {number}?",
        "values": (score,),
        "score": score,
    }
    return LoggedSample.model_validate(usual | changes)


def rescore(scores: Iterable[float | None], task: str | None = None) -> Rescore:
    """The same samples scored again, in one epoch."""
    found = tuple(scores)
    return Rescore(task=task or wanted().task, scores=found, values=tuple((score,) for score in found))


def logged(
    scores: Sequence[float | None] = tuple(ones(57)),
    *,
    again: Sequence[float | None] | None = None,
    samples: tuple[LoggedSample, ...] | None = None,
    **changes: Any,
) -> Logged:
    """A log of the claimed model on `sums`, whole and unedited; `again` are its scores when rescored."""
    own = tuple(sample(number, score) for number, score in enumerate(scores)) if samples is None else samples
    usual = {
        "file": "run.eval",
        "sha256": "c" * 64,
        "task": f"hf/acme/sums/sums@{DATASET_SHA}",
        "dataset_id": "acme/sums",
        "task_id": "sums",
        "dataset_revision": DATASET_SHA,
        "model": f"hf/{MODEL.name}",
        "generation": {"temperature": 0},
        "epochs": 1,
        "reducer": "mean",
        "selection": "",
        "status": "success",
        "early_stops": 0,
        "invalidated": False,
        "updates": 0,
        "scorer": "match",
        "scorer_args": {},
        "inspect": INSPECT,
        "read_with": INSPECT,
        "total": len(own),
        "planned": len(own),
        "unplanned": 0,
        "samples": own,
        "stated": None,
        "stated_as": None,
        "rescores": (rescore(scores if again is None else again),) if samples is None else (),
    }
    return Logged.model_validate(usual | changes)
