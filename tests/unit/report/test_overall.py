"""One word, one line and one state for all that a pull request brings."""

import pytest

from evalmark.finding import Finding, Place, Severity
from evalmark.report.overall import Overall, description_of, overall, state_of, title_of
from evalmark.review import StatusState
from evalmark.verdict import Answer, Verdict
from tests.builders import verdict

V, M, E, U, N = Answer.VERIFIED, Answer.MISMATCH, Answer.ERROR, Answer.INCONCLUSIVE, Answer.NOT_RERUNNABLE
USUAL = frozenset({"invalid", "mismatch"})


def verdicts(*answers: Answer) -> list[Verdict]:
    return [verdict(answer) for answer in answers]


def broken(count: int) -> list[Finding]:
    return [Finding("r", Severity.ERROR, Place(f"{number}.yaml"), "m") for number in range(count)]


def whole(*answers: Answer, invalid: int = 0, fail_on: frozenset[str] = USUAL) -> Overall:
    return overall(verdicts(*answers), broken(invalid), fail_on)


@pytest.mark.parametrize(
    ("found", "word", "state"),
    [
        (whole(), "none", "success"),
        (whole(V), "verified", "success"),
        (whole(V, N), "not-rerunnable", "success"),
        (whole(N, U), "inconclusive", "success"),
        (whole(U, E), "error", "error"),
        (whole(E, M), "mismatch", "failure"),
        (whole(M, invalid=1), "invalid", "failure"),
        (whole(M, fail_on=frozenset()), "mismatch", "success"),
        (whole(V, fail_on=frozenset({"verified"})), "verified", "failure"),
        (whole(M, U, fail_on=frozenset({"inconclusive"})), "mismatch", "failure"),
    ],
)
def test_overall__is_the_worst_word(found: Overall, word: str, state: StatusState) -> None:
    assert (found.word, state_of(found)) == (word, state)


@pytest.mark.parametrize(
    ("answers", "invalid", "description"),
    [
        ((), 0, "no claims"),
        ((V,), 0, "1 verified (100 samples)"),
        ((V, M), 0, "1 mismatch, 1 verified (200 samples)"),
        ((U,), 0, "not all verified: 1 inconclusive (100 samples)"),
        ((), 2, "2 files with errors"),
        ((V,), 1, "1 file with errors, 1 verified (100 samples)"),
    ],
)
def test_description(answers: tuple[Answer, ...], invalid: int, description: str) -> None:
    assert description_of(verdicts(*answers), whole(*answers, invalid=invalid)) == description


def test_description__is_never_longer_than_a_status_takes() -> None:
    many = overall(verdicts(*Answer) * 30_000, broken(2), USUAL)

    assert len(description_of(verdicts(*Answer) * 3, many)) <= 140


def test_overall__one_file_with_two_errors_counts_once() -> None:
    twice = [*broken(1), *broken(1)]

    assert title_of((), overall((), twice, USUAL)) == "1 file with errors"


@pytest.mark.parametrize(("fail_on", "expected"), [(USUAL, True), (frozenset[str](), False)])
def test_overall__an_error_is_told_unless_nothing_shall_fail(fail_on: frozenset[str], expected: bool) -> None:
    assert whole(E, fail_on=fail_on).is_unfinished is expected
