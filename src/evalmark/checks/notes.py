"""`notes`: one spelling for each known set-up, so that a board can tell variants apart."""

from collections.abc import Iterator

from evalmark.checks.fields import key_in, text_in
from evalmark.checks.registry import found
from evalmark.finding import Finding, Replace
from evalmark.formats.edits import replaced
from evalmark.formats.nodes import Mapping, Scalar, shown
from evalmark.formats.variants import USUAL_SPELLINGS, usual_notes


def notes_findings(entry: Mapping) -> Iterator[Finding]:
    """A known set-up in an unusual spelling."""
    notes = text_in(entry, "notes")
    if notes is None:
        return
    usual = usual_notes(notes.text)
    if not usual:
        yield found(
            "notes-default",
            notes.place,
            f"`{shown(notes.text)}` is the usual set-up, which is written by leaving `notes` out",
            "delete the line; `notes` says what tells a score from the usual one",
            _line_deleted(entry, notes),
        )
    elif usual in USUAL_SPELLINGS and notes.text != usual:
        yield found(
            "notes-spelling",
            notes.place,
            f"`{shown(notes.text)}` is usually written `{usual}`, and a board takes other spellings for other variants",
            f'write notes: "{usual}"',
            replaced(notes, f'"{usual}"'),
        )


def _line_deleted(entry: Mapping, notes: Scalar) -> Replace | None:
    """Delete the whole line, if it is one of a block and not the one with the dash."""
    key, first = key_in(entry, "notes"), entry.pairs[0][0]
    is_block = (entry.place.line, entry.place.column) == (first.place.line, first.place.column)
    one_line = notes.end is not None and notes.end[0] == key.place.line
    if not is_block or not one_line or first is key:
        return None
    return Replace(key.place.line, 1, key.place.line + 1, 1, "")
