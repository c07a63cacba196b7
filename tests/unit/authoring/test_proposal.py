"""From a result to an entry in its file."""

from typing import Any

import pytest

from evalmark.authoring.proposal import Chosen, change, day_of, digits_of, drafted, file_for, notes_for
from evalmark.formats.declaration import Unit
from evalmark.formats.parse_results import parse_results
from evalmark.formats.results import DatasetRef, Entry, Source
from evalmark.formats.writing import Draft, NotEditable
from evalmark.harness.result import Metric
from tests.authoring import entry_text, result

METRIC = Metric(name="accuracy", value=0.57, unit="fraction")
SHA = "a" * 40


@pytest.mark.parametrize(
    ("value", "of", "unit", "digits"),
    [
        (0.57, "fraction", "percent", "57.0"),
        (0.568951, "fraction", "percent", "56.9"),
        (0.56898, "fraction", "percent", "56.9"),
        (0.56891, "fraction", "percent", "56.89"),
        (0.56898, "fraction", "fraction", "0.569"),
        (57.125, "percent", "percent", "57.12"),
        (57.125, "percent", "fraction", "0.5712"),
        (1.0, "fraction", "percent", "100.0"),
        (1e30, "percent", "percent", f"1{'0' * 30}.0"),
        (0.0, "fraction", "percent", "0.0"),
        (7.1234567, None, "percent", "7.12346"),
        (1234567.0, None, "percent", "1234570.0"),
        (0.57, "fraction", None, "0.57"),
    ],
)
def test_digits(value: float, of: Unit | None, unit: Unit | None, digits: str) -> None:
    assert digits_of(Metric(name="x", value=value, unit=of), unit) == digits


@pytest.mark.parametrize(
    ("setup", "faults", "notes"),
    [
        ([], [], None),
        (["w/ tools"], [], "With tools"),
        (["With tools", "5-shot"], [], "With tools, 5-shot"),
        (["no tools"], [], None),
        ([], ["20 of 100 samples"], "20 of 100 samples"),
        (["5-shot"], ["20 of 100 samples", "3 samples failed"], "5-shot; 20 of 100 samples; 3 samples failed"),
    ],
)
def test_notes(setup: list[str], faults: list[str], notes: str | None) -> None:
    assert notes_for(setup, faults) == notes


@pytest.mark.parametrize(
    ("date", "day"),
    [("2026-11-24T10:00:00Z", "2026-11-24"), ("2026-11-24", "2026-11-24"), ("soon", None), (None, None)],
)
def test_the_day(date: str | None, day: str | None) -> None:
    assert day_of(result(date=date)) == day


@pytest.mark.parametrize(
    ("dataset", "notes", "path"),
    [
        ("cais/hle", None, "hle.yaml"),
        ("cais/hle", "w/ tools", "hle_with_tools.yaml"),
        ("TIGER-Lab/MMLU-Pro", "no tools", "mmlu-pro.yaml"),
        ("a/RTEB(beta)", None, "rteb-beta.yaml"),
        ("a/...", None, "benchmark.yaml"),
        ("a/b", "x" * 100, f"b_{'x' * 60}.yaml"),
        ("a/b", "§§", "b.yaml"),
    ],
)
def test_one_file_a_benchmark_and_variant(dataset: str, notes: str | None, path: str) -> None:
    assert file_for(dataset, notes) == f".eval_results/{path}"


def test_a_draft_has_what_was_chosen() -> None:
    source = Source(url="https://a.b/c")
    draft = drafted(
        result(date="2026-11-24"), Chosen("acme/bench", "easy", METRIC, "percent", SHA, "With tools", source)
    )
    assert draft.digits == "57.0"
    assert draft.entry == Entry(
        dataset=DatasetRef(id="acme/bench", task_id="easy", revision=SHA),
        value=57.0,
        date="2026-11-24",
        source=source,
        notes="With tools",
    )


def test_a_day_that_was_chosen_counts() -> None:
    chosen = Chosen("acme/bench", "easy", METRIC, "percent", date="2026-01-01")
    assert drafted(result(date="2026-11-24"), chosen).entry.date == "2026-01-01"


PATH = ".eval_results/bench.yaml"


def draft(value: float = 57.0, task: str = "easy", **more: Any) -> Draft:
    revision = more.pop("revision", None)
    entry = Entry(dataset=DatasetRef(id="acme/bench", task_id=task, revision=revision), value=value, **more)
    return Draft(entry, str(value))


def test_the_first_entry_makes_a_file() -> None:
    made = change({}, draft())
    assert (made.path, made.before, made.kind) == (PATH, None, "new file")


def test_another_task_goes_behind_the_others() -> None:
    made = change({PATH: entry_text("57.0").encode()}, draft(12.0, "hard"))
    assert made.kind == "new entry"
    assert made.after.decode().startswith(entry_text("57.0"))


def test_another_variant_gets_a_file_of_its_own() -> None:
    made = change({PATH: entry_text("57.0").encode()}, draft(60.0, notes="With tools"))
    assert (made.path, made.kind) == (".eval_results/bench_with_tools.yaml", "new file")


@pytest.mark.parametrize("written", ["57.0", "57", "0.57", "57.04"])
def test_the_same_score_is_there_already(written: str) -> None:
    made = change({".eval_results/mine.yaml": entry_text(written).encode()}, draft())
    assert (made.path, made.kind, made.after) == (".eval_results/mine.yaml", "nothing", made.before)


def test_the_same_score_gets_what_was_not_known() -> None:
    source = Source(url="https://a.b/c")
    made = change({PATH: entry_text("57").encode()}, draft(date="2026-11-24", source=source, revision=SHA))
    (entry,) = [each.entry for each in parse_results(PATH, made.after).entries]
    assert made.kind == "changed entry"
    assert (entry.value, entry.date, entry.source, entry.dataset.revision) == (57.0, "2026-11-24", source, SHA)


def test_another_score_does_not_keep_what_supported_the_old_one() -> None:
    old = entry_text(
        "57.0", more='  date: "2026-01-01"\n  source:\n    url: https://a.b/c\n  verifyToken: "x"\n  notes: w/ tools\n'
    )
    made = change({PATH: old.encode()}, draft(58.0, notes="With tools"))
    (entry,) = [each.entry for each in parse_results(PATH, made.after).entries]
    assert (made.kind, made.was) == ("changed entry", "57.0")
    assert entry == Entry(dataset=DatasetRef(id="acme/bench", task_id="easy"), value=58.0, notes="w/ tools")


def test_a_score_that_stands_twice_is_left_to_a_person() -> None:
    twice = (entry_text("57.0") + entry_text("58.0")).encode()
    with pytest.raises(NotEditable, match=r"stands twice, at \.eval_results/bench\.yaml:1:3 and"):
        change({PATH: twice}, draft())


def test_what_a_person_said_counts_for_a_score_that_stands_already() -> None:
    old = entry_text("57.0", more='  date: "2026-01-01"\n').encode()
    new = draft(date="2026-02-02", revision=SHA)
    for given, date in ((frozenset[str](), "2026-01-01"), (frozenset({"date"}), "2026-02-02")):
        (entry,) = [each.entry for each in parse_results(PATH, change({PATH: old}, new, given).after).entries]
        assert (entry.date, entry.dataset.revision) == (date, SHA)
