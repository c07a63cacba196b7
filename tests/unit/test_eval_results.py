"""A row of what the Hub shows: never fatal, whatever stands in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.adapters.hub.eval_results import shown
from evalmark.facts import RefusedFile, ShownScore

FILE = ".eval_results/a.yaml"
DATA = {"dataset": {"id": "acme/sums", "task_id": "sums"}, "value": 57}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"filename": FILE, "verified": False, "data": DATA},
            ShownScore(FILE, "acme/sums", "sums", 57.0, verified=False),
        ),
        (
            {"filename": FILE, "verified": True, "data": DATA, "pullRequest": 3},
            ShownScore(FILE, "acme/sums", "sums", 57.0, True, 3),
        ),
        ({"filename": FILE, "error": "value: required"}, RefusedFile(FILE, "value: required")),
        ({"filename": FILE, "data": {"value": "57 %"}}, RefusedFile(FILE, "the Hub tells no value of a score in it")),
        ({"filename": FILE, "data": {"value": 1.5}}, ShownScore(FILE, "", "", 1.5, verified=False)),
        ("odd", RefusedFile("a file without a name", "the Hub tells no value of a score in it")),
    ],
)
def test_shown(row: Any, expected: ShownScore | RefusedFile) -> None:
    assert shown(row) == expected


json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "value", "dataset"]), inner),
)


@given(json)
def test_shown__whatever_the_hub_says(row: Any) -> None:
    assert isinstance(shown(row), ShownScore | RefusedFile)
