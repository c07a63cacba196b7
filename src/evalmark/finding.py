"""A problem in a user's file, as a value: what, where, why it matters, how to fix it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error makes a file unusable, a warning makes it risky."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file. `line` and `column` count from 1.

    `pointer` is the Hub's own notation for a field: `[18].source.url`, empty for the whole file.
    """

    path: str
    line: int = 1
    column: int = 1
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem in a user's file.

    `rule` is a stable id in words, `message` says what is wrong and what it should be,
    `help` says how to fix it.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    help: str = ""


def by_place(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort for a reader: file, line, column, then rule."""
    return tuple(sorted(findings, key=lambda finding: (finding.place, finding.rule)))
