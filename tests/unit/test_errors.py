import pytest

from evalmark import errors
from evalmark.errors import (
    BugInEvalmark,
    CouldNotFinish,
    EvalmarkError,
    ExitCode,
    Interrupted,
    MissingExtra,
    Refused,
    UsageProblem,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageProblem("m", "a"), 2),
        (CouldNotFinish("m", "a"), 3),
        (MissingExtra("verify", "verify"), 3),
        (Interrupted("m", "a"), 3),
        (Refused("m", "a"), 4),
        (BugInEvalmark("m", "a"), 70),
        (EvalmarkError("m", "a"), 70),
    ],
    ids=lambda value: type(value).__name__,
)
def test_error__has_its_exit_code(error: EvalmarkError, code: int) -> None:
    assert error.exit_code == code


def test_error__carries_what_happened_and_what_to_do() -> None:
    error = UsageProblem("it is not there", "look elsewhere")

    assert (str(error), error.message, error.advice) == ("it is not there", "it is not there", "look elsewhere")


def test_missing_extra__is_one_sentence_with_the_install_line() -> None:
    error = MissingExtra("board", "leaderboard")

    assert error.message == "`evalmark leaderboard` needs the extra `board`, which is not installed"
    assert error.advice == "run: pip install 'evalmark[board]'"


def test_exit_codes__are_unique_and_each_has_a_sentence() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 70]
    assert all(code.meaning.endswith(".") for code in ExitCode)
    assert len({code.meaning for code in ExitCode}) == len(ExitCode)


def test_every_error_of_ours__is_an_evalmark_error() -> None:
    ours = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, Exception)]

    assert all(issubclass(item, EvalmarkError) for item in ours)
