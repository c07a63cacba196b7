"""`results_*.json` of lighteval.

Source of the format: `logging/evaluation_tracker.py` and `tasks/lighteval_task.py` of lighteval 0.13.0. It tells
neither its version nor how many samples there were, and the day only in the file's name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import JsonValue

from evalmark.harness.foreign import (
    asked,
    commit,
    count,
    cut_short,
    dataset_id,
    entries,
    iso,
    items,
    mapping,
    metrics_in,
    shared_dataset,
    some,
    text,
)
from evalmark.harness.reader import Documents, NotReadable
from evalmark.harness.result import DatasetUsed, Result

# The mean of unlike tasks: nobody's score.
_ALL = "all"
# Behind the name of tasks that differ by their subset only: the mean over them.
_AVERAGE = ":_average"
_DAY = re.compile(r"results_(\d{4}-\d{2}-\d{2})T[^/]*\.json", re.ASCII)


class _Key(NamedTuple):
    """`task|shots`; before 0.12 `suite|task|shots`, and in some versions one part more."""

    task: str
    shots: int | None


class Lighteval:
    """A task is a result, and so is the mean over the subsets of a task."""

    harness = "lighteval"

    def read(self, path: str, documents: Documents) -> tuple[Result, ...] | None:
        """The results of one file."""
        document = mapping(documents.get(path))
        if not document.keys() >= {"config_general", "results"}:
            return None
        return some(_results(self.harness, path, document))


def _results(harness: str, path: str, document: Mapping[str, JsonValue]) -> Iterator[Result]:
    general = mapping(document["config_general"])
    settings = mapping(general.get("model_config"))
    model = text(general.get("model_name"))
    if model is None:
        raise NotReadable("it names no model")
    day = _DAY.search(path)
    run: dict[str, Any] = {
        "harness": harness,
        "file": path,
        "model": model,
        "model_revision": commit(general.get("model_sha")) or commit(settings.get("revision")),
        "date": iso(day[1]) if day else None,
    }
    for name, values in entries(document["results"]):
        tasks = _tasks(document, name)
        metrics = metrics_in(mapping(values), _lower(tasks))
        key = _key(name)
        if name != _ALL and text(key.task) and metrics:
            setup = asked(key.task, key.shots, system=settings.get("system_prompt"))
            questions = _questions(tasks, general.get("max_samples"))
            yield Result(**run, task=key.task, metrics=metrics, setup=setup, **questions)


def _key(name: str) -> _Key:
    parts = name.split("|", 4)
    task, shots = (parts[0], parts[1:2]) if len(parts) < 3 else (parts[1], parts[2:3])
    return _Key(task, int(shots[0]) if shots and re.fullmatch(r"[0-9]{1,3}", shots[0]) else None)


def _tasks(document: Mapping[str, JsonValue], name: str) -> list[Mapping[str, JsonValue]]:
    """The settings of a task, or of those that are averaged. Before 0.12 their names were without the shots."""
    settings = document.get("config_tasks")
    before, average, after = name.partition(_AVERAGE)
    if not average:
        own = mapping(settings).get(name) or mapping(settings).get("|".join(name.split("|", 3)[:2]))
        return [mapping(own)]
    alike = (task for key, task in entries(settings) if key.startswith(f"{before}:") and key.endswith(after))
    return [mapping(task) for task in alike]


def _lower(tasks: list[Mapping[str, JsonValue]]) -> frozenset[str]:
    """The metrics of which the lowest is the best. Metrics that are computed together stand as one.

    Before 0.11 the list is called `metric`.
    """
    lower: set[str] = set()
    for task in tasks:
        for metric in map(mapping, items(task.get("metrics") or task.get("metric"))):
            name, higher = metric.get("metric_name"), metric.get("higher_is_better")
            if isinstance(name, str) and higher is False:
                lower.add(name)
            lower.update(each for each, is_higher in mapping(higher).items() if is_higher is False)
    return frozenset(lower)


def _questions(tasks: list[Mapping[str, JsonValue]], limit: JsonValue) -> dict[str, Any]:
    only = tasks[0] if len(tasks) == 1 else {}
    samples, planned = count(only.get("effective_num_docs")), count(only.get("original_num_docs"))
    return {
        "dataset": shared_dataset([_dataset(task) for task in tasks]),
        "samples": samples,
        "planned": planned,
        "faults": cut_short(samples, planned, limit),
    }


def _dataset(task: Mapping[str, JsonValue]) -> DatasetUsed:
    splits = items(task.get("evaluation_splits"))
    return DatasetUsed(
        id=dataset_id(task.get("hf_repo")),
        config=text(task.get("hf_subset")),
        split=text(splits[0]) if len(splits) == 1 else None,
        revision=commit(task.get("hf_revision")),
    )
