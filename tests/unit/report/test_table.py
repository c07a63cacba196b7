"""Columns for a terminal."""

import pytest

from evalmark.report.table import aligned


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([("a", "b"), ("long", "c")], ["a     b", "long  c"]),
        ([("模型", "b"), ("abc", "c")], ["模型  b", "abc   c"]),  # wide letters take two columns
        ([("e\u0301", "b"), ("ab", "c")], ["e\u0301   b", "ab  c"]),  # a mark takes none
        ([("a", ""), ("b", "")], ["a", "b"]),
    ],
)
def test_aligned(rows: list[tuple[str, ...]], lines: list[str]) -> None:
    assert aligned(rows) == lines
