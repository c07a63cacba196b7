"""Tables of a model card as what may be results."""

from collections.abc import Sequence

import pytest

from evalmark.harness.card_tables import CardTable, tables_in
from evalmark.harness.result import Result


def rows(header: Sequence[str], *lines: Sequence[str]) -> tuple[Result, ...]:
    """What a table on the lines from 20 holds, of the model acme/adder."""
    numbered = tuple((number, tuple(cells)) for number, cells in enumerate(lines, 20))
    return tables_in("README.md", [CardTable(tuple(header), numbered)], "acme/adder")


def metrics(result: Result) -> list[tuple[str, float, str | None]]:
    return [(each.name, each.value, each.unit) for each in result.metrics]


def test_a_row_with_a_name_and_numbers_may_be_a_result_the_model_s_own_column_first() -> None:
    (row,) = rows(
        ("Benchmark", "Base", "**Adder**", ""),
        ("`Sums`", "41.2", "**50.1 %**", "0.3"),
        ("note", "none", "-"),
        (),
        ("", "1.0"),
    )
    assert (row.task, row.file, row.setup) == ("Sums", "README.md:20", ())
    assert metrics(row) == [("Adder", 50.1, "percent"), ("score", 0.3, None), ("Base", 41.2, "percent")]


def test_the_table_that_lm_eval_prints_has_metric_and_shots_in_columns() -> None:
    (row,) = rows(
        ("Tasks", "Version", "Filter", "n-shot", "Metric", "", "Value", "", "Stderr"),
        ("hellaswag", "1", "none", "5", "acc_norm", "↑", "0.4312", "±", "0.0049"),
        ("", "", "none", "5", "acc", "↑", "0.3", "±", "0.0049"),
    )
    assert (row.task, row.setup) == ("hellaswag", ("5-shot",))
    assert metrics(row) == [("acc_norm", 0.4312, None)]


def test_the_table_of_the_open_llm_leaderboard_has_shots_in_names() -> None:
    found = rows(
        ("Metric", "Value"), ("IFEval (0-Shot)", "44.90"), ("MMLU-PRO (5-shot)", "32.5"), ("GSM8K 8 shot", "1")
    )
    assert [(each.task, each.setup) for each in found] == [
        ("IFEval", ()),
        ("MMLU-PRO", ("5-shot",)),
        ("GSM8K", ("8-shot",)),
    ]
    assert metrics(found[0]) == [("Value", 44.9, "percent")]


@pytest.mark.parametrize("name", ["Adder", "[acme/adder](https://hf.co/acme/adder)", "**Ours**"])
def test_a_table_of_models_counts_only_the_model_s_own_rows_a_column_a_benchmark(name: str) -> None:
    found = rows(("Model", "Sums", "Products (5-shot)"), ("Other", "1.0", "2.0"), (name, "50.1", "0.3"))
    told = [(each.task, each.file, each.setup, *metrics(each)) for each in found]
    assert told == [
        ("Sums", "README.md:21", (), ("score", 50.1, "percent")),
        ("Products", "README.md:21", ("5-shot",), ("score", 0.3, None)),
    ]


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("57.1", 57.1, "percent"),
        ("[57.1](https://example.org/log)", 57.1, "percent"),
        ("0.571", 0.571, None),
        ("0.5%", 0.5, "percent"),
        ("57.1 ± 0.3", 57.1, "percent"),
        ("57.1% +/- 0.3%", 57.1, "percent"),
        ("<u>57.1</u>", 57.1, "percent"),
        ("__57.1__", 57.1, "percent"),
    ],
)
def test_a_cell_is_a_number_with_what_is_usual_around_it(cell: str, value: float, unit: str | None) -> None:
    (row,) = rows(("Benchmark", "Score"), ("snake_case_", cell))
    assert (row.task, metrics(row)) == ("snake_case", [("Score", value, unit)])


@pytest.mark.parametrize("cell", ["", "-", "1,234", "1234", "57.1 / 60.2", "1e5", "-3", "n/a", "٣"])
def test_other_cells_are_no_scores(cell: str) -> None:
    assert rows(("Benchmark", "Score"), ("Sums", cell)) == ()


@pytest.mark.parametrize("name", ["0.0005", "12", "", "---", "a\x1b[31m", "a" * 301])
def test_a_row_of_a_training_or_without_a_usable_name_is_no_result(name: str) -> None:
    assert rows(("Training Loss", "Epoch", "Accuracy"), (name, "1.0", "0.8")) == ()


def test_a_name_that_is_all_set_up_stays_a_name() -> None:
    (row,) = rows(("Benchmark", "Score"), ("(5-shot)", "50.1"))
    assert (row.task, row.setup) == ("(5-shot)", ("5-shot",))
