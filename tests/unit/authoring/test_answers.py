"""The look of right answers, and targets by which no choice would ever be right."""

import pytest

from evalmark.authoring.answers import SCORERS, WHAT, Look, labels_of, look_of, note_on, trouble_with
from evalmark.authoring.columns import Column, Value
from evalmark.formats.upstream import SCORERS as INSPECTS

SENTENCE = "one two three four five six seven"


@pytest.mark.parametrize(
    ("values", "look"),
    [
        ((1, 2.5, None), "numbers"),
        (("42", "1,000", "$3.50", "-7 %"), "numbers"),
        (("\\frac{1}{2}", "x", "y", "z"), "latex"),
        (("yes", "no", "yes", "no"), "labels"),
        (("Paris", "Rome", "Oslo"), "short"),
        (("yes", "yes", "yes", "yes"), "short"),
        ((SENTENCE, f"{SENTENCE} eight"), "long"),
        ((".", "%"), "short"),
        (("a?", "b!", "a?", "b!"), "short"),
        ((), "short"),
    ],
)
def test_look_of(values: tuple[Value, ...], look: Look) -> None:
    assert look_of(values) == look


def test_scorers__are_inspects_own() -> None:
    assert set(SCORERS.values()) | set(WHAT) <= set(INSPECTS)
    assert set(WHAT) >= set(SCORERS.values()) - {"choice"}


def test_labels_of__few_that_come_again() -> None:
    assert labels_of(("yes", "no", "yes", "no", None)) == ("no", "yes")
    assert labels_of(("a", "b")) == ()


CHOICES = Column("options", "texts", (("red", "blue"), ("cat", "dog")))


@pytest.mark.parametrize(
    ("target", "choices", "said"),
    [
        pytest.param(Column("t", "integer", (0, 1)), CHOICES, None, id="numbers from 0"),
        pytest.param(Column("t", "text", ("A", "B", None)), CHOICES, None, id="letters"),
        pytest.param(
            Column("t", "integer", (1, 2)), CHOICES, "go up to 2: from 1, and Inspect counts from 0", id="from 1"
        ),
        pytest.param(Column("t", "integer", (0, 7)), CHOICES, "go up to 7: and there are 2 choices", id="too large"),
        pytest.param(Column("t", "text", ("blue", "cat")), CHOICES, "holds the right choice in words", id="words"),
        pytest.param(
            Column("t", "text", ("blue", "fish")), CHOICES, "holds 'blue', and Inspect wants a letter", id="other"
        ),
        pytest.param(
            Column("t", "text", ("0", "1")), None, "holds '0', and Inspect wants a letter from A to B", id="digits"
        ),
        pytest.param(Column("t", "boolean", (True, False)), CHOICES, "holds 'True'", id="booleans"),
    ],
)
def test_trouble_with(target: Column, choices: Column | None, said: str | None) -> None:
    trouble = trouble_with(target, choices, 2)

    assert (trouble is None) if said is None else (trouble is not None and said in trouble.what)


def test_note_on__numbers_of_classes() -> None:
    assert "(bad, good)" in (note_on(Column("label", "integer", (0,), ("bad", "good"))) or "")
    assert note_on(Column("answer", "text")) is None
