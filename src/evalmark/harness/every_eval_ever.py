"""Records of Every Eval Ever: `<uuid>.json` with one model's scores.

Source of the format: `eval.schema.json` of every-eval-ever 0.3.0. Where the schema has no field, converters of that
package write `hf_revision` and the like into `additional_details`; so does our own export.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import JsonValue

from evalmark.harness.foreign import (
    asked,
    commit,
    count,
    dataset_id,
    iso,
    items,
    mapping,
    moment,
    number,
    some,
    text,
)
from evalmark.harness.reader import Documents, NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result

_KEYS = frozenset({"schema_version", "evaluation_id", "model_info", "evaluation_results"})
_FRACTION = frozenset({"proportion", "fraction"})
_PERCENT = frozenset({"percent", "percentage"})
_SECONDS = re.compile(r"[0-9]{9,10}(\.[0-9]{1,9})?", re.ASCII)


class EveryEvalEver:
    """The metrics of one evaluation of one dataset are a result."""

    harness = "every-eval-ever"

    def read(self, path: str, documents: Documents) -> tuple[Result, ...] | None:
        """The results of one record."""
        document = mapping(documents.get(path))
        return some(_results(self.harness, path, document)) if document.keys() >= _KEYS else None


def _results(harness: str, path: str, document: Mapping[str, JsonValue]) -> Iterator[Result]:
    info = mapping(document["model_info"])
    model = text(info.get("id")) or text(info.get("name"))
    if model is None:
        raise NotReadable("it names no model")
    details = mapping(info.get("additional_details"))
    run: dict[str, Any] = {
        "harness": harness,
        "version": text(document["schema_version"]),
        "file": path,
        "model": model,
        "model_revision": commit(details.get("hf_revision")) or commit(details.get("revision")),
        "source_url": text(
            mapping(mapping(document.get("source_metadata")).get("additional_details")).get("source_url")
        ),
    }
    for told, metrics in _evaluations(document):
        when = _when(told.get("evaluation_timestamp")) or _when(document.get("evaluation_timestamp"))
        yield Result(**run, metrics=tuple(metrics), date=when, **_questions(told))


def _evaluations(document: Mapping[str, JsonValue]) -> Iterator[tuple[Mapping[str, JsonValue], list[Metric]]]:
    """Each evaluation, by its first entry, with its metrics: those that follow each other under one name."""
    first: Mapping[str, JsonValue] = {}
    metrics: list[Metric] = []
    for each in map(mapping, items(document["evaluation_results"])):
        metric = _metric(each)
        if metric is None or text(each.get("evaluation_name")) is None:
            continue
        if metrics and not _same(first, each):
            yield first, metrics
            metrics = []
        if not metrics:
            first = each
        metrics.append(metric)
    if metrics:
        yield first, metrics


def _same(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> bool:
    return all(one.get(key) == other.get(key) for key in ("evaluation_name", "source_data", "generation_config"))


def _metric(told: Mapping[str, JsonValue]) -> Metric | None:
    config, score = mapping(told.get("metric_config")), mapping(told.get("score_details"))
    value = number(score.get("score"))
    if value is None:
        return None
    names = (config.get("metric_name"), config.get("metric_id"), told.get("evaluation_result_id"))
    return Metric(
        name=next((name for name in map(text, names) if name), "score"),
        value=value,
        unit=_unit(config),
        lower_is_better=config.get("lower_is_better") is True,
        stderr=number(mapping(mapping(score.get("uncertainty")).get("standard_error")).get("value")),
    )


def _unit(config: Mapping[str, JsonValue]) -> Literal["fraction", "percent"] | None:
    """The unit as it is named, else by the scale."""
    unit = config.get("metric_unit")
    if isinstance(unit, str):
        return "fraction" if unit in _FRACTION else "percent" if unit in _PERCENT else None
    scale = number(config.get("min_score")), number(config.get("max_score"))
    return "fraction" if scale == (0, 1) else "percent" if scale == (0, 100) else None


def _questions(told: Mapping[str, JsonValue]) -> dict[str, Any]:
    source = mapping(told.get("source_data"))
    details = mapping(source.get("additional_details"))
    configs = (details.get(key) for key in ("hf_config", "hf_subset", "subset"))
    revisions = (details.get(key) for key in ("hf_revision", "dataset_revision"))
    samples = count(mapping(mapping(told.get("score_details")).get("uncertainty")).get("num_samples"))
    planned = count(source.get("samples_number"))
    return {
        "task": text(told.get("evaluation_name")),
        "dataset": DatasetUsed(
            id=dataset_id(source.get("hf_repo")),
            config=next((config for config in map(text, configs) if config), None),
            split=text(source.get("hf_split")),
            revision=next((revision for revision in map(commit, revisions) if revision), None),
        ),
        "samples": samples,
        "planned": planned,
        "setup": _setup(mapping(told.get("generation_config"))),
        "faults": (f"{samples} of {planned} samples",) if samples and planned and samples < planned else (),
    }


def _setup(config: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """What tells the set-up from the usual one: in the record's own words, if it has any."""
    arguments, details = mapping(config.get("generation_args")), mapping(config.get("additional_details"))
    notes = text(details.get("notes"))
    if notes is not None:
        return (notes,)
    shots = details.get("num_fewshot") or details.get("n_shot")
    tools = items(mapping(arguments.get("agentic_eval_config")).get("available_tools"))
    thinks = "cot" if arguments.get("reasoning") is True else ""
    found = int(shots) if isinstance(shots, str) and re.fullmatch(r"[0-9]{1,3}", shots, re.ASCII) else None
    return (*asked(thinks, found), *(("With tools",) if tools else ()))


def _when(value: JsonValue) -> str | None:
    """A time: in seconds since 1970 as a text, or in ISO 8601."""
    seconds = isinstance(value, str) and _SECONDS.fullmatch(value)
    return moment(float(seconds[0])) if seconds else iso(value)
