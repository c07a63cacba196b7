"""`notes`: one spelling for each known set-up, so that a board can tell variants apart.

Source of the spellings: the conventions of huggingface/community-evals (`SKILL.md`), which leaves `notes` out for the
usual set-up and writes `With tools`; the Hub's documentation writes `chain-of-thought`. The variants were seen in
files and exporters.
"""

import re
from collections.abc import Iterator

from evalmark.checks.fields import key_in, text_in
from evalmark.checks.registry import found
from evalmark.finding import Finding, Replace
from evalmark.formats.edits import replaced
from evalmark.formats.nodes import Mapping, Scalar, shown

USUAL_SPELLINGS = {
    "With tools": (
        "with tools", "w/ tools", "w/tools", "w tools", "tools", "tool use", "with tool use", "with tool",
        "using tools", "+ tools", "tools enabled", "tools: yes", "tools: true", "tools=true", "with tool calling",
    ),
    "chain-of-thought": (
        "chain of thought", "cot", "with cot", "w/ cot", "with chain of thought", "w/ chain of thought",
    ),
}  # fmt: skip
LEFT_OUT = frozenset(
    {
        "no tools", "no tool", "without tools", "without tool use", "without tool", "w/o tools", "w/o tool", "wo tools",
        "no tool use", "tools: none", "tools: no", "tools: false", "tools=false", "tools disabled", "default",
        "standard", "none", "n/a",
    }
)  # fmt: skip
_USUAL_BY_VARIANT = {variant: usual for usual, variants in USUAL_SPELLINGS.items() for variant in variants}
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
# Longer notes are sentences.
_LONGEST_VARIANT = 60


def usual_notes(notes: str | None) -> str:
    """The usual spelling of a set-up; empty for the usual set-up. Other notes stay as they are."""
    words = _words(notes or "")
    return "" if words in LEFT_OUT else _USUAL_BY_VARIANT.get(words, (notes or "").strip())


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


def _words(notes: str) -> str:
    if len(notes) > _LONGEST_VARIANT:
        return notes
    return _BETWEEN_WORDS.sub(" ", notes.strip().strip("()[].").lower()).strip()


def _line_deleted(entry: Mapping, notes: Scalar) -> Replace | None:
    """Delete the whole line, if it is one of a block and not the one with the dash."""
    key, first = key_in(entry, "notes"), entry.pairs[0][0]
    is_block = (entry.place.line, entry.place.column) == (first.place.line, first.place.column)
    one_line = notes.end is not None and notes.end[0] == key.place.line
    if not is_block or not one_line or first is key:
        return None
    return Replace(key.place.line, 1, key.place.line + 1, 1, "")
