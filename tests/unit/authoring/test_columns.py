"""Which column is what: names and values in, a guess out."""

import pytest

from evalmark.authoring.columns import LITERAL_FIRST, Column, Guess, guess, series, unread_choices


def text(name: str, *values: str) -> Column:
    return Column(name, "text", values or ("some words",))


CASES = [
    pytest.param([text("input"), text("target")], Guess("input", "target"), id="as Inspect calls them"),
    pytest.param(
        [Column("id", "integer", (1,)), text("Question"), text("Final Answer")],
        Guess("Question", "Final Answer", id="id"),
        id="spelling does not count",
    ),
    pytest.param(
        [text("answer"), text("problem_statement_en"), text("notes")],
        Guess("problem_statement_en", "answer"),
        id="a word of the name",
    ),
    pytest.param(
        [text("x", "short"), text("y", "a rather long text"), Column("z", "integer", (1,))],
        Guess("y", "x"),
        id="no known name: the longest text is the question, the next column the answer",
    ),
    pytest.param(
        [text("q"), Column("options", "texts", (("a", "b"),)), Column("answer_idx", "integer", (0,))],
        Guess("q", "answer_idx", "options"),
        id="a list of choices",
    ),
    pytest.param(
        [text("question"), Column("odd", "texts", (("a", "b"),)), text("label")],
        Guess("question", "label", "odd"),
        id="a list of another name",
    ),
    pytest.param(
        [text("id"), text("question"), text("A"), text("B"), text("C"), text("D"), text("answer")],
        Guess("question", "answer", ("A", "B", "C", "D"), "id"),
        id="one column a choice",
    ),
    pytest.param(
        [text("ctx"), text("ending0"), text("ending1"), Column("label", "integer", (1,))],
        Guess("ctx", "label", ("ending0", "ending1")),
        id="endings from 0",
    ),
    pytest.param(
        [text("Question"), text("Correct Answer"), text("Incorrect Answer 1"), text("Incorrect Answer 2")],
        Guess("Question", LITERAL_FIRST, ("Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2")),
        id="the right one and wrong ones",
    ),
    pytest.param(
        [text("question"), Column("image", "data-uri"), text("answer")],
        Guess("question", "answer", image="image"),
        id="with an image",
    ),
    pytest.param(
        [text("question"), Column("scan", "data-uri"), text("answer")],
        Guess("question", "answer", image="scan"),
        id="an image of another name",
    ),
    pytest.param(
        [text("question"), Column("photo", "image"), text("answer")],
        Guess("question", "answer", image="photo"),
        id="picture files",
    ),
    pytest.param(
        [text("passage"), text("question"), Column("answer", "boolean", (True,))],
        Guess("question", "answer", context="passage"),
        id="a text that the question is about",
    ),
    pytest.param(
        [text("the story"), text("question"), text("correct"), text("wrong1"), text("wrong2"), text("context")],
        Guess("question", LITERAL_FIRST, ("correct", "wrong1", "wrong2"), context="context"),
        id="such a text, and wrong answers",
    ),
    pytest.param([Column("n", "other")], Guess(None, None), id="nothing that fits"),
]


@pytest.mark.parametrize(("columns", "expected"), CASES)
def test_guess(columns: list[Column], expected: Guess) -> None:
    assert guess(columns) == expected


def test_guess__choices_are_shuffled_if_the_right_one_stands_first() -> None:
    assert guess([text("q"), text("correct"), text("wrong_1"), text("wrong_2")]).shuffled
    assert not guess([text("q"), text("correct"), text("wrong_1")]).shuffled


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["option1", "option2", "option_3"], ("option1", "option2", "option_3")),
        (["option_a", "option_b", "option_d"], ("option_a", "option_b")),
        (["0", "1"], ("0", "1")),
        (["b", "c"], ()),
        (["a", "question"], ()),
        (list("abcdefghij"), tuple("abcdefghij")),
    ],
)
def test_series__columns_whose_marks_follow_each_other(names: list[str], expected: tuple[str, ...]) -> None:
    assert series([text(name) for name in names]) == expected


def test_unread_choices__by_name_and_not_lists() -> None:
    assert unread_choices([text("question"), Column("Choices", "other")]) == "Choices"
    assert unread_choices([Column("choices", "texts"), Column("notes", "other")]) is None
