"""A dataset's README.md: what it says, and what a benchmark's must say."""

import pytest

from evalmark.authoring.card import Card, read_card, with_files
from evalmark.formats.card import rows_outside

FULL = b"""\
---
license: mit
pretty_name: Sums
configs:
  - config_name: default
    data_files: test.csv
---
# Small sums

![badge](x)

Adds [two](https://example.org) numbers. And more.
"""


@pytest.mark.parametrize(
    ("readme", "card"),
    [
        pytest.param(FULL, Card("mit", "Sums", "Adds two numbers.", names_files=True), id="all"),
        pytest.param(b"# Small sums\n\nno end", Card(None, "Small sums", "no end"), id="no front matter"),
        pytest.param(b"---\nlicense: [mit, x]\n---\n", Card("mit"), id="several licences"),
        pytest.param(b"---\nlicense: [{}]\n---\n- a\n\n* b", Card(), id="no text"),
        pytest.param(b"---\n- a list\n---\n", Card(), id="no mapping"),
        pytest.param(b"", Card(), id="empty"),
    ],
)
def test_read_card(readme: bytes, card: Card) -> None:
    assert read_card(readme) == card


SPLITS = {"test": ("data/test.csv",), "train": ("a.csv", "b: c.csv")}


@pytest.mark.parametrize(
    ("readme", "kept"),
    [
        pytest.param(b"---\nlicense: mit\n---\n\n# Sums\n", ["license: mit", "# Sums"], id="front matter"),
        pytest.param(b"---\r\nlicense: mit\r\n---\r\n\r\n# Sums\r\n", ["license: mit", "# Sums"], id="Windows"),
        pytest.param(b"# Sums\n\ntext --- more", ["# Sums", "text --- more"], id="none"),
        pytest.param(None, ["# Other"], id="no file"),
    ],
)
def test_with_files__names_the_files_and_keeps_the_rest(readme: bytes | None, kept: list[str]) -> None:
    made = with_files(readme, SPLITS, "# Other\n")

    assert read_card(made).names_files
    assert rows_outside(made) is None
    assert read_card(made).licence == ("mit" if "license: mit" in kept else None)
    assert [line for line in made.decode().splitlines() if line in kept] == kept
    assert '          - "b: c.csv"' in made.decode().splitlines()
    assert (b"\r\n" in made) == (readme is not None and b"\r\n" in readme)
    assert b"\n" not in made.replace(b"\r\n", b"") or b"\r\n" not in made
