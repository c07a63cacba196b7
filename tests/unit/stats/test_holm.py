import pytest

from evalmark.stats.holm import e_bh, holm
from tests.unit.stats.vectors import Vector, vectors


@pytest.mark.parametrize("vector", vectors("holm"), ids=str)
def test_holm__agrees_with_the_reference(vector: Vector) -> None:
    assert list(holm(vector.input["p"], vector.input["alpha"])) == vector.expect


@pytest.mark.parametrize("vector", vectors("e_bh"), ids=str)
def test_e_bh__agrees_with_the_reference(vector: Vector) -> None:
    assert list(e_bh(vector.input["e"], vector.input["alpha"])) == vector.expect


@pytest.mark.parametrize(
    ("p_values", "rejected"),
    [
        pytest.param([], (), id="none"),
        pytest.param([0.05], (0,), id="one-at-alpha"),
        pytest.param([0.051], (), id="one-above"),
        pytest.param([0.04, 0.02], (0, 1), id="the-larger-after-the-smaller"),
        pytest.param([0.04, 0.03], (), id="the-smallest-fails-all"),
    ],
)
def test_holm__steps_down_from_the_smallest(p_values: list[float], rejected: tuple[int, ...]) -> None:
    assert holm(p_values, 0.05) == rejected


@pytest.mark.parametrize(
    ("e_values", "rejected"),
    [
        pytest.param([], (), id="none"),
        pytest.param([19, 1], (), id="too-little"),
        pytest.param([20, 20], (0, 1), id="enough-together"),
        pytest.param([30, 20], (0, 1), id="the-larger-by-the-smaller"),
    ],
)
def test_e_bh__steps_up_from_the_smallest(e_values: list[float], rejected: tuple[int, ...]) -> None:
    assert e_bh(e_values, 0.05) == rejected
