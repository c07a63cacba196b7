from itertools import pairwise

import pytest

from evalmark.plan.order import LARGEST_SEED, shuffle_seed

USUAL = ("nonce", "b" * 40, "sums", "a" * 40)


def test_shuffle_seed__is_stable() -> None:
    """A new value would make every kept plan unrepeatable."""
    assert shuffle_seed(*USUAL) == 1114323846


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(("other", *USUAL[1:]), id="nonce"),
        pytest.param((USUAL[0], "c" * 40, *USUAL[2:]), id="benchmark-revision"),
        pytest.param((*USUAL[:2], "products", USUAL[3]), id="task"),
        pytest.param((*USUAL[:3], "c" * 40), id="model-revision"),
    ],
)
def test_shuffle_seed__depends_on(changed: tuple[str, str, str, str]) -> None:
    assert shuffle_seed(*changed) != shuffle_seed(*USUAL)


def test_shuffle_seed__is_what_inspect_can_keep() -> None:
    """Inspect does not shuffle for seed 0 and keeps 32 bits."""
    seeds = [shuffle_seed(f"{number}", *USUAL[1:]) for number in range(2000)]

    assert all(1 <= seed <= LARGEST_SEED for seed in seeds)


def test_shuffle_seed__uses_the_whole_range() -> None:
    seeds = sorted(shuffle_seed(f"{number}", *USUAL[1:]) for number in range(2000))

    assert max(after - before for before, after in pairwise([0, *seeds, LARGEST_SEED])) < LARGEST_SEED / 100
