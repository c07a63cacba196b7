"""The engine's exact error rates on the whole grid of the method: no sampling, every walk of right and wrong answers.

One test errs if it rejects, at some look, a score that its null hypothesis allows. The worst allowed score is the
bound itself: any other is further from being rejected.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from evalmark.stats.question import ALL_TESTS, Question, TestName
from tests.unit.stats.questions import question

SCORES = ("0.05", "0.2", "0.41", "0.78", "0.95")
MARGINS = ("0.01", "0.02", "0.03")
QUICK, SLOW = (30, 198, 1319), (2500, 12032)
NEGLIGIBLE = 1e-18


def chance_of_rejection(asked: Question, name: TestName) -> float:
    """Of a test at any look, if R is exactly its bound; 0 if no R is."""
    bound, total = asked.bounds[name], asked.total
    draws = range(asked.first_look, total + 1)
    needed = list(asked.counting(bound).fewest_ones(asked.threshold, draws))
    ones_in_all = int((bound.value if bound.upward else 1 - bound.value) * total)
    if not 0 <= ones_in_all <= total:
        return 0.0
    chances, least = np.ones(1), 0
    rejected = 0.0
    for drawn in range(1, total + 1):
        chances, least = _drawn(chances, least, ones_in_all, total - drawn + 1)
        if drawn >= asked.first_look:
            inside = max(needed[drawn - asked.first_look] - least, 0)
            rejected += float(chances[inside:].sum())
            chances = chances[:inside]
    return rejected


def _drawn(chances: NDArray[np.float64], least: int, ones_in_all: int, left: int) -> tuple[NDArray[np.float64], int]:
    """The chances of `least`, `least` + 1, … ones after one more draw."""
    right = (ones_in_all - np.arange(least, least + len(chances))) / left
    after = np.zeros(len(chances) + 1)
    after[:-1] = chances * (1 - right)
    after[1:] += chances * right
    likely = np.flatnonzero(after > NEGLIGIBLE)
    if not len(likely):
        return after[:0], least
    return after[likely[0] : likely[-1] + 1], least + int(likely[0])


def grid(sizes: tuple[int, ...]) -> list[tuple[int, str, str]]:
    return [(total, claim, margin) for total in sizes for claim in SCORES for margin in MARGINS]


@pytest.mark.parametrize(
    ("total", "claim", "margin"), [*grid(QUICK), *(pytest.param(*cell, marks=pytest.mark.slow) for cell in grid(SLOW))]
)
def test_every_test__errs_at_any_look_in_at_most_half_of_alpha(total: int, claim: str, margin: str) -> None:
    asked = question(total, claim, margin)

    assert {name: chance for name in ALL_TESTS if (chance := chance_of_rejection(asked, name)) > 0.025} == {}


def test_every_test__uses_most_of_what_it_may() -> None:
    """A test that never rejected would pass the one above."""
    asked = question(1319, "0.41", "0.03")

    assert min(chance_of_rejection(asked, name) for name in ALL_TESTS) > 0.015


@pytest.mark.parametrize(("total", "claim"), [(198, "0.41"), (1319, "0.95")])
def test_chance_of_rejection__is_what_walks_show(total: int, claim: str) -> None:
    asked = question(total, claim, "0.03")
    bound, rng = asked.bounds["too-low"], np.random.default_rng(4)
    zeros = np.array([1] * int((1 - bound.value) * total) + [0] * int(bound.value * total))
    draws = np.arange(asked.first_look, total + 1)
    needed = np.array(list(asked.counting(bound).fewest_ones(asked.threshold, draws.tolist())))
    walks = np.cumsum(rng.permuted(np.tile(zeros, (4000, 1)), axis=1), axis=1)

    share = float(np.mean((walks[:, draws - 1] >= needed).any(axis=1)))

    assert share == pytest.approx(chance_of_rejection(asked, "too-low"), abs=0.01)
