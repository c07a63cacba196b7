"""Where a dataset's README says that its rows lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.formats.card import rows_outside

INSIDE = (
    "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: test\n    path: data/test-*.parquet\n---\nWords."
)


def card(path: str, before: str = "") -> bytes:
    files = f"  data_files:\n  - split: test\n    path: {path}\n"
    return f"---\n{before}configs:\n- config_name: default\n{files}---\n".encode()


UNREADABLE = "deep: " + "[" * 12 + "]" * 12 + "\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# Words\nhttps://example.org", id="no front matter"),
        pytest.param("---\nlicense: mit\nlicense_link: https://example.org\n---\n", id="says nothing of rows"),
        pytest.param(INSIDE, id="inside"),
        pytest.param(
            INSIDE.replace("---\nconfigs", "---\nlicense_link: https://x.example\nconfigs", 1), id="a licence"
        ),
        pytest.param(INSIDE.replace("---\nconfigs", f"---\n{UNREADABLE}configs", 1), id="unreadable elsewhere"),
        pytest.param(INSIDE.replace("\n", "\r\n"), id="the line ends of Windows"),
    ],
)
def test_rows__inside(text: str) -> None:
    assert rows_outside(text.encode()) is None


OUTSIDE = [
    "https://evil.example/x.json",
    "http://169.254.169.254/latest/meta-data",
    "/etc/passwd",
    "../../x",
    "a/../../x",
    "~/x",
    "zip://x::https://evil.example/y",
    "simplecache::s3://b/x",
    "hf://datasets/other/secret/x.json",
    '["https://evil.example/x"]',
    "\\\\server\\share",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_rows__outside(path: str) -> None:
    assert rows_outside(card(path)) is not None


@pytest.mark.parametrize("path", [*OUTSIDE, "*place", "&place data/x"])
def test_rows__outside_also_where_the_rest_cannot_be_read(path: str) -> None:
    assert rows_outside(card(path, f"place: &place https://evil.example\n{UNREADABLE}")) is not None


@given(st.binary(max_size=300))
def test_rows__whatever_stands_there_is_no_trouble(front: bytes) -> None:
    rows_outside(b"---\nconfigs:\n- data_files: " + front + b"\n---\n")
