"""Edits that mend: made where they belong, never to a file whose meaning is not sure, and only once."""

from collections.abc import Mapping

import pytest

from evalmark.finding import Finding, Place, Rename, Replace, Severity
from evalmark.flows.check import check
from evalmark.flows.mend import mend, moves

ENTRY = "- dataset: {{id: acme/sums, task_id: sums}}\n  value: {value}\n"


def mended(text: str) -> str:
    """The text after mending, by the real rules."""
    contents = mend({"a.yaml": text.encode()}, check).contents
    return contents.get("a.yaml", text.encode()).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("'20.9%'", "20.9", id="percent sign"),
        pytest.param(
            "1 # as measured\n  date: 2026-01-02", '1 # as measured\n  date: "2026-01-02"', id="date and comment"
        ),
        pytest.param("1\n  verify_token: abc", "1\n  verifyToken: abc", id="key"),
        pytest.param('1\n  notes: "w/ tools"', '1\n  notes: "With tools"', id="notes"),
    ],
)
def test_mend__what_has_one_right_answer(before: str, after: str) -> None:
    assert mended(ENTRY.format(value=before)) == ENTRY.format(value=after)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_mend__keeps_line_ends_marks_and_comments(end: str) -> None:
    text = f"\ufeff# é first{end}- dataset: {{id: acme/sums, task_id: sums}}{end}  value: '5%' # second{end}"

    assert mended(text) == text.replace("'5%'", "5")


def test_mend__is_idempotent() -> None:
    once = mended(ENTRY.format(value="'20.9%'\n  date: 2026-01-02\n  verify_token: abc"))

    assert mended(once) == once


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- value: '20.9%'\n  dataset: {", id="not YAML"),
        pytest.param("- &a {value: '20.9%'}\n", id="anchor"),
    ],
)
def test_mend__leaves_alone_what_cannot_be_read_surely(text: str) -> None:
    assert mend({"a.yaml": text.encode()}, check).contents == {}


def test_mend__makes_no_file_unreadable() -> None:
    def hostile(_files: Mapping[str, bytes]) -> tuple[Finding, ...]:
        return (Finding("value-missing", Severity.ERROR, Place("a.yaml"), "", "", Replace(1, 1, 1, 2, "{")),)

    assert mend({"a.yaml": b"- 1\n"}, hostile).contents == {}


def test_mend__of_two_edits_in_one_place_the_first_is_made() -> None:
    def twice(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
        if files["a.yaml"] != b"abc\n":
            return ()
        edits = [Replace(1, 1, 1, 3, "x"), Replace(1, 2, 1, 4, "y")]
        return tuple(Finding("value-missing", Severity.ERROR, Place("a.yaml"), "", "", edit) for edit in edits)

    assert mend({"a.yaml": b"abc\n"}, twice).contents == {"a.yaml": b"xc\n"}


def test_mend__gives_up_on_fixes_that_undo_each_other() -> None:
    def forever(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
        other = "b" if files["a.yaml"].startswith(b"a") else "a"
        return (Finding("value-missing", Severity.ERROR, Place("a.yaml"), "", "", Replace(1, 1, 1, 2, other)),)

    assert mend({"a.yaml": b"a\n"}, forever).contents == {"a.yaml": b"b\n"}


def test_mend__deletes_the_last_line() -> None:
    def last(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
        if files["a.yaml"].count(b"\n") < 2:
            return ()
        return (Finding("value-missing", Severity.ERROR, Place("a.yaml"), "", "", Replace(2, 1, 3, 1, "")),)

    assert mend({"a.yaml": b"a: 1\nb: 2\n"}, last).contents == {"a.yaml": b"a: 1\n"}


def test_moves__go_below_the_repos_root() -> None:
    nested = Finding(
        "results-nested", Severity.ERROR, Place(".eval_results/x/y.yaml"), "", "", Rename(".eval_results/y.yaml")
    )
    still = Finding("value-missing", Severity.ERROR, Place("a.yaml"), "")

    assert moves([nested, still], "repo/") == {"repo/.eval_results/x/y.yaml": "repo/.eval_results/y.yaml"}
