"""Whether a repo is ready, line by line, each with its fix: from facts, which others have gathered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "fix", "note", "unknown"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. `fix` says what to do: nothing only if it is well."""

    state: State
    about: str
    what: str
    fix: str = ""


def must_be_fixed(lines: Iterable[Line]) -> bool:
    """Whether the repo is not ready."""
    return any(line.state == "fix" for line in lines)


def summary(lines: Sequence[Line]) -> str:
    """The last line: ready, or how much is to be done."""
    count = {state: sum(line.state == state for line in lines) for state in ("fix", "note", "unknown")}
    notes = f"; {count['note']} to think about" if count["note"] else ""
    unknown = f"; {count['unknown']} not known" if count["unknown"] else ""
    verdict = f"not ready: {count['fix']} to fix" if count["fix"] else "ready"
    return f"{verdict}{notes}{unknown}"
