"""A model card's metadata and tables as results."""

import pytest

from evalmark.formats.model_index import IndexMetric, IndexResult, index_results
from evalmark.harness.model_index import CardTable, index_in, tables_in
from evalmark.harness.reader import NotReadable

CARD = """---
license: mit
model-index:
- name: adder
  results:
  - dataset:
      {name: Sums (5-Shot), type: acme/sums, config: main, split: test, revision: REVISION, args: {num_few_shot: 5}}
    metrics:
    - {type: acc_norm, value: 57.1}
    - {name: Loss, value: 2.5}
    - {type: accuracy, value: high}
    source: {url: "https://a.b/c", name: A board}
  - dataset: {type: other}
    metrics: [{value: 0.5}]
  - dataset: {type: empty}
    metrics: []
---
""".replace("REVISION", "a" * 40)


def test_the_index_has_dataset_metrics_shots_and_source() -> None:
    first, second = index_in("README.md", CARD.encode(), "acme/adder")
    assert (first.task, first.file, first.setup) == ("Sums (5-Shot)", "README.md:6", ("5-shot",))
    dataset = first.dataset
    assert (dataset.id, dataset.config, dataset.split, dataset.revision) == ("acme/sums", "main", "test", "a" * 40)
    assert [(each.name, each.value, each.unit) for each in first.metrics] == [
        ("acc_norm", 57.1, "percent"),
        ("Loss", 2.5, None),
    ]
    assert (first.source_url, first.source_name) == ("https://a.b/c", "A board")
    assert (second.task, second.metrics[0].name, second.metrics[0].unit) == ("other", "score", None)


def test_a_revision_that_is_no_commit_is_left_out() -> None:
    (first, _) = index_in("README.md", CARD.replace("a" * 40, "v1").encode(), "acme/adder")
    assert first.dataset.revision is None


@pytest.mark.parametrize("readme", ["", "# Adder", "---\nlicense: mit\n---\n", "---\nmodel-index: 3\n---\n"])
def test_a_card_without_an_index_has_no_results(readme: str) -> None:
    assert index_in("README.md", readme.encode(), "acme/adder") == ()


def test_front_matter_that_is_no_yaml_is_said_with_its_line() -> None:
    with pytest.raises(NotReadable, match="line 4: this is not YAML"):
        index_in("README.md", b"---\na: b\nc: [\n---\n", "acme/adder")


@pytest.mark.parametrize(("shots", "count"), [("5", 5), ("true", None), ("many", None), ("[1]", None)])
def test_shots_are_a_whole_number(shots: str, count: int | None) -> None:
    text = CARD.replace("num_few_shot: 5", f"num_few_shot: {shots}")
    assert index_in("README.md", text.encode(), "x/y")[0].setup == ((f"{count}-shot",) if count else ())


def test_an_index_of_nothing_has_nothing() -> None:
    assert list(index_results(None)) == []
    assert IndexResult("a", None, None, None, None, (IndexMetric("b", 1.0),)).shots is None


TABLE = CardTable(
    ("Benchmark", "Base", "**Adder**", ""),
    ((20, ("`Sums`", "41.2", "**50.1 %**", "0.3")), (21, ("note", "none", "-")), (22, ()), (23, ("", "1.0"))),
)


def test_rows_with_a_name_and_numbers_may_be_results_the_model_s_own_column_first() -> None:
    (row,) = tables_in("README.md", [TABLE], "acme/adder")
    assert (row.task, row.file) == ("Sums", "README.md:20")
    assert [(each.name, each.value, each.unit) for each in row.metrics] == [
        ("Adder", 50.1, "percent"),
        ("score", 0.3, None),
        ("Base", 41.2, "percent"),
    ]
