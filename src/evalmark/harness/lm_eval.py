"""`results_*.json` of the LM Evaluation Harness, since 0.4.

Source of the format: `result_schema.py` and `loggers/evaluation_tracker.py` of lm-eval 0.4.13.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from evalmark.harness.foreign import (
    MOST_ITEMS,
    asked,
    commit,
    count,
    cut_short,
    dataset_id,
    entries,
    items,
    mapping,
    metrics_in,
    moment,
    shared_dataset,
    some,
    text,
)
from evalmark.harness.reader import Documents, NotReadable
from evalmark.harness.result import DatasetUsed, Result

MOST_STEPS = 2000
_KEYS = frozenset({"results", "configs", "versions", "n-shot"})
# What the model's name is called in `model_args`, in the order in which the harness looks.
_NAMES = ("peft", "delta", "pretrained", "model", "path", "engine")
# The value with which the harness fills in what it was told not to score.
_NOT_SCORED = "bypass"


class LmEval:
    """A task and a group of tasks are a result each."""

    harness = "lm-eval"

    def read(self, path: str, documents: Documents) -> tuple[Result, ...] | None:
        """The results of one file."""
        document = mapping(documents.get(path))
        return some(_results(self.harness, path, document)) if document.keys() >= _KEYS else None


def _results(harness: str, path: str, document: Mapping[str, JsonValue]) -> Iterator[Result]:
    run = {"harness": harness, "file": path, "version": text(document.get("lm_eval_version")), **_model(document)}
    for name, values in entries(document["results"]):
        scored = {key: value for key, value in mapping(values).items() if "," in key}
        metrics = metrics_in(scored, _lower(document, name))
        metrics = tuple(metric for metric in metrics if metric.name.partition(",")[0] != _NOT_SCORED)
        if text(name) and metrics:
            yield Result(
                **run, task=name, metrics=metrics, date=moment(document.get("date")), **_questions(document, name)
            )


def _model(document: Mapping[str, JsonValue]) -> dict[str, Any]:
    config = mapping(document.get("config"))
    arguments = _arguments(config.get("model_args"))
    said = (document.get("model_name"), *(arguments.get(name) for name in _NAMES), config.get("model"))
    model = next((name for name in map(text, said) if name), None)
    if model is None:
        raise NotReadable("it names no model")
    return {"model": model, "model_revision": commit(config.get("model_sha")) or commit(arguments.get("revision"))}


def _arguments(value: JsonValue) -> Mapping[str, JsonValue]:
    """The arguments of a model. Before 0.4.10 they stand in one text: `pretrained=gpt2,revision=main`."""
    if isinstance(value, str):
        pairs = (part.partition("=") for part in value.split(",", MOST_ITEMS))
        return {name.strip(): argument for name, _, argument in pairs}
    return mapping(value)


def _lower(document: Mapping[str, JsonValue], name: str) -> frozenset[str]:
    """The metrics of which the lowest is the best."""
    directions = mapping(mapping(document.get("higher_is_better")).get(name))
    return frozenset(metric for metric, higher in directions.items() if higher is False)


def _questions(document: Mapping[str, JsonValue], name: str) -> dict[str, Any]:
    """How many questions of which dataset were asked, and how."""
    tasks = _tasks(document, name)
    counts = [mapping(mapping(document.get("n-samples")).get(task)) for task in tasks]
    samples, planned = _sum(counts, "effective"), _sum(counts, "original")
    if samples is None:
        samples = count(mapping(mapping(document["results"]).get(name)).get("sample_len"))
    configs = mapping(document["configs"])
    limit = mapping(document.get("config")).get("limit")
    shots = count(mapping(document["n-shot"]).get(name))
    return {
        "dataset": shared_dataset([_dataset(mapping(configs.get(task))) for task in tasks]),
        "samples": samples,
        "planned": planned,
        "setup": asked(name, shots, system=document.get("system_instruction")),
        "faults": cut_short(samples, planned, limit),
    }


def _tasks(document: Mapping[str, JsonValue], name: str) -> list[str]:
    """The tasks below a group, or the task itself. A group can hold groups. None, if they are too many to follow."""
    below = mapping(document.get("group_subtasks"))
    waiting, seen, tasks, steps = [name], {name}, [], 0
    while waiting and steps < MOST_STEPS:
        each = waiting.pop()
        inside = [child for child in items(below.get(each)) if isinstance(child, str)]
        steps += len(inside)
        if not inside:
            tasks.append(each)
        for child in inside:
            if child not in seen:
                seen.add(child)
                waiting.append(child)
    return [] if waiting else tasks


def _sum(counts: list[Mapping[str, JsonValue]], kind: str) -> int | None:
    numbers = [count(each.get(kind)) for each in counts]
    known = [each for each in numbers if each is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _dataset(config: Mapping[str, JsonValue]) -> DatasetUsed:
    arguments = mapping(config.get("dataset_kwargs"))
    return DatasetUsed(
        id=dataset_id(config.get("dataset_path")),
        config=text(config.get("dataset_name")),
        split=text(config.get("test_split")) or text(config.get("validation_split")),
        revision=commit(arguments.get("revision")),
    )
