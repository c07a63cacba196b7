"""A model card's metadata as results."""

import pytest

from evalmark.formats.model_index import IndexMetric, IndexResult, Unusable, index_results, unusable_in
from evalmark.harness.model_index import CardIndex, index_in
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
    - {type: f1, value: {mean: 1}}
    - {value: .nan}
    source: {url: "https://a.b/c", name: A board}
  - dataset: {type: other}
    metrics: [{value: 0.5}]
  - dataset: {type: empty}
    metrics: []
  - dataset: {name: Nameless}
  - metrics: [{value: 0.5}]
---
""".replace("REVISION", "a" * 40)


def index(text: str) -> CardIndex:
    return index_in("README.md", text.encode(), "acme/adder")


def test_the_index_has_dataset_metrics_shots_and_source() -> None:
    first, second = index(CARD).results
    assert (first.task, first.file, first.setup) == ("Sums (5-Shot)", "README.md:6", ("5-shot",))
    dataset = first.dataset
    assert (dataset.id, dataset.config, dataset.split, dataset.revision) == ("acme/sums", "main", "test", "a" * 40)
    assert [(each.name, each.value, each.unit) for each in first.metrics] == [
        ("acc_norm", 57.1, "percent"),
        ("Loss", 2.5, None),
    ]
    assert (first.source_url, first.source_name) == ("https://a.b/c", "A board")
    assert (second.task, second.metrics[0].name, second.metrics[0].unit) == ("other", "score", None)


def test_what_is_no_score_is_told_with_its_line_and_why() -> None:
    no_number, no_dataset = (
        "its value is no number; in YAML write 57.1",
        "it has no `dataset.type`, the name on the Hub",
    )
    assert index(CARD).unusable == (
        Unusable(11, "acme/sums: accuracy = high", no_number),
        Unusable(12, "acme/sums: f1 = no single value", no_number),
        Unusable(13, "acme/sums: a metric = .nan", no_number),
        Unusable(17, "empty", "it has no metrics"),
        Unusable(19, "Nameless", no_dataset),
        Unusable(20, "a result", no_dataset),
    )


@pytest.mark.parametrize("above", ["\n\n", "\ufeff"])
def test_lines_are_those_of_the_card(above: str) -> None:
    assert index(above + CARD).results[0].file == f"README.md:{6 + above.count(chr(10))}"


def test_a_revision_that_is_no_commit_is_left_out() -> None:
    assert index(CARD.replace("a" * 40, "v1")).results[0].dataset.revision is None


@pytest.mark.parametrize("readme", ["", "# Adder", "---\nlicense: mit\n---\n", "---\nmodel-index: 3\n---\n"])
def test_a_card_without_an_index_has_no_results(readme: str) -> None:
    assert index(readme) == CardIndex()


def test_front_matter_that_is_no_yaml_is_said_with_its_line() -> None:
    with pytest.raises(NotReadable, match="line 4: this is not YAML"):
        index("---\na: b\nc: [\n---\n")


@pytest.mark.parametrize(("shots", "count"), [("5", 5), ("0", None), ("true", None), ("many", None), ("[1]", None)])
def test_shots_are_a_whole_number(shots: str, count: int | None) -> None:
    text = CARD.replace("num_few_shot: 5", f"num_few_shot: {shots}")
    assert index(text).results[0].setup == ((f"{count}-shot",) if count else ())


def test_metrics_of_one_type_are_told_apart_by_their_names() -> None:
    card = """---
model-index:
- results:
  - dataset: {type: acme/news}
    metrics:
    - {type: rouge, name: ROUGE-1, value: 38.7, verified: true, verifyToken: abc}
    - {type: rouge, name: ROUGE-L, value: 25.6}
    - {type: rouge, value: 20.1}
    - {type: loss, name: Loss, value: 1.5}
---
"""
    (result,) = index(card).results
    assert [each.name for each in result.metrics] == ["ROUGE-1", "ROUGE-L", "rouge", "loss"]


def test_text_that_cannot_be_shown_is_left_out() -> None:
    card = """---
model-index:
- results:
  - dataset: {type: "../\\e[31mred", name: "\\e[31mred", config: "a\\nb", split: "\\u202e"}
    metrics: [{type: "\\e]0;x\\a", value: 38.7}]
    source: {url: "https://a.b/\\n", name: "\\r"}
---
"""
    (result,) = index(card).results
    assert (result.task, result.dataset.id, result.dataset.config, result.dataset.split) == (
        "a dataset", None, None, None
    )  # fmt: skip
    assert (result.metrics[0].name, result.source_url, result.source_name) == ("score", None, None)


def test_an_index_of_nothing_has_nothing() -> None:
    assert [*index_results(None), *unusable_in(None)] == []
    assert IndexResult("a", None, None, None, None, (IndexMetric("b", 1.0),)).shots is None
