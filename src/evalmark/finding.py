"""A problem in a user's file, as a value: what, where, why it matters, how to fix it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Severity(StrEnum):
    """How much a finding matters: an error makes a file unusable, a warning makes it risky."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Place(NamedTuple):
    """Where something stands in a file. `line` and `column` count from 1.

    `pointer` is the Hub's own notation for a field: `[18].source.url`, empty for the whole file.
    A tuple, because every value of every file has one and a dataclass takes three times as long to make.
    """

    path: str
    line: int = 1
    column: int = 1
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Replace(NamedTuple):
    """Put `text` where the file has the characters from `line`, `column` up to, not including, the end. From 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Rename(NamedTuple):
    """Move the file to `path`. Nothing else has that path in the listing that was judged."""

    path: str


Fix: TypeAlias = Replace | Rename


class Finding(NamedTuple):
    """One problem in a user's file.

    `rule` is a stable id in words, `message` says what is wrong and what it should be,
    `help` says how to fix it, `fix` is the edit that does, if there is one right answer.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    help: str = ""
    fix: Fix | None = None


def as_data(finding: Finding) -> dict[str, str | int]:
    """A finding as plain data: what every report for programs holds."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "pointer": finding.place.pointer,
        "message": finding.message,
        "help": finding.help,
    }


def by_place(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort for a reader: file, line, column, then rule."""
    return tuple(sorted(findings, key=lambda finding: (finding.place, finding.rule)))


def has_error(findings: Iterable[Finding]) -> bool:
    """Whether one of them makes the file, or the part that they are about, unusable."""
    return any(finding.severity is Severity.ERROR for finding in findings)
