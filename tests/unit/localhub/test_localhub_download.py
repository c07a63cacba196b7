"""Ranges of a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.localhub.download import parse_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-3", range(4)),
        ("bytes=2-", range(2, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-30", range(10)),
        ("bytes=8-99", range(8, 10)),
    ],
)
def test_range__inside(header: str, wanted: range) -> None:
    assert parse_range(header, 10) == wanted


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_range__outside_is_empty(header: str) -> None:
    assert parse_range(header, 10) == range(0)


@pytest.mark.parametrize("header", ["", "bytes=-", "bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b"])
def test_range__none_is_the_whole_file(header: str) -> None:
    assert parse_range(header, 10) is None


@given(st.integers(0, 99), st.from_regex(r"bytes=[0-9]{0,3}-[0-9]{0,3}", fullmatch=True))
def test_range__never_leaves_the_file(size: int, header: str) -> None:
    wanted = parse_range(header, size)
    assert wanted is None or all(0 <= at < size for at in wanted)
