"""Results of the LM Evaluation Harness."""

from typing import Any

import pytest

from evalmark.harness.lm_eval import LmEval
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from tests.recordings import COMMIT, MODEL, changed, recorded

READER = LmEval()


def read(document: Any) -> tuple[Result, ...]:
    results = READER.read("results.json", {"results.json": document})
    assert results is not None
    return results


def the(folder: str) -> Any:
    (document,) = recorded(f"lm-eval/{folder}").values()
    return document


def test_task__as_recorded() -> None:
    task, _, _ = read(the("group"))

    assert task == Result(
        harness="lm-eval",
        version="0.4.13",
        file="results.json",
        model=MODEL,
        task="sums_small",
        dataset=DatasetUsed(id="acme/sums", config="small", split="test", revision=COMMIT),
        metrics=(
            Metric(name="exact_match,strict-match", value=0.2, unit="fraction", stderr=0.09176629354822471),
            Metric(name="exact_match,flexible-extract", value=0.2, unit="fraction", stderr=0.09176629354822471),
        ),
        samples=20,
        planned=20,
        date="2026-11-26T18:11:14Z",
        setup=("3-shot",),
    )


def test_group__is_a_result_over_its_tasks() -> None:
    *_, group = read(the("group"))

    assert (group.task, group.samples, group.planned, group.faults) == ("sums", 40, 40, ())
    assert group.dataset == DatasetUsed(id="acme/sums", split="test", revision=COMMIT)
    assert group.metrics[0].value == 0.175


def test_limited__says_so_and_tells_directions() -> None:
    (task,) = read(the("limited"))

    assert task.faults == ("5 of 20 samples",)
    assert task.setup == ("With system prompt",)
    assert [(each.name, each.unit, each.lower_is_better) for each in task.metrics] == [
        ("exact_match,none", "fraction", False),
        ("ter,none", "percent", True),
        ("bleu,none", "percent", False),
    ]


def test_chosen_samples__are_a_part() -> None:
    (task,) = read(the("chosen"))

    assert task.faults == ("3 of 20 samples",)
    assert task.setup == ()


def test_group_of_groups__and_in_circles() -> None:
    nested = {"sums": ["inner"], "inner": ["sums_small", "sums", "inner", 5, "sums_large"]}
    results = read(changed(the("group"), "group_subtasks", nested))

    assert results[-1].samples == 40


def test_group__of_more_tasks_than_are_followed_keeps_its_own_count() -> None:
    tasks = {f"group{number}": [f"task{number}-{index}" for index in range(900)] for number in range(4)}
    *_, group = read(changed(the("group"), "group_subtasks", {"sums": list(tasks), **tasks}))

    assert (group.samples, group.planned, group.dataset) == (40, None, DatasetUsed())


def test_older__without_counts_names_and_directions() -> None:
    document = the("limited")
    for key in ("n-samples", "model_name", "higher_is_better", "lm_eval_version", "date"):
        document = changed(document, key, ...)
    arguments = f"pretrained=acme/model, revision={COMMIT}"
    (task,) = read(changed(document, "config.model_args", arguments))

    assert (task.model, task.model_revision, task.version, task.date) == ("acme/model", COMMIT, None, None)
    assert (task.samples, task.planned) == (5, None)
    assert task.faults == ("a limit of 5 samples",)
    assert not any(metric.lower_is_better for metric in task.metrics)


def test_model_revision__is_the_commit_that_was_loaded() -> None:
    assert read(changed(the("limited"), "config.model_sha", "a" * 40))[0].model_revision == "a" * 40


def test_validation_split__if_there_is_no_test_split() -> None:
    document = changed(the("limited"), "configs.sums_ter.test_split", None)

    assert read(changed(document, "configs.sums_ter.validation_split", "dev"))[0].dataset.split == "dev"


@pytest.mark.parametrize("values", [{"bypass,none": 999}, {"alias": "x"}, {"acc": 0.5}, [], None])
def test_task_without_a_score__is_left_out(values: Any) -> None:
    document = the("group")

    assert [each.task for each in read(changed(document, "results.sums_small", values))] == ["sums_large", "sums"]


def test_no_score_at_all() -> None:
    with pytest.raises(NotReadable, match="holds no score"):
        read(changed(the("limited"), "results", {}))


def test_too_many_results() -> None:
    with pytest.raises(NotReadable, match="over 1000 results"):
        read(changed(the("limited"), "results", {f"task{number}": {"acc,none": 1} for number in range(1500)}))


def test_no_model() -> None:
    document = changed(the("limited"), "config", None)

    with pytest.raises(NotReadable, match="names no model"):
        read(changed(document, "model_name", 5))


@pytest.mark.parametrize("document", [None, [], "x", {}, {"results": {}, "configs": {}}])
def test_another_file__is_not_read(document: Any) -> None:
    assert READER.read("results.json", {"results.json": document}) is None
