"""Which log supports which entry."""

import pytest

from evalmark.authoring.linking import backed_by, log_path, with_link, with_source
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.formats.results import Source
from evalmark.harness.result import DatasetUsed, Metric
from tests.authoring import PATH, entry_text, located, result

ENTRIES = (located("57.0"), located("0.57", "hard"), located("12.0", "third"))


@pytest.mark.parametrize(
    ("changes", "tasks"),
    [
        ({}, ["easy", "hard"]),
        ({"task": "hard"}, ["hard"]),
        ({"dataset": DatasetUsed(id="bench")}, ["easy", "hard"]),
        ({"dataset": DatasetUsed(), "task": "other"}, ["easy", "hard"]),
        ({"metrics": (Metric(name="x", value=12.0, unit="percent"),)}, ["third"]),
        ({"metrics": (Metric(name="x", value=0.12),)}, ["third"]),
        ({"metrics": (Metric(name="x", value=12.0),)}, ["third"]),
        ({"metrics": (Metric(name="x", value=0.3, unit="fraction"),)}, []),
    ],
)
def test_the_entries_that_a_result_yields(changes: dict[str, object], tasks: list[str]) -> None:
    assert [each.entry.entry.dataset.task_id for each in backed_by(result(**changes), ENTRIES)] == tasks


@pytest.mark.parametrize(
    ("setup", "faults", "notes"),
    [
        ((), (), [None]),
        (("w/ tools",), (), ["with tools"]),
        ((), ("3 samples failed",), ["3 samples failed"]),
        (("5-shot",), (), [None, "with tools", "3 samples failed"]),
    ],
)
def test_a_result_supports_the_entry_of_its_set_up(
    setup: tuple[str, ...], faults: tuple[str, ...], notes: list[str | None]
) -> None:
    said = ("", "  notes: with tools\n", "  notes: 3 samples failed\n")
    backed = backed_by(result(setup=setup, faults=faults), [located("57.0", more=more) for more in said])
    assert [each.entry.entry.notes for each in backed] == notes


@pytest.mark.parametrize(("entries", "count"), [(ENTRIES[:1], 1), (ENTRIES, 0)])
def test_a_result_of_another_dataset_is_taken_only_without_doubt(entries: tuple[LocatedEntry, ...], count: int) -> None:
    assert len(backed_by(result(dataset=DatasetUsed(id="far/away"), task="other"), entries)) == count


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("run.eval", "adder/run-aaaaaaaaaaaa.eval"),
        ("a b\n../x.json", "adder/a-b-..-x-aaaaaaaaaaaa.json"),
        ("x.#?", "adder/x-aaaaaaaaaaaa.log"),
        ("x", "adder/log-aaaaaaaaaaaa.x"),
    ],
)
def test_a_log_goes_where_its_content_says(name: str, path: str) -> None:
    assert log_path("acme/adder", name, "a" * 64) == path


def test_a_source_is_written_into_its_entry_alone() -> None:
    files = {PATH: entry_text("57.0").encode(), "other.yaml": b"x"}
    source = Source(url="https://a.b/c", name="Evaluation log")
    after = with_source(files, located("57.0"), source)
    assert after["other.yaml"] == b"x"
    assert parse_results(PATH, after[PATH]).entries[0].entry.source == source


def test_a_link_goes_into_all_entries_that_have_none() -> None:
    text = (
        entry_text("57.0")
        + entry_text("12.0", "hard", "  source:\n    url: https://a.b/own\n")
        + entry_text("3.0", "c")
    )
    source = Source(url="https://a.b/c")
    after = with_link({PATH: text.encode()}, parse_results(PATH, text.encode()).entries, source)
    urls = [each.entry.source and each.entry.source.url for each in parse_results(PATH, after[PATH]).entries]
    assert urls == ["https://a.b/c", "https://a.b/own", "https://a.b/c"]
