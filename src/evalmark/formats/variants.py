"""The names of set-ups: one spelling for each known one, so that `w/ tools` and `With tools` are one variant.

Source of the spellings: the conventions of huggingface/community-evals (`SKILL.md`), which leaves `notes` out for the
usual set-up and writes `With tools`; the Hub's documentation writes `chain-of-thought`. The variants were seen in
files and exporters.
"""

import re

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


def _words(notes: str) -> str:
    if len(notes) > _LONGEST_VARIANT:
        return notes
    return _BETWEEN_WORDS.sub(" ", notes.strip().strip("()[].").lower()).strip()
