import pytest

from evalmark.finding import Place
from evalmark.formats.document import read_document
from evalmark.formats.nodes import (
    Node,
    Scalar,
    child_at,
    child_pointer,
    described,
    is_null,
    places_below,
    plain_data,
    shown,
)


def tree(text: str) -> Node:
    root = read_document("f.yaml", text).root
    assert root is not None
    return root


def test_plain_data__is_what_json_would_hold() -> None:
    assert plain_data(tree("a: [1, 2.5, 'x', null, true, {b: {}}]\n")) == {"a": [1, 2.5, "x", None, True, {"b": {}}]}


@pytest.mark.parametrize("part", ["c", 0])
def test_child_at__key_that_a_mapping_lacks(part: str | int) -> None:
    assert child_at(tree("a: 1\n"), part) is None


@pytest.mark.parametrize("part", ["0", 2])
def test_child_at__index_that_a_list_lacks(part: str | int) -> None:
    assert child_at(tree("[a, b]\n"), part) is None


@pytest.mark.parametrize("part", ["0", 0])
def test_child_at__scalar_has_none(part: str | int) -> None:
    assert child_at(tree("a\n"), part) is None


def test_child_at__finds_keys_and_indexes() -> None:
    items = child_at(tree("a: [1, 2]\n"), "a")
    assert items is not None

    second = child_at(items, 1)

    assert isinstance(second, Scalar)
    assert second.value == 2


@pytest.mark.parametrize(("text", "expected"), [("", True), ("null", True), ("''", False), ("0", False), ("[]", False)])
def test_is_null__of_what_is_written(text: str, expected: bool) -> None:
    assert is_null(tree(text)) is expected


def test_is_null__of_no_node() -> None:
    assert is_null(None)


def test_places_below__names_fields_as_seen_from_the_node() -> None:
    entry = child_at(tree("- x\n- dataset: {id: a/b}\n  value: 1\n"), 1)
    assert entry is not None

    assert places_below(entry) == {
        "dataset": Place("f.yaml", 2, 12, "[1].dataset"),
        "dataset.id": Place("f.yaml", 2, 17, "[1].dataset.id"),
        "value": Place("f.yaml", 3, 10, "[1].value"),
    }


def test_places_below__a_list_in_a_mapping() -> None:
    assert list(places_below(tree("tasks: [{id: a}]\n"))) == ["tasks", "tasks[0]", "tasks[0].id"]


@pytest.mark.parametrize(
    ("parent", "part", "pointer"),
    [("", 18, "[18]"), ("[18]", "source", "[18].source"), ("", "tasks", "tasks"), ("tasks", 0, "tasks[0]")],
)
def test_child_pointer__is_the_notation_of_the_hub(parent: str, part: str | int, pointer: str) -> None:
    assert child_pointer(parent, part) == pointer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\r\n  lines", "two lines"),
        ("bell\x07 and \u202eright to left", "bell\ufffd and \ufffdright to left"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
    ],
)
def test_shown__is_one_short_visible_line(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "a list"),
        ("{}", "a mapping"),
        ("", "nothing"),
        ("~", "`~`"),
        ("''", "an empty text"),
        ("yes", "the text `yes`"),
        ("True", "`True`"),
        ("57.0", "the number `57.0`"),
        ("0x1F", "the number `0x1F`"),
    ],
)
def test_described__says_what_stands_there(text: str, expected: str) -> None:
    assert described(tree(text)) == expected
