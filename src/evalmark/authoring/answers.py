"""How answers are scored, by the look of the right ones; and what keeps them from being scored at all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from string import ascii_uppercase
from typing import Final, Literal, TypeAlias

from evalmark.authoring.columns import Column, Value

Look: TypeAlias = Literal["choice", "numbers", "latex", "labels", "short", "long"]

MOST_LABELS: Final = 10
FEW_WORDS: Final = 5
SCORERS: Final = {
    "choice": "choice",
    "numbers": "match",
    "latex": "math",
    "labels": "answer",
    "short": "includes",
    "long": "f1",
}
# What a person chooses from: the scorer, and when it is right.
WHAT: Final = {
    "match": "the answer ends with the right one (a number is compared as a number)",
    "includes": "the right answer stands somewhere in the answer",
    "exact": "the answer is the right one, apart from case, articles and punctuation",
    "answer": "the model is told to end with `ANSWER: …`, and that is compared",
    "f1": "the words that both have in common, from 0 to 1",
    "math": "a formula is compared by its value (needs the package latex2sympy2-extended)",
    "model_graded_fact": "another model judges; it costs money, and reruns must use the same one",
}
_NUMBER = re.compile(r"[-+−]?[$€£]?\s?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?\s?%?")
_LATEX = re.compile(r"\\[a-zA-Z]+|\^|_\{|\$.*\$")
_LABEL = re.compile(r"[A-Za-z][\w-]*(?: [\w-]+)?")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What would make every score wrong, and what to do."""

    what: str
    advice: str


def look_of(values: Sequence[Value]) -> Look:
    """What right answers look like, where there are no choices."""
    texts = [_text(value) for value in values if value is not None and _text(value)]
    if not texts:
        return "short"
    if all(_NUMBER.fullmatch(text) and any(map(str.isdigit, text)) for text in texts):
        return "numbers"
    if sum(bool(_LATEX.search(text)) for text in texts) * 4 >= len(texts):
        return "latex"
    if _few(texts) and all(_LABEL.fullmatch(text) for text in texts):
        return "labels"
    return "short" if median(len(text.split()) for text in texts) <= FEW_WORDS else "long"


def labels_of(values: Sequence[Value]) -> tuple[str, ...]:
    """The different answers, in order of the alphabet, if they are few enough to be told to the model."""
    texts = [_text(value) for value in values if value is not None]
    return tuple(sorted(set(texts))) if _few(texts) else ()


def trouble_with(target: Column, choices: Column | None, many: int) -> Trouble | None:
    """Why Inspect could not tell by `target` which choice is right; None if it can. `many`: the most that a sample has.

    It takes a letter as it stands, and a number from 0 for the letter: any other target is never right.
    """
    values = [value for value in target.values if value is not None]
    letters = ascii_uppercase[:many]
    name = f"`{target.name}`"
    advice = "store the number of the right choice, from 0, or its letter in capitals, and give that column as --target"
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        numbers = [int(value) for value in values if isinstance(value, int)]
        if max(numbers, default=0) >= many:
            counted = "from 1, and Inspect counts from 0" if min(numbers) == 1 else f"and there are {many} choices"
            return Trouble(f"the numbers in {name} go up to {max(numbers)}: {counted}", advice)
        return None
    texts = [_text(value) for value in values]
    if all(len(text) == 1 and text in letters for text in texts):
        return None
    if choices is not None and _are_choices(target, choices):
        return Trouble(f"{name} holds the right choice in words, and Inspect wants its letter or number", advice)
    shown = next(text for text in texts if not (len(text) == 1 and text in letters))
    return Trouble(f"{name} holds {shown[:30]!r}, and Inspect wants a letter from A to {letters[-1:] or 'A'}", advice)


def note_on(target: Column) -> str | None:
    """What a person should know of a target without choices, if anything."""
    if target.labels:
        named = ", ".join(target.labels[:4])
        return f"`{target.name}` holds the numbers of classes ({named}); a model is right if it answers the number"
    return None


def _few(texts: Sequence[str]) -> bool:
    """Few different ones, each said more than once on average."""
    different = set(texts)
    return 1 < len(different) <= MOST_LABELS and len(texts) >= 2 * len(different)


def _are_choices(target: Column, choices: Column) -> bool:
    pairs = zip(target.values, choices.values, strict=False)
    return all(isinstance(several, tuple) and _text(value) in several for value, several in pairs)


def _text(value: Value) -> str:
    return str(value).strip()
