"""What `init benchmark` asks, and what it makes of the options: over rows that are given."""

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import pytest

from evalmark.adapters.dataset_rows.rows import DatasetRows, Split
from evalmark.authoring.columns import Column
from evalmark.authoring.eval_yaml import Draft
from evalmark.cli import init
from evalmark.cli.asking import Asker
from evalmark.cli.init.questions import About, Interview
from evalmark.errors import UsageProblem

ABOUT = About("ada/sums", "Sums", "Adds numbers.")
SUMS = (
    Column("id", "integer", (1, 2)),
    Column("question", "text", ("1 + 1?", "2 + 2?")),
    Column("answer", "integer", (2, 4)),
)
QUIZ = (
    Column("question", "text", ("red?",)),
    Column("options", "texts", (("sea", "blood"),)),
    Column("answer", "text", ("B",)),
)
SERIES = (*(Column(name, "text", ("x",)) for name in ("question", "A", "B")), Column("answer", "text", ("A",)))
MOODS = (Column("text", "text", ("good", "bad") * 4), Column("label", "text", ("yes", "no") * 4))
CLASSES = (Column("text", "text", ("good", "bad")), Column("label", "integer", (0, 1), ("bad", "good")))
RIGHT_FIRST = tuple(Column(name, "text", ("x",)) for name in ("question", "correct", "wrong_1", "wrong_2"))
PICTURES = (*SUMS, Column("image", "data-uri", (None,)), Column("photo", "image", (None,)))


class Rows:
    """A dataset with these columns."""

    def __init__(
        self, columns: tuple[Column, ...], places: Mapping[str, tuple[str, ...]], file: str = "{split}.csv"
    ) -> None:
        self._columns = columns
        self._places = places
        self._file = file

    def configs(self) -> tuple[str, ...]:
        return tuple(self._places)

    def splits(self, config: str) -> tuple[str, ...]:
        return self._places[config]

    def files(self, config: str) -> dict[str, tuple[str, ...]]:
        return {split: (self._file.format(split=split),) for split in self._places[config]}

    def split(self, _config: str, _split: str) -> Split:
        return Split(self._columns, None, only_data_uris=True)


ONE: Mapping[str, tuple[str, ...]] = {"default": ("test",)}


def draft(
    columns: tuple[Column, ...], *options: str, yes: bool = True, places: Mapping[str, tuple[str, ...]] = ONE
) -> Draft:
    parser = argparse.ArgumentParser()
    init.add_arguments(parser)
    args = parser.parse_args(["benchmark", *options])
    rows = cast("DatasetRows", Rows(columns, places))
    return Interview(args, Asker(yes=yes, terminal=False)).draft(rows, ABOUT).draft


@pytest.mark.parametrize(
    ("splits", "file", "names_files", "given", "split", "files"),
    [
        pytest.param(("train",), "rows.csv", False, [], "test", {"test": ("rows.csv",)}, id="no name says train"),
        pytest.param(("train",), "{split}.csv", False, [], "train", {"train": ("train.csv",)}, id="a name does"),
        pytest.param(
            ("train",), "rows.csv", False, ["--split=train"], "train", {"train": ("rows.csv",)}, id="a person"
        ),
        pytest.param(("train",), "rows.csv", True, [], "train", {}, id="the card"),
        pytest.param(
            ("a", "test"), "{split}.csv", False, [], "test", {"a": ("a.csv",), "test": ("test.csv",)}, id="two"
        ),
    ],
)
def test_files__are_named_where_the_card_does_not(
    splits: tuple[str, ...],
    file: str,
    names_files: bool,
    given: list[str],
    split: str,
    files: dict[str, tuple[str, ...]],
) -> None:
    parser = argparse.ArgumentParser()
    init.add_arguments(parser)
    rows = cast("DatasetRows", Rows(SUMS, {"default": splits}, file))
    about = replace(ABOUT, names_files=names_files)
    answered = Interview(parser.parse_args(["benchmark", *given]), Asker(yes=True, terminal=False)).draft(rows, about)

    assert (answered.draft.split, answered.files) == (split, files)


def test_draft__defaults_of_free_text() -> None:
    made = draft(SUMS)

    assert (made.input, made.target, made.choices, made.scorer, made.numeric) == (
        "question",
        "answer",
        None,
        "match",
        True,
    )
    assert (made.task_id, made.name, made.max_tokens, made.unit) == ("sums", "Sums", 1024, "percent")


@pytest.mark.parametrize(
    ("columns", "choices", "target", "shuffled"),
    [
        (QUIZ, "options", "answer", False),
        (SERIES, ("A", "B"), "answer", False),
        (RIGHT_FIRST, ("correct", "wrong_1", "wrong_2"), "literal:A", True),
    ],
)
def test_draft__multiple_choice(columns: tuple[Column, ...], choices: object, target: str, shuffled: bool) -> None:
    made = draft(columns)

    assert (made.scorer, made.choices, made.target, made.shuffled) == ("choice", choices, target, shuffled)


def test_draft__the_only_column_left_has_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert draft((SUMS[1], Column("odd", "other", ("x",)))).target == "odd"
    assert "odd, the only one left" in capsys.readouterr().err


def test_draft__few_labels_are_told_to_the_model() -> None:
    assert (draft(MOODS).scorer, draft(MOODS).labels) == ("answer", ("no", "yes"))
    assert draft(MOODS, "--scorer=includes").labels == ()


def test_draft__numbers_of_classes_are_pointed_out(capsys: pytest.CaptureFixture[str]) -> None:
    draft(CLASSES)

    assert "holds the numbers of classes (bad, good)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"a": ("train", "test")}, ("a", "test")),
        ({"x": ("train",), "main": ("validation", "train")}, ("main", "validation")),
        ({"x": ("odd",), "y": ("odd",)}, ("x", "odd")),
    ],
)
def test_draft__usual_config_and_split(places: dict[str, tuple[str, ...]], expected: tuple[str, str]) -> None:
    made = draft(SUMS, places=places)

    assert (made.config, made.split) == expected


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (["--input=id"], "input", "id"),
        (["--input=answer", "--target=answer"], "target", "answer"),
        (["--target=literal:7"], "target", "literal:7"),
        (["--scorer=model_graded_qa", "--judge=openai/x-2024-08-06"], "judge", "openai/x-2024-08-06"),
        (["--max-tokens=9"], "max_tokens", 9),
        (["--name=My  sums"], "name", "My sums"),
        (["--task-id=x"], "task_id", "x"),
        (["--unit=fraction"], "unit", "fraction"),
        (["--choices=none"], "choices", None),
    ],
)
def test_draft__options(options: list[str], field: str, value: object) -> None:
    assert getattr(draft(SUMS, *options), field) == value


def test_draft__of_pictures() -> None:
    assert draft(PICTURES).image == "image"
    assert draft(PICTURES, "--image=none").image is None
    with pytest.raises(UsageProblem, match="Inspect takes data URIs"):
        draft(PICTURES, "--image=photo")


def test_draft__a_text_that_the_question_is_about() -> None:
    columns = (Column("passage", "text", ("long",)), *SUMS)

    assert draft(columns).context == "passage"
    assert draft(columns, "--context=none").context is None
    assert draft(SUMS, "--context=question").context == "question"


def test_draft__choices_that_cannot_be_read_are_pointed_out(capsys: pytest.CaptureFixture[str]) -> None:
    draft((*SUMS, Column("choices", "other", (None,))))

    assert "note: `choices` is no list of texts" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        (SUMS, ["--input=quesion"], "no such thing"),
        (SUMS, ["--target=x"], "no such thing"),
        (SUMS, ["--split=train"], "no such thing"),
        (SUMS, ["--config=main"], "no such thing"),
        (SUMS, ["--scorer=choice"], "no such thing"),
        (QUIZ, ["--scorer=match"], "no such thing"),
        (SUMS, ["--choices=id,question"], "go up to 4: and there are 2 choices"),
        (SUMS, ["--choices=id,x"], "no such thing"),
        (SUMS, ["--task-id=a/b"], "cannot be addressed"),
        (SUMS, ["--max-tokens=0"], "leaves no answer"),
        (SUMS, ["--scorer=model_graded_fact"], "Which model judges"),
        ((Column("question", "text"),), [], "has no rows"),
    ],
)
def test_draft__what_cannot_be(columns: tuple[Column, ...], options: list[str], said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        draft(columns, *options)


def test_draft__without_a_terminal_an_unknown_names_its_option() -> None:
    with pytest.raises(UsageProblem) as raised:
        draft(SUMS, yes=False)

    assert raised.value.advice == "give it with --input"
