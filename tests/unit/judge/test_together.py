import pytest

from evalmark.judge.together import wrong_together
from evalmark.verdict import Answer, Verdict
from tests.builders import NUMBERS, verdict


def found(answer: Answer, p_value: float) -> Verdict:
    return verdict(answer, {**NUMBERS, "p_value": p_value})


WRONG, RIGHT = Answer.MISMATCH, Answer.VERIFIED


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        pytest.param([], (), id="none"),
        pytest.param([found(WRONG, 0.04)], (0,), id="one-alone"),
        pytest.param([found(WRONG, 0.04), found(RIGHT, 1.0)], (), id="beside-another-it-is-not-enough"),
        pytest.param([found(RIGHT, 1.0), found(WRONG, 0.02)], (1,), id="enough"),
        pytest.param([found(WRONG, 0.02), found(WRONG, 0.04)], (0, 1), id="the-second-needs-less"),
        pytest.param([found(Answer.INCONCLUSIVE, 0.0)], (), id="a-doubted-mismatch-is-none"),
        pytest.param(
            [verdict(Answer.ERROR, None), found(WRONG, 0.04)], (1,), id="what-was-not-measured-does-not-count"
        ),
    ],
)
def test_wrong_together__by_holm(verdicts: list[Verdict], expected: tuple[int, ...]) -> None:
    assert wrong_together(verdicts) == expected
