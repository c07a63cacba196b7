"""Results of lighteval."""

from typing import Any

import pytest

from evalmark.harness.lighteval import Lighteval
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from tests.recordings import COMMIT, MODEL, changed, recorded

READER = Lighteval()
FILE = "results_2026-11-26T18-18-35.118988.json"


def read(document: Any, path: str = FILE) -> tuple[Result, ...]:
    results = READER.read(path, {path: document})
    assert results is not None
    return results


def the(folder: str) -> Any:
    (document,) = recorded(f"lighteval/{folder}").values()
    return document


def test_task__as_recorded() -> None:
    _, task, _ = read(the("whole"))

    assert task == Result(
        harness="lighteval",
        file=FILE,
        model=MODEL,
        task="sums:small",
        dataset=DatasetUsed(id="acme/sums", config="small", split="test", revision=COMMIT),
        metrics=(
            Metric(name="em", value=0.3, unit="fraction", stderr=0.10513149660756933),
            Metric(name="f1", value=0.3, unit="fraction", stderr=0.10513149660756933),
            Metric(name="ter", value=0.0, unit="percent", lower_is_better=True, stderr=1.5204840912919246),
        ),
        date="2026-11-26",
        setup=("3-shot",),
    )


def test_average__is_a_result_over_the_subsets() -> None:
    *_, average = read(the("whole"))

    assert (average.task, average.setup) == ("sums:_average", ("3-shot",))
    assert average.dataset == DatasetUsed(id="acme/sums", split="test", revision=COMMIT)
    assert average.metrics[2].lower_is_better


def test_limited__says_so() -> None:
    (task,) = read(the("limited"))

    assert task.faults == ("a limit of 5 samples",)
    assert task.setup == ()


def test_counts__of_the_versions_that_write_them() -> None:
    document = changed(the("limited"), "config_tasks.sums:small|0.original_num_docs", 20)
    (task,) = read(changed(document, "config_tasks.sums:small|0.effective_num_docs", 5))

    assert (task.samples, task.planned, task.faults) == (5, 20, ("5 of 20 samples",))


@pytest.mark.parametrize(
    ("key", "settings", "task", "setup"),
    [
        ("leaderboard|mmlu:anatomy|5", "leaderboard|mmlu:anatomy", "mmlu:anatomy", ("5-shot",)),
        ("custom|sums|0|0", "custom|sums", "sums", ()),
        ("sums", "sums", "sums", ()),
        ("sums|many", "sums|many", "sums", ()),
    ],
)
def test_names__of_several_versions(key: str, settings: str, task: str, setup: tuple[str, ...]) -> None:
    document = changed(the("whole"), "results", {key: {"em": 0.5}})
    (result,) = read(changed(document, "config_tasks", {settings: {"hf_repo": "acme/sums"}}))

    assert (result.task, result.setup, result.dataset.id) == (task, setup, "acme/sums")


def test_directions__where_older_versions_write_them() -> None:
    task = "config_tasks.sums:small|0"
    document = changed(changed(the("limited"), f"{task}.metric", []), f"{task}.metrics", ...)
    (result,) = read(changed(document, f"{task}.metric", [{"metric_name": "ter", "higher_is_better": False}]))

    assert [metric.lower_is_better for metric in result.metrics] == [False, False, True]


def test_metrics_that_are_computed_together__have_a_direction_each() -> None:
    together = [{"metric_name": ["a", "b"], "higher_is_better": {"a": False, "b": True}}]
    document = changed(the("limited"), "config_tasks.sums:small|0.metrics", together)
    (result,) = read(changed(document, "results.sums:small|0", {"a": 1, "b": 2}))

    assert [metric.lower_is_better for metric in result.metrics] == [True, False]


def test_model_revision_and_system_prompt() -> None:
    document = changed(the("limited"), "config_general.model_config.revision", COMMIT)
    (result,) = read(changed(document, "config_general.model_config.system_prompt", "Be brief."))
    (older,) = read(changed(document, "config_general.model_sha", "b" * 40))

    assert (result.model_revision, result.setup) == (COMMIT, ("With system prompt",))
    assert older.model_revision == "b" * 40


def test_several_splits__are_none() -> None:
    document = changed(the("limited"), "config_tasks.sums:small|0.evaluation_splits", ["test", "train"])

    assert read(document)[0].dataset.split is None


@pytest.mark.parametrize("path", ["latest.json", "results_2026-99-26T18-18-35.json"])
def test_day__stands_in_the_name_of_the_file_only(path: str) -> None:
    assert read(the("limited"), path)[0].date is None


def test_no_score() -> None:
    with pytest.raises(NotReadable, match="holds no score"):
        read(changed(the("limited"), "results", {"all": {"em": 1}, "sums|0": {}, "|": {"em": 1}}))


def test_no_model() -> None:
    with pytest.raises(NotReadable, match="names no model"):
        read(changed(the("limited"), "config_general", []))


@pytest.mark.parametrize("document", [None, [], {"results": {}}])
def test_another_file__is_not_read(document: Any) -> None:
    assert READER.read(FILE, {FILE: document}) is None
