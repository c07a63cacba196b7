from fractions import Fraction

import pytest

from evalmark.stats.noise import Noise, generation_noise
from evalmark.stats.true_score import true_score_interval
from tests.unit.stats.vectors import TOLERANCE, Vector, vectors

ZERO, ONE = Fraction(0), Fraction(1)


def epochs(*samples: tuple[float, ...]) -> list[list[Fraction]]:
    return [[Fraction(score) for score in sample] for sample in samples]


@pytest.mark.parametrize("vector", vectors("generation_variance"), ids=str)
def test_generation_noise__agrees_with_the_reference(vector: Vector) -> None:
    noise = generation_noise(epochs(*vector.input["epochs"]), 100, binary=True)

    assert noise.variance == pytest.approx(vector.expect["sigma2_gen"], abs=TOLERANCE)
    assert noise.disagreement == pytest.approx(vector.expect["self_disagreement"], abs=TOLERANCE)


@pytest.mark.parametrize(("binary", "at_most"), [(True, 0.12), (False, 0.15)], ids=["binary", "fractional"])
def test_generation_noise__fifteen_of_a_hundred_disagree(at_most: float, *, binary: bool) -> None:
    """Half of .15; the upper end is exact for scores of 0 and 1, and wider if they may lie between."""
    noise = generation_noise(epochs(*[(1, 0)] * 15, *[(1, 1)] * 85), 10000, binary=binary)

    assert noise.variance == pytest.approx(0.075)
    assert 0.075 < noise.at_most < at_most


def test_generation_noise__is_never_held_to_be_above_a_quarter() -> None:
    assert generation_noise(epochs((1, 0), (0, 1)), 100, binary=True) == Noise(0.5, 0.25, 1.0)


def test_generation_noise__of_all_samples_has_no_upper_end_but_itself() -> None:
    noise = generation_noise(epochs((1, 0), (1, 1), (0, 0), (0, 0)), 4, binary=True)

    assert noise.at_most == noise.variance == 0.125


def test_generation_noise__more_epochs_than_two() -> None:
    noise = generation_noise(epochs((1, 0, 0), (1, 1, 1)), 2, binary=True)

    assert (noise.variance, noise.disagreement) == pytest.approx((1 / 6, 1 / 3))


@pytest.mark.parametrize("samples", [[], [(1.0,)], [(1.0, 0.0), (1.0,)]], ids=["none", "one-epoch", "one-lacks-it"])
def test_generation_noise__needs_two_epochs(samples: list[tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="ran twice"):
        generation_noise(epochs(*samples), 100, binary=True)


def test_true_score_interval__does_not_become_a_point_when_all_samples_ran() -> None:
    """GPQA, one epoch, ρ = .3: ±3.75 points."""
    score = Fraction(82, 198)

    low, high = true_score_interval((score, score), 0.3 * 0.412 * 0.588, 198, 1)

    assert (float(score - low), float(high - score)) == pytest.approx((0.0375, 0.0375), abs=1e-4)


def test_true_score_interval__epochs_narrow_it() -> None:
    (low, high), (lower, higher) = (true_score_interval((ZERO, ONE / 2), 0.1, 100, count) for count in (4, 1))

    assert (low, lower) == (ZERO, ZERO)
    assert high - ONE / 2 == pytest.approx((higher - ONE / 2) / 2)


def test_true_score_interval__stays_on_the_scale() -> None:
    assert true_score_interval((ZERO, ONE), 0.25, 10, 1) == (ZERO, ONE)
