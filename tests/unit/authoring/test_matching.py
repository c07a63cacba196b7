"""Which benchmark, task, metric and unit a result is about."""

import pytest

from evalmark.authoring.matching import (
    Choice,
    benchmarks_like,
    board_unit,
    metric_choice,
    metric_named,
    same_model,
    task_choice,
)
from evalmark.facts import BenchmarkFound, BoardRow
from evalmark.formats.declaration import Declaration
from evalmark.harness.result import DatasetUsed, Metric
from tests.authoring import benchmark, result

KNOWN = ("openai/gsm8k", "TIGER-Lab/MMLU-Pro", "cais/hle", "Idavidrein/gpqa")


@pytest.mark.parametrize(
    ("dataset", "task", "likely"),
    [
        ("gsm8k", "x", ("openai/gsm8k",)),
        (None, "gsm8k_cot", ("openai/gsm8k",)),
        (None, "leaderboard_mmlu_pro", ("TIGER-Lab/MMLU-Pro",)),
        (None, "gpqa_diamond_zeroshot", ("Idavidrein/gpqa",)),
        (None, "winogrande", ()),
        (None, "---", ()),
    ],
)
def test_benchmarks_whose_names_are_like_it(dataset: str | None, task: str, likely: tuple[str, ...]) -> None:
    assert benchmarks_like(result(dataset=DatasetUsed(id=dataset), task=task), KNOWN) == likely


@pytest.mark.parametrize(
    ("tasks", "used", "task", "choice"),
    [
        (("easy", "hard"), {}, "hard", Choice(("hard",), "hard")),
        (("easy",), {}, "other", Choice(("easy",), "easy")),
        (("a main test", "b hard test"), {"config": "hard"}, "x", Choice(("b",), "b")),
        (("a main test", "b main train"), {"config": "main", "split": "train"}, "x", Choice(("b",), "b")),
        (("a", "b hard"), {"config": "default", "split": "test"}, "x", Choice(("a",), "a")),
        (("a main", "bench_b main"), {"config": "main"}, "b", Choice(("bench_b", "a"))),
        (("a main", "b other"), {"config": "third"}, "b", Choice(("b", "a"))),
        (("-",), {}, "b", Choice(())),
    ],
)
def test_the_task(tasks: tuple[str, ...], used: dict[str, str], task: str, choice: Choice) -> None:
    assert task_choice(result(task=task, dataset=DatasetUsed(id="acme/bench", **used)), benchmark(*tasks)) == choice


def test_a_benchmark_that_cannot_be_used_has_no_task() -> None:
    assert task_choice(result(), BenchmarkFound("a" * 40, None, Declaration())).likely is None


def test_what_is_likely() -> None:
    assert Choice(("a", "b")).likely == "a"
    assert Choice(("b",), "b").likely == "b"


TWO = (Metric(name="exact_match,strict-match", value=0.5), Metric(name="exact_match,flexible-extract", value=0.6))


@pytest.mark.parametrize(
    ("harness", "metrics", "sure"),
    [
        ("lm-eval", TWO[:1], TWO[0].name),
        ("lm-eval", TWO, None),
        ("inspect-ai", TWO, TWO[0].name),
        ("mteb", TWO, TWO[0].name),
    ],
)
def test_the_metric(harness: str, metrics: tuple[Metric, ...], sure: str | None) -> None:
    assert metric_choice(result(harness=harness, metrics=metrics)).sure == sure


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("exact_match,strict-match", TWO[0]),
        ("exact_match", None),
        ("acc", Metric(name="acc,none", value=0.1)),
        ("f1", None),
    ],
)
def test_a_metric_by_its_name(name: str, found: Metric | None) -> None:
    assert metric_named(result(metrics=(*TWO, Metric(name="acc,none", value=0.1))), name) == found


def test_the_unit_is_declared_or_that_of_the_board() -> None:
    rows = [BoardRow("a/b", 0.5), BoardRow("a/c", 0.6), BoardRow("a/d", 0.7)]
    assert board_unit(benchmark("easy", declared={"easy": "percent"}), "easy", rows) == "percent"
    assert board_unit(benchmark("easy"), "easy", rows) == "fraction"
    assert board_unit(benchmark("easy"), "easy", ()) is None


@pytest.mark.parametrize(
    ("logged", "repo", "same"),
    [
        ("acme/adder", "acme/adder", True),
        ("hf/acme/adder", "acme/Adder", True),
        ("adder", "acme/adder", True),
        ("local/adder", "acme/adder", False),
        ("openai-api/local/smollm2", "acme/adder", False),
    ],
)
def test_the_model_s_name_in_a_log(logged: str, repo: str, same: bool) -> None:
    assert same_model(logged, repo) is same
