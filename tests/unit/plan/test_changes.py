"""What becomes of the entries between two sides of a pull request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.formats.parse_results import LocatedEntry
from evalmark.plan.changes import Change, changes
from tests.builders import entries, entry_text

WITH_TOOLS = "  notes: With tools\n"
SOURCE = "  source: {url: 'https://logs.example/1'}\n"
DATE = '  date: "2026-01-15"\n'
SHA = f"    revision: '{'c' * 40}'\n"
OTHER_FILE = ".eval_results/other.yaml"


def told(before: tuple[LocatedEntry, ...], after: tuple[LocatedEntry, ...]) -> list[tuple[str, str, str, bool]]:
    """(kind, was, now, is a new claim) of each change, by the scores."""
    return [_told(change) for change in changes(before, after)]


def _told(change: Change) -> tuple[str, str, str, bool]:
    was, now = (side.value_text if side else "" for side in (change.was, change.now))
    return change.kind, was, now, change.is_new_claim


ADDED, MOVED = ("added", "", "57.0", True), ("moved", "57.0", "57.0", False)
CHANGED, REMOVED = ("changed", "57.0", "60.0", True), ("removed", "57.0", "", False)
SAME_SCORE = ("changed", "57.0", "57.0", False)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("", entry_text("57.0"), [ADDED], id="a new entry"),
        pytest.param(entry_text("57.0"), "", [REMOVED], id="an entry less"),
        pytest.param(entry_text("57.0"), entry_text("57.0"), [], id="nothing"),
        pytest.param(entry_text("57.0"), "# a comment\n" + entry_text("57.0"), [], id="a comment above it"),
        pytest.param(entry_text("57.0"), entry_text("60.0"), [CHANGED], id="another score"),
        pytest.param(entry_text("57.0"), entry_text("57"), [("changed", "57.0", "57", True)], id="other digits"),
        pytest.param(entry_text("57.0"), entry_text("57.0", more=DATE), [SAME_SCORE], id="a date"),
        pytest.param(entry_text("57.0"), entry_text("57.0", more=SOURCE), [SAME_SCORE], id="a source"),
        pytest.param(entry_text("57.0"), entry_text("57.0", more="  verifyToken: x\n"), [SAME_SCORE], id="a token"),
        pytest.param(
            entry_text("57.0"), entry_text("57.0", more=WITH_TOOLS), [("changed", "57.0", "57.0", True)], id="notes"
        ),
        pytest.param(
            entry_text("57.0"),
            entry_text("57.0", task=f"sums\n{SHA}".rstrip()),
            [("changed", "57.0", "57.0", True)],
            id="a commit of the benchmark",
        ),
        pytest.param(
            entry_text("57.0"), entry_text("57.0", task="other"), [ADDED, REMOVED], id="another task is another claim"
        ),
        pytest.param(
            entry_text("57.0"),
            entry_text("57.0") + entry_text("60.0", more=WITH_TOOLS),
            [("added", "", "60.0", True)],
            id="a variant beside it",
        ),
        pytest.param(
            entry_text("57.0") + entry_text("60.0", more=WITH_TOOLS),
            entry_text("60.0", more=WITH_TOOLS) + entry_text("57.0"),
            [],
            id="another order",
        ),
        pytest.param(
            entry_text("57.0", more=SOURCE) + entry_text("50.0", more=WITH_TOOLS),
            entry_text("60.0", more=f"  notes: CoT\n{SOURCE}") + entry_text("50.0", more=WITH_TOOLS),
            [CHANGED],
            id="the same source under other notes",
        ),
    ],
)
def test_changes__of_one_file(before: str, after: str, expected: list[tuple[str, str, str, bool]]) -> None:
    assert told(entries(before) if before else (), entries(after) if after else ()) == expected


def test_changes__an_entry_in_another_file_has_moved() -> None:
    assert told(entries(entry_text("57.0")), entries(entry_text("57.0"), OTHER_FILE)) == [MOVED]


def test_changes__a_copy_in_another_file_is_added() -> None:
    both = (*entries(entry_text("57.0")), *entries(entry_text("57.0"), OTHER_FILE))

    assert told(entries(entry_text("57.0")), both) == [ADDED]


texts = st.lists(
    st.builds(
        entry_text,
        st.sampled_from(["1.0", "2.0"]),
        task=st.sampled_from(["a", "b"]),
        more=st.sampled_from(["", WITH_TOOLS]),
    ),
    max_size=5,
)


@given(texts, texts)
def test_changes__pairs_every_entry_at_most_once(before: list[str], after: list[str]) -> None:
    old, new = (entries("".join(side)) if side else () for side in (before, after))
    found = changes(old, new)

    assert len({id(change.now) for change in found if change.now}) == sum(change.now is not None for change in found)
    assert len({id(change.was) for change in found if change.was}) == sum(change.was is not None for change in found)
    assert len(new) - len(old) == sum(change.was is None for change in found) - sum(
        change.now is None for change in found
    )


@given(texts)
def test_changes__against_itself_there_are_none(side: list[str]) -> None:
    same = entries("".join(side)) if side else ()

    assert changes(same, same) == ()
