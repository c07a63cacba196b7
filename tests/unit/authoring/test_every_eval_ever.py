"""Entries as records of Every Eval Ever, and back."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from evalmark.authoring.every_eval_ever import Told, record
from evalmark.formats.results import DatasetRef, Entry, Source
from evalmark.harness.every_eval_ever import EveryEvalEver
from evalmark.harness.result import Result
from tests.recordings import recorded

SCHEMA = json.loads((Path(__file__).parents[2] / "data/every-eval-ever-0.3.0.schema.json").read_text())
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
BARE = Entry(dataset=DatasetRef(id="cais/hle", task_id="hle"), value=41.2)
FULL = Entry(
    dataset=DatasetRef(id="cais/hle", task_id="hle", revision="a" * 40),
    value=41.2,
    date="2026-01-15",
    source=Source(url="https://example.org/log", name="Evaluation log", org="acme"),
    notes="With tools",
)
TOLD = Told(
    "acme/model",
    model_revision="b" * 40,
    unit="percent",
    metric="accuracy",
    harness="inspect_ai",
    harness_version="0.3.285",
)


def made(entry: Entry, told: Told) -> dict[str, Any]:
    """The record, which is valid."""
    found: dict[str, Any] = json.loads(json.dumps(record(entry, told, NOW)))
    jsonschema.Draft7Validator(SCHEMA).validate(found)
    return found


def back(document: dict[str, Any]) -> Result:
    (result,) = EveryEvalEver().read("a.json", {"a.json": document}) or ()
    return result


def test_schema__is_met_by_records_of_their_own_converter() -> None:
    for document in recorded("every-eval-ever").values():
        jsonschema.Draft7Validator(SCHEMA).validate(document)


def test_there_and_back__tells_the_same() -> None:
    result = back(made(FULL, TOLD))
    (metric,) = result.metrics

    assert (result.model, result.model_revision) == ("acme/model", "b" * 40)
    assert (result.dataset.id, result.task, result.dataset.revision) == ("cais/hle", "hle", "a" * 40)
    assert (metric.name, metric.value, metric.unit, metric.lower_is_better) == ("accuracy", 41.2, "percent", False)
    assert (result.date, result.setup, result.source_url) == ("2026-01-15", ("With tools",), "https://example.org/log")


def test_there_and_back__of_an_entry_that_says_the_least() -> None:
    result = back(made(BARE, Told("acme/model")))
    (metric,) = result.metrics

    assert (result.model_revision, result.dataset.revision, result.date, result.source_url) == (None, None, None, None)
    assert (result.setup, metric.unit, metric.value) == ((), None, 41.2)


@pytest.mark.parametrize(
    ("value", "unit", "scale"),
    [
        (0.412, "fraction", {"metric_unit": "proportion", "score_type": "continuous", "min_score": 0, "max_score": 1}),
        (41.2, "percent", {"metric_unit": "percent", "score_type": "continuous", "min_score": 0, "max_score": 100}),
        (41.2, "fraction", {"metric_unit": "proportion"}),
        (-1.0, "percent", {"metric_unit": "percent"}),
        (1200.0, None, {}),
    ],
)
def test_scale__is_told_if_the_score_is_on_it(value: float, unit: Any, scale: dict[str, Any]) -> None:
    told = Told("acme/model", unit=unit, lower_is_better=True)
    document = made(BARE.model_copy(update={"value": value}), told)

    assert document["evaluation_results"][0]["metric_config"] == {"lower_is_better": True, **scale}


@pytest.mark.parametrize(
    ("source", "name", "relationship"),
    [
        (None, "acme", "first_party"),
        (Source(url="https://example.org", org="Acme"), "Acme", "first_party"),
        (Source(url="https://example.org", user="ada"), "ada", "third_party"),
        (Source(url="https://example.org"), "unknown", "other"),
    ],
)
def test_source__is_the_reporter(source: Source | None, name: str, relationship: str) -> None:
    told = made(BARE.model_copy(update={"source": source}), TOLD)["source_metadata"]

    assert (told["source_organization_name"], told["evaluator_relationship"]) == (name, relationship)
    assert told["source_type"] == "documentation"
