"""Edits of a scalar. What they do to whole files is in tests/unit/checks/test_fixes.py."""

import pytest

from evalmark.finding import Replace
from evalmark.formats.document import read_document
from evalmark.formats.edits import quoted, replaced
from evalmark.formats.nodes import Node, Sequence
from evalmark.formats.toml import read_toml


def first(text: str) -> Node:
    root = read_document("f.yaml", text).root
    assert isinstance(root, Sequence)
    return root.items[0]


@pytest.mark.parametrize("text", ["- abc\n", "- 'a' \n", '- "é"   # c\n', "- 😀\n", "[abc, d]\n"])
def test_replaced__spans_exactly_the_scalar(text: str) -> None:
    fix = replaced(first(text), "X")

    assert fix is not None
    assert text[fix.column - 1 : fix.end_column - 1] in ("abc", "'a'", '"é"', "😀")
    assert (fix.line, fix.end_line, fix.text) == (1, 1, "X")


@pytest.mark.parametrize("text", ["- |\n  a\n", "- 'a\n  b'\n", "- a\n  b\n", "- [a]\n", "-\n", "- ''\n"])
def test_replaced__is_for_one_line_with_something_on_it(text: str) -> None:
    assert replaced(first(text), "X") is None


def test_replaced__knows_no_end_in_toml() -> None:
    root = read_toml("f.toml", b"a = 1\n", ignored="").root
    assert root is not None

    assert replaced(root.pairs[0][0], "X") is None


@pytest.mark.parametrize("text", ["- 'a'\n", '- a"b\n', "- a\\b\n", "- [a]\n"])
def test_quoted__is_for_plain_scalars_without_escapes(text: str) -> None:
    assert quoted(first(text)) is None


def test_quoted__adds_quotes() -> None:
    assert quoted(first("- yes\n")) == Replace(1, 3, 1, 6, '"yes"')
