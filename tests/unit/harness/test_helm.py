"""Runs of HELM."""

from typing import Any

import pytest

from evalmark.harness.helm import Helm
from evalmark.harness.reader import NotReadable
from evalmark.harness.result import DatasetUsed, Metric, Result
from tests.recordings import MODEL, changed, recorded

READER = Helm()


def read(documents: dict[str, Any]) -> Result:
    (result,) = READER.read("run/stats.json", {f"run/{name}": body for name, body in documents.items()}) or ()
    return result


def the() -> dict[str, Any]:
    return recorded("helm/simple_mcqa")


def with_spec(at: str, value: Any) -> dict[str, Any]:
    return {**the(), "run_spec.json": changed(the()["run_spec.json"], at, value)}


def stat(name: str, mean: float, **named: Any) -> dict[str, Any]:
    return {"name": {"name": name, "split": "test", **named}, "count": 1, "mean": mean}


def test_run__as_recorded() -> None:
    names = ("exact_match", "quasi_exact_match", "prefix_exact_match", "quasi_prefix_exact_match")

    assert read(the()) == Result(
        harness="helm",
        file="run/stats.json",
        model=MODEL,
        task="simple_mcqa",
        dataset=DatasetUsed(split="test"),
        metrics=tuple(Metric(name=f"{name}{at}", value=0.1, unit="fraction") for at in ("", "@5") for name in names),
        samples=20,
        setup=("5-shot",),
        faults=("a limit of 20 samples",),
    )


def test_files_beside_it__are_not_results() -> None:
    documents = recorded("helm/simple_classification")

    assert [name for name in documents if READER.read(name, documents) is not None] == ["stats.json"]


@pytest.mark.parametrize("document", [None, [], [5], [{"name": "x", "value": 1}], {"name": {}, "count": 1}])
def test_another_stats_json__is_not_read(document: Any) -> None:
    assert READER.read("stats.json", {"stats.json": document}) is None


def test_limit_that_was_not_reached__is_no_fault() -> None:
    assert read(with_spec("adapter_spec.max_eval_instances", 1000)).faults == ()


def test_limit__without_a_count_of_samples_or_without_a_limit() -> None:
    documents = {**the(), "stats.json": [stat("exact_match", 0.5)]}

    assert read(documents).faults == ("a limit of 20 samples",)
    assert read(documents).setup == ("5-shot",)
    assert read(with_spec("adapter_spec.max_eval_instances", None)).faults == ()


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("mmlu:subject=anatomy,method=joint,model=openai_gpt2", "mmlu:subject=anatomy,method=joint"),
        ("mmlu:model_deployment=x", "mmlu"),
        ("mmlu", "mmlu"),
    ],
)
def test_task__is_the_run_without_the_model(name: str, task: str) -> None:
    assert read(with_spec("name", name)).task == task


def test_chain_of_thought__is_a_method() -> None:
    method = "multiple_choice_joint_chain_of_thought"

    assert read(with_spec("adapter_spec.method", method)).setup == ("5-shot", "chain-of-thought")


def test_statistics__of_disturbed_questions_parts_and_other_splits_do_not_count() -> None:
    statistics = [
        stat("perplexity", 3),
        stat("exact_match", 0.5),
        stat("exact_match", 0.2, perturbation={"name": "typos"}),
        stat("exact_match", 0.3, sub_split="a"),
        stat("exact_match", 0.4, split="valid"),
        stat("empty", 0) | {"mean": None},
        {"name": {"name": "nowhere"}, "count": 1, "mean": 1},
    ]
    result = read({**the(), "stats.json": statistics})

    assert [(each.name, each.value, each.lower_is_better) for each in result.metrics] == [
        ("exact_match", 0.5, False),
        ("perplexity", 3, True),
    ]


def test_split__of_a_name_of_its_own() -> None:
    assert read({**the(), "stats.json": [stat("exact_match", 1, split="dev")]}).dataset.split == "dev"


@pytest.mark.parametrize("statistics", [[stat("num_instances", 20)], [{"name": {}, "count": 0}]])
def test_no_score(statistics: list[Any]) -> None:
    with pytest.raises(NotReadable, match="holds no score"):
        read({**the(), "stats.json": statistics})


def test_no_run_spec() -> None:
    with pytest.raises(NotReadable, match=r"run_spec\.json beside it is missing"):
        READER.read("stats.json", {"stats.json": the()["stats.json"]})
