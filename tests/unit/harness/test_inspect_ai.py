"""What an Inspect log reports, for whoever writes an entry from it."""

from typing import Any

import pytest

from evalmark.harness.inspect_ai import NoScore, result_of
from evalmark.logged import StatedMetric, Told
from tests.builders import DATASET_SHA
from tests.logs import logged, ones, sample

TOLD = Told(created="2026-11-24T10:00:00+00:00", metrics=(StatedMetric(scorer="match", name="accuracy", value=0.57),))


def test_a_clean_log_of_a_benchmark_has_all_that_an_entry_needs() -> None:
    result = result_of(logged(told=TOLD))
    assert (result.dataset.id, result.dataset.revision, result.task) == ("acme/sums", DATASET_SHA, "sums")
    assert (result.samples, result.planned, result.faults, result.setup) == (100, 100, (), ())
    assert [(metric.name, metric.value, metric.unit) for metric in result.metrics] == [("accuracy", 0.57, "fraction")]
    assert result.date == "2026-11-24T10:00:00+00:00"


def test_the_scorer_is_named_where_there_are_several() -> None:
    both = (*TOLD.metrics, StatedMetric(scorer="judge", name="quality", value=7.5, stderr=0.1))
    metrics = result_of(logged(told=TOLD.model_copy(update={"metrics": both}))).metrics
    assert [(metric.name, metric.unit) for metric in metrics] == [
        ("match/accuracy", "fraction"),
        ("judge/quality", None),
    ]


@pytest.mark.parametrize(("values", "unit"), [((1.0, 0.0), "fraction"), ((3.0, -0.5), None), ((None, 1.0), "fraction")])
def test_a_mean_of_points_is_no_fraction(values: tuple[float | None, ...], unit: str | None) -> None:
    told = Told(metrics=(StatedMetric(scorer="match", name="mean", value=0.7),))
    samples = tuple(sample(0, 1.0).model_copy(update={"values": (value,)}) for value in values)
    (metric,) = result_of(logged(told=told, samples=samples)).metrics
    assert metric.unit == unit


def test_a_log_without_a_score_says_why() -> None:
    with pytest.raises(NoScore, match="ended with the status `error`"):
        result_of(logged(status="error"))


@pytest.mark.parametrize(
    ("place", "found"),
    [("openai/gsm8k", "openai/gsm8k"), ("/home/ada/data.jsonl", None), ("gsm8k", None), (None, None)],
)
def test_the_dataset_of_a_task_that_is_no_benchmark_s_own(place: str | None, found: str | None) -> None:
    told = TOLD.model_copy(update={"dataset": place})
    log = logged(told=told, dataset_id=None, task_id=None, dataset_revision=None, task="inspect_evals/gsm8k")
    assert (result_of(log).dataset.id, result_of(log).task) == (found, "inspect_evals/gsm8k")


@pytest.mark.parametrize(("dataset", "setup"), [("acme/sums", ()), (None, ("With tools",))])
def test_tools_are_the_usual_set_up_of_a_benchmark_that_gives_them(dataset: str | None, setup: tuple[str, ...]) -> None:
    told = TOLD.model_copy(update={"tools": True})
    assert result_of(logged(told=told, dataset_id=dataset)).setup == setup


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"status": "cancelled"}, ("the run ended with the status `cancelled`",)),
        ({"invalidated": True}, ("the log is marked as invalid",)),
        ({"total": 1319}, ("100 of 1319 samples",)),
        ({"samples": (sample(0, None, failed=1),), "planned": 1, "total": 1}, ("0 of 1 samples", "1 sample failed")),
        (
            {"samples": (sample(0, 1.0, limited=1), sample(1, 1.0, limited=2)), "planned": 2, "total": 2},
            ("2 samples cut short by a limit",),
        ),
    ],
)
def test_a_log_of_no_whole_clean_run_says_so(changes: dict[str, Any], faults: tuple[str, ...]) -> None:
    assert result_of(logged(ones(57), told=TOLD, **changes)).faults == faults
