"""What `evalmark doctor` says, for a terminal and for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from evalmark.authoring.readiness import Line, State, must_be_fixed, summary
from evalmark.report.escape import painted, plain

COLOURS: Final[dict[State, str]] = {"ok": "32", "fix": "31", "note": "33", "unknown": "2"}


def as_text(lines: Sequence[Line], *, colour: bool) -> str:
    """For a terminal: state, subject, what was found, and below it what to do."""
    shown = []
    for line in lines:
        state = painted(f"{line.state:<7}", COLOURS[line.state], colour)
        shown.append(f"{state}  {plain(line.about, 60)}: {plain(line.what, 400)}")
        if line.fix:
            shown.append(f"         → {plain(line.fix, 400)}")
    return "".join(f"{each}\n" for each in (*shown, "", summary(lines)))


def as_data(lines: Sequence[Line]) -> dict[str, Any]:
    """For a program."""
    return {"ready": not must_be_fixed(lines), "lines": [asdict(line) for line in lines]}
