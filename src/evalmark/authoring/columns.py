"""Which column of a dataset is what: guessed by names and values, for a person to correct."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from string import ascii_lowercase
from typing import Final, Literal, TypeAlias

Value: TypeAlias = str | int | float | bool | tuple[str, ...] | None
Kind: TypeAlias = Literal["text", "integer", "number", "boolean", "texts", "image", "data-uri", "other"]

# Best first.
INPUT: Final = (
    "question", "prompt", "input", "problem", "query", "instruction", "problem_statement", "goal", "ctx", "text",
    "sentence", "task", "q",
)  # fmt: skip
TARGET: Final = (
    "answer", "target", "answer_key", "answerkey", "correct_answer", "gold", "correct", "label", "expected",
    "expected_answer", "final_answer", "gold_answer", "best_answer", "solution", "answer_idx", "answer_index",
    "correct_index", "reference", "output", "response", "a",
)  # fmt: skip
CHOICES: Final = ("choices", "options", "candidates", "endings", "alternatives", "answers")
ID: Final = ("id", "question_id", "sample_id", "qid", "uid", "idx", "index", "task_id")
IMAGE: Final = ("image", "picture", "img", "figure", "image_data")
CONTEXT: Final = ("context", "passage", "story", "article", "document", "paragraph", "premise", "background")
ANSWERS: Final[frozenset[Kind]] = frozenset({"text", "integer", "number", "boolean"})
_SERIES = re.compile(
    r"(?P<stem>|options?|opt|choices?|answers?|endings?|sol|candidates?|alternatives?)_?(?P<mark>[a-j]|\d)"
)
_WRONG = re.compile(r"(in_?correct|wrong|distractor|false)(_.*|\d*)")
_RIGHT = re.compile(r"(correct|right|best|true)(_.*)?")
LITERAL_FIRST: Final = "literal:A"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what its first rows hold. `labels` are the names of classes that are stored as numbers."""

    name: str
    kind: Kind
    values: tuple[Value, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """Names of columns; None where none fits. `choices` is one column with lists, or one column for each choice."""

    input: str | None
    target: str | None
    choices: str | tuple[str, ...] | None = None
    id: str | None = None
    image: str | None = None
    context: str | None = None

    @property
    def shuffled(self) -> bool:
        """Whether the right choice always stands first, so that the choices must be shuffled."""
        return self.target == LITERAL_FIRST


def guess(columns: Sequence[Column]) -> Guess:
    """What each column is for, most likely."""
    image = _named(columns, IMAGE, {"data-uri"}) or _first(columns, {"data-uri"}) or _first(columns, {"image"})
    wrong = tuple(column.name for column in columns if column.kind == "text" and _WRONG.fullmatch(usual(column.name)))
    right = next((c.name for c in columns if c.kind == "text" and _RIGHT.fullmatch(usual(c.name))), None)
    if right is not None and len(wrong) > 1:
        rest = [column for column in columns if column.name not in (right, *wrong)]
        asked = _input(rest)
        return Guess(asked, LITERAL_FIRST, (right, *wrong), _id(rest), image, _context(rest, asked))
    choices = _named(columns, CHOICES, {"texts"}) or _first(columns, {"texts"}) or series(columns) or None
    taken = {choices} if isinstance(choices, str) else set(choices or ())
    rest = [column for column in columns if column.name not in taken]
    asked = _input(rest)
    left = [column for column in rest if column.name != asked]
    target = _named(left, TARGET, ANSWERS)
    name = _id([column for column in left if column.name != target])
    target = target or next((column.name for column in left if column.kind in ANSWERS and column.name != name), None)
    return Guess(asked, target, choices, name, image, _context(left, target))


def unread_choices(columns: Iterable[Column]) -> str | None:
    """A column that should hold choices, by its name, and holds what Inspect does not take for a list of texts."""
    return next((column.name for column in columns if column.kind == "other" and usual(column.name) in CHOICES), None)


def usual(name: str) -> str:
    """A column's name without the accidents of spelling: `Correct Answer` → `correct_answer`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def series(columns: Iterable[Column]) -> tuple[str, ...]:
    """Columns that hold one choice each: `A, B, C, D`, or `option_a, option_b`, or `ending0, ending1`; or nothing."""
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        match = _SERIES.fullmatch(usual(column.name))
        if match and column.kind in ("text", "integer", "number"):
            found.setdefault(match["stem"], {})[match["mark"]] = column.name
    runs = [tuple(_run(marks)) for marks in found.values()]
    return max(runs, key=len, default=()) if any(len(run) > 1 for run in runs) else ()


def _run(marks: dict[str, str]) -> Iterator[str]:
    """The columns whose marks follow each other from a, 0 or 1."""
    alphabet = next((each for each in (ascii_lowercase, "0123456789", "123456789") if each[0] in marks), "")
    return (marks[mark] for mark in takewhile(marks.__contains__, alphabet))


def _input(columns: Sequence[Column]) -> str | None:
    """By its name, else the longest text."""
    named = _named(columns, INPUT, {"text"})
    if named is not None:
        return named
    texts = [column for column in columns if column.kind == "text" and usual(column.name) not in (*TARGET, *ID)]
    return max(texts, key=_length, default=Column("", "text")).name or None


def _length(column: Column) -> float:
    lengths = [len(value) for value in column.values if isinstance(value, str)]
    return sum(lengths) / max(len(lengths), 1)


def _id(columns: Sequence[Column]) -> str | None:
    return _named(columns, ID, {"text", "integer"})


def _context(columns: Iterable[Column], taken: str | None) -> str | None:
    """A text that the question is about, in a column of its own, by a name that a template can hold."""
    left = [column for column in columns if column.name != taken and column.name.isidentifier()]
    return _named(left, CONTEXT, {"text"})


def _named(columns: Iterable[Column], names: Sequence[str], kinds: Iterable[Kind]) -> str | None:
    """The column with the best of the names; then one whose name holds such a word, as `question_text` does."""
    fitting = {usual(column.name): column.name for column in columns if column.kind in kinds}
    for name in names:
        if name in fitting:
            return fitting[name]
    words = [name for name in names if len(name) > 2]
    return next((fitting[each] for name in words for each in fitting if name in each.split("_")), None)


def _first(columns: Iterable[Column], kinds: set[Kind]) -> str | None:
    return next((column.name for column in columns if column.kind in kinds), None)
