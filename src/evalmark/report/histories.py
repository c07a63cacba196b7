"""Events, conflicts and the origin of entries, for a terminal or a program."""

from collections.abc import Iterable, Sequence
from typing import Final

from evalmark.record import DisputeRecord, EventRecord
from evalmark.report import words
from evalmark.report.boards import as_json
from evalmark.report.escape import painted, plain
from evalmark.report.table import aligned

COLOURS: Final = {"verified": "32", "re-verified": "32", "contradicted": "31", "withdrawn": "33", "closed": "33"}
SHORT_SHA: Final = 10


def events_as_text(events: Sequence[EventRecord], *, colour: bool) -> str:
    """One line an event, oldest first."""
    if not events:
        return "no events\n"
    lines = aligned([_event(event) for event in events])
    return "".join(
        f"{painted(line, COLOURS.get(event.kind, ''), colour and event.kind in COLOURS)}\n"
        for event, line in zip(events, lines, strict=True)
    )


def events_as_json(events: Sequence[EventRecord]) -> str:
    """The events as records."""
    return as_json(list(events))


def blame_as_text(entries: Iterable[tuple[str, Sequence[EventRecord]]]) -> str:
    """For each entry, named by its place and score, who gave it what it says: the newest event first."""
    blocks = []
    for name, events in entries:
        lines = [f"    {line}" for line in aligned([_event(event) for event in reversed(events)])] if events else []
        blocks.append("\n".join([plain(name, 300), *(lines or ["    not committed yet"])]))
    return "\n".join(blocks) + "\n"


def conflicts_as_text(conflicts: Sequence[DisputeRecord], *, colour: bool) -> str:
    """One paragraph a conflict."""
    told = []
    for each in conflicts:
        about = f"{each.model} on {each.dataset_id} · {plain(each.task_id)}"
        variant = f" ({plain(each.variant, 80)})" if each.variant else ""
        heading = painted(words.CONFLICTS.get(each.kind, each.kind), "31", colour)
        told.append(f"{heading}: {about}{variant}\n    {plain(each.message, 1000)}\n")
    return "".join(told) + f"{words.counted(len(conflicts), 'conflict')}\n"


def conflicts_as_json(conflicts: Sequence[DisputeRecord]) -> str:
    """The conflicts as records."""
    return as_json(list(conflicts))


def _event(event: EventRecord) -> tuple[str, ...]:
    pull = f"#{event.pull_request}" if event.pull_request is not None else ""
    return (
        words.minute(event.at) or "at a time unknown",
        words.EVENTS.get(event.kind, event.kind),
        _value(event),
        f"{event.model} on {event.dataset_id} · {plain(event.task_id, 60)}",
        plain(event.variant, 30),
        " ".join(filter(None, (plain(event.by, 40), pull, (event.commit or "")[:SHORT_SHA]))),
        "pushed away since" if event.gone else plain(event.detail, 200),
    )


def _value(event: EventRecord) -> str:
    shown = [plain(value, 24) for value in (event.old, event.new) if value is not None]
    if event.kind in _RERUN:
        return f"{shown[0]}, measured {shown[1]}" if len(shown) == 2 else "".join(shown)
    return " → ".join(shown if event.kind == "amended" else shown[-1:])


_RERUN: Final = ("verified", "re-verified", "contradicted", "inconclusive")
