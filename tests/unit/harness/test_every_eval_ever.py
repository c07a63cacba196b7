"""Records of Every Eval Ever."""

from typing import Any

import pytest

from evalmark.harness.every_eval_ever import EveryEvalEver
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from tests.recordings import COMMIT, MODEL, changed, recorded

READER = EveryEvalEver()
FIRST = "evaluation_results.0"


def read(document: Any) -> tuple[Result, ...]:
    results = READER.read("a.json", {"a.json": document})
    assert results is not None
    return results


def the(task: str = "sums_ter") -> Any:
    return recorded("every-eval-ever")[f"{task}.json"]


def one(at: str, value: Any) -> Result:
    document = changed(the(), "evaluation_results", the()["evaluation_results"][:1])
    (result,) = read(changed(document, at, value))
    return result


def test_evaluation__as_recorded() -> None:
    assert read(the()) == (
        Result(
            harness="every-eval-ever",
            version="0.3.0",
            file="a.json",
            model=MODEL,
            task="sums_ter",
            dataset=DatasetUsed(id="acme/sums", split="test"),
            metrics=(
                Metric(name="exact_match", value=0.0, unit="fraction", stderr=0.0),
                Metric(name="ter", value=1540.0, unit="percent", lower_is_better=True, stderr=239.47509939933903),
                Metric(name="bleu", value=0.445826546611778, unit="percent", stderr=0.28696676006211486),
            ),
            samples=5,
            date="2026-11-26T18:12:15Z",
        ),
    )


def test_evaluations_of_other_names__are_results_each() -> None:
    results = read(the("sums_small"))

    assert [(each.task, each.setup, each.samples) for each in results] == [
        ("sums_small/strict-match", ("3-shot",), 20),
        ("sums_small/flexible-extract", ("3-shot",), 20),
    ]


@pytest.mark.parametrize(
    ("config", "unit"),
    [
        ({"metric_unit": "percentage"}, "percent"),
        ({"metric_unit": "points", "min_score": 0, "max_score": 1}, None),
        ({"min_score": 0, "max_score": 1}, "fraction"),
        ({"min_score": 0, "max_score": 100}, "percent"),
        ({"min_score": 0, "max_score": "Infinity"}, None),
        ({}, None),
    ],
)
def test_unit__as_named_else_by_the_scale(config: dict[str, Any], unit: str | None) -> None:
    (metric,) = one(f"{FIRST}.metric_config", {"metric_id": "x", **config}).metrics

    assert (metric.name, metric.unit) == ("x", unit)


def test_metric_without_a_name() -> None:
    document = changed(the(), f"{FIRST}.metric_config", {})
    (result,) = read(changed(document, f"{FIRST}.evaluation_result_id", ...))

    assert result.metrics[0].name == "score"


@pytest.mark.parametrize(
    ("config", "setup"),
    [
        ({"generation_args": {"reasoning": True}}, ("chain-of-thought",)),
        ({"generation_args": {"agentic_eval_config": {"available_tools": [{"name": "bash"}]}}}, ("With tools",)),
        ({"additional_details": {"n_shot": "5"}}, ("5-shot",)),
        ({"additional_details": {"num_fewshot": "many"}}, ()),
        ({"additional_details": {"num_fewshot": "5", "notes": "With tools"}}, ("With tools",)),
    ],
)
def test_setup(config: dict[str, Any], setup: tuple[str, ...]) -> None:
    assert one(f"{FIRST}.generation_config", config).setup == setup


def test_commits_and_subset__of_the_details() -> None:
    used = one(f"{FIRST}.source_data.additional_details", {"hf_revision": COMMIT, "subset": "small"}).dataset

    assert used == DatasetUsed(id="acme/sums", config="small", split="test", revision=COMMIT)
    assert one("model_info.additional_details", {"revision": COMMIT}).model_revision == COMMIT


def test_part_of_the_samples() -> None:
    assert one(f"{FIRST}.source_data.samples_number", 20).faults == ("5 of 20 samples",)
    assert one(f"{FIRST}.source_data.samples_number", 5).faults == ()


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ("1795716735.25", "2026-11-26T18:12:15Z"),
        ("2026-01-15", "2026-01-15"),
        ("yesterday", "2026-11-26T18:12:15Z"),
        (5, "2026-11-26T18:12:15Z"),
    ],
)
def test_date__of_the_evaluation_else_of_the_record(told: Any, date: str) -> None:
    assert one(f"{FIRST}.evaluation_timestamp", told).date == date


def test_source__is_a_link_in_the_details() -> None:
    assert one("source_metadata.additional_details", {"source_url": "https://example.org"}).source_url == (
        "https://example.org"
    )


def test_model__by_its_name_if_it_has_no_id() -> None:
    assert one("model_info.id", None).model == MODEL


def test_no_model() -> None:
    with pytest.raises(NotReadable, match="names no model"):
        read(changed(the(), "model_info", None))


@pytest.mark.parametrize("results", [[], None, [{"evaluation_name": "x"}], [{"score_details": {"score": 1}}]])
def test_no_score(results: Any) -> None:
    with pytest.raises(NotReadable, match="holds no score"):
        read(changed(the(), "evaluation_results", results))


def test_another_file__is_not_read() -> None:
    assert READER.read("a.json", {"a.json": {"schema_version": "0.3.0"}}) is None
