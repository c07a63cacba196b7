import pytest
from pydantic import ValidationError

from evalmark.verdict import COMPARED, Answer, Comparison, Rung, Verdict
from tests.builders import NUMBERS, verdict


def test_answers__worst_first() -> None:
    assert [answer.value for answer in Answer] == ["mismatch", "error", "inconclusive", "not-rerunnable", "verified"]


def test_rungs__weakest_first() -> None:
    assert [rung.value for rung in Rung] == ["syntax", "benchmark", "log", "rescored", "sampled", "full"]


def test_comparison__has_the_numbers_of_the_verdict() -> None:
    assert verdict().comparison == Comparison(**NUMBERS)


def test_comparison__is_none_when_nothing_was_measured() -> None:
    assert verdict(Answer.ERROR, None).comparison is None


def test_comparison__a_score_of_zero_was_measured() -> None:
    assert verdict(numbers={**NUMBERS, "measured": 0.0}).comparison is not None


def test_compared__are_fields_of_a_verdict() -> None:
    assert set(COMPARED) == set(NUMBERS)
    assert set(COMPARED) <= set(Verdict.model_fields)


@pytest.mark.parametrize("changes", [{"verdict": "maybe"}, {"rung": "hearsay"}, {"unit": "points"}])
def test_verdict__refuses_words_that_it_does_not_know(changes: dict[str, str]) -> None:
    body = verdict().model_dump() | changes

    with pytest.raises(ValidationError):
        Verdict.model_validate(body)
