"""What a model card says of its model."""

import pytest

from evalmark.formats.model_card import CardScore, ModelCard, read_model_card

INDEX = """
model-index:
- name: adder
  results:
  - task: {type: text-generation}
    dataset: {type: acme/sums, name: Sums, config: sums}
    metrics:
    - {type: accuracy, value: 57.0}
    - {name: F1, value: 0.5}
    - {type: bad, value: high}
"""


def card(front: str) -> ModelCard:
    return read_model_card(f"---\n{front}\n---\n# Model\n".encode())


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        pytest.param("license: mit", ModelCard(), id="nothing"),
        pytest.param("base_model: beta/base", ModelCard("beta/base"), id="base"),
        pytest.param("base_model: [beta/base, gamma/x]", ModelCard("beta/base"), id="the first of several"),
        pytest.param(
            "base_model: beta/base\nbase_model_relation: quantized", ModelCard("beta/base", "quantized"), id="relation"
        ),
        pytest.param("base_model_relation: quantized", ModelCard(), id="a relation to nothing"),
        pytest.param("base_model: '<script>'", ModelCard(), id="no name of a repo"),
        pytest.param("base_model: {a: b}", ModelCard(), id="a mapping"),
        pytest.param("x: [", ModelCard(), id="no YAML"),
        pytest.param("- 1", ModelCard(), id="a list"),
        pytest.param("model-index: [{results: [{metrics: []}]}]", ModelCard(), id="a result without a dataset"),
        pytest.param(
            INDEX,
            ModelCard(
                None,
                None,
                (CardScore("acme/sums", "sums", "accuracy", 57.0), CardScore("acme/sums", "sums", "F1", 0.5)),
            ),
            id="scores",
        ),
        pytest.param("model-index: 3", ModelCard(), id="an odd index"),
    ],
)
def test_read_model_card(front: str, expected: ModelCard) -> None:
    assert card(front) == expected


@pytest.mark.parametrize("readme", [b"", b"# Model", b"---\nlicense: mit\n", b"\xff\xfe"])
def test_read_model_card__without_front_matter(readme: bytes) -> None:
    assert read_model_card(readme) == ModelCard()
