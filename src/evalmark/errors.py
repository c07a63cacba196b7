"""Why a job could not be done. A problem in a user's file is a `Finding`, not one of these.

EvalmarkError
├── UsageProblem        2  the command line, a setting or a folder is not what was meant
├── CouldNotFinish      3  a service, a model, the disk or the budget did not let us finish
│   ├── MissingExtra    3  an optional part of evalmark is not installed
│   ├── Interrupted     3  stopped by the person at the keyboard
│   ├── Forbidden       3  a service does not give us the right to do it
│   └── TooLong         3  a service does not take a text of that length
├── Refused             4  refused for safety
└── BugInEvalmark      70  our fault
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the process says to its caller; `docs/exit-codes.md` is generated from here."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> "ExitCode":
        """An int that carries its own sentence for the documentation."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    FINE = 0, "Nothing to report: no error finding, and no verdict that `--fail-on` names."
    FOUND = 1, "Error findings in a file, or a verdict that `--fail-on` names."
    USAGE = 2, "The command line, a setting or a folder is not what the command needs."
    UNFINISHED = 3, "Could not finish: a service, a model, the disk or the budget; or you pressed Ctrl-C."
    REFUSED = 4, "Refused for safety."
    BUG = 70, "A bug in evalmark. Please report it."


class EvalmarkError(Exception):
    """Base of all our errors: one sentence that says what happened, one that says what to do."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class UsageProblem(EvalmarkError):
    """The caller asked for something that does not exist or does not fit together."""

    exit_code = ExitCode.USAGE


class CouldNotFinish(EvalmarkError):
    """The job was right but the world did not let us finish it."""

    exit_code = ExitCode.UNFINISHED


class MissingExtra(CouldNotFinish):
    """A command needs an optional part that is not installed."""

    def __init__(self, extra: str, command: str) -> None:
        super().__init__(
            f"`evalmark {command}` needs the extra `{extra}`, which is not installed",
            f"run: pip install 'evalmark[{extra}]'",
        )


class Interrupted(CouldNotFinish):
    """Ctrl-C or a polite kill."""


class Forbidden(CouldNotFinish):
    """A service knows us, or nobody, and does not let us do it."""


class TooLong(CouldNotFinish):
    """A service takes less text than we have."""


class Refused(EvalmarkError):
    """Doing it could harm somebody."""

    exit_code = ExitCode.REFUSED


class BugInEvalmark(EvalmarkError):
    """Something that cannot happen did."""

    exit_code = ExitCode.BUG
