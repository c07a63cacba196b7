"""The data of a log: keys, noise, and what does not fit together."""

import pytest
from pydantic import ValidationError

from evalmark.logged import question_key
from tests.logs import logged, rescore, sample, wanted


def test_question_key__does_not_depend_on_the_order_of_choices() -> None:
    one = question_key("which?", ["red", "blue"], "A")

    assert one == question_key("which?", ["blue", "red"], ["B"])
    assert one != question_key("which?", ["blue", "red"], "A")


def test_question_key__of_a_conversation_of_a_long_answer_and_of_broken_text() -> None:
    keys = {
        question_key(["be kind", "which?"], [], "red"),
        question_key("which?", [], "red"),
        question_key("\ud800", [], ""),
    }

    assert len(keys) == 3


def test_noise__is_the_mean_variance_within_samples() -> None:
    samples = (
        sample(0, 0.5, values=(1.0, 0.0)),
        sample(1, 1.0, values=(1.0, 1.0)),
        sample(2, None, values=(1.0, None)),
    )

    assert logged(samples=samples, epochs=2).noise == 0.25
    assert logged().noise is None


def test_rescore__must_be_of_the_logs_samples() -> None:
    with pytest.raises(ValidationError, match="not of the log's samples"):
        logged(rescores=(rescore([1.0]),))


def test_rescore__is_found_by_its_task() -> None:
    assert logged().rescore(wanted()) is not None
    assert logged().rescore(wanted(task_id="other")) is None
