"""Entries and where they stand. What each finding says is in the corpus."""

import pytest

from evalmark.finding import Place
from evalmark.formats.parse_results import LocatedEntry, parse_results
from evalmark.formats.results import DatasetRef, Entry, Source

PATH = ".eval_results/hle.yaml"
GOOD = "- dataset: {id: cais/hle, task_id: hle}\n  value: 57.0\n"


def entries(text: str) -> tuple[LocatedEntry, ...]:
    return parse_results(PATH, text.encode()).entries


def rules(text: str) -> list[str]:
    return [finding.rule for finding in parse_results(PATH, text.encode()).findings]


def test_entry__has_every_field() -> None:
    revision = "0123456789abcdef0123456789abcdef01234567"
    text = (
        f"- dataset: {{id: cais/hle, task_id: hle, revision: '{revision}'}}\n  value: 57.0\n  verifyToken: t\n"
        "  date: '2026-01-15'\n  source: {url: 'https://example.org', name: n, user: u, org: o}\n  notes: With tools\n"
    )

    assert entries(text)[0].entry == Entry(
        dataset=DatasetRef(id="cais/hle", task_id="hle", revision=revision),
        value=57.0,
        verifyToken="t",
        date="2026-01-15",
        source=Source(url="https://example.org", name="n", user="u", org="o"),
        notes="With tools",
    )


def test_entry__knows_its_position_and_places() -> None:
    entry = entries(GOOD + GOOD)[1]

    assert entry.entry == Entry(dataset=DatasetRef(id="cais/hle", task_id="hle"), value=57.0)
    assert (entry.position, entry.value_text, entry.place) == (1, "57.0", Place(PATH, 3, 3, "[1]"))
    assert entry.places == {
        "dataset": Place(PATH, 3, 12, "[1].dataset"),
        "dataset.id": Place(PATH, 3, 17, "[1].dataset.id"),
        "dataset.task_id": Place(PATH, 3, 36, "[1].dataset.task_id"),
        "value": Place(PATH, 4, 10, "[1].value"),
    }


def test_warning_in_an_entry__does_not_hide_it() -> None:
    read = parse_results(PATH, b"\xef\xbb\xbf" + GOOD.encode())

    assert (len(read.entries), [finding.rule for finding in read.findings]) == (1, ["yaml-byte-order-mark"])


@pytest.mark.parametrize(
    ("written", "value_text"), [("57.0", "57.0"), ("57", "57"), ("5.70e1", "5.70e1"), ("0x1F", "31"), ("0o17", "15")]
)
def test_value_text__has_the_decimal_digits_as_written(written: str, value_text: str) -> None:
    assert [entry.value_text for entry in entries(GOOD.replace("57.0", written))] == [value_text]


@pytest.mark.parametrize(
    "bad",
    [
        "- dataset: {id: cais/hle}\n  value: 1\n",
        "- dataset: {id: cais/hle, task_id: hle}\n  value: 1\n  value: 2\n",
        "- dataset: {id: cais/hle, task_id: hle}\n  value: !!float 1\n",
        "- text\n",
    ],
    ids=["field", "duplicate key", "tag", "no mapping"],
)
def test_bad_entry__hides_no_good_one(bad: str) -> None:
    assert [entry.position for entry in entries(GOOD + bad + GOOD)] == [0, 2]


def test_entry_with_a_yaml_error__is_not_judged_further() -> None:
    assert rules("- dataset: {id: HLE, id: hle}\n") == ["yaml-duplicate-key"]


def test_tenth_entry__is_not_taken_for_the_first() -> None:
    read = entries(GOOD * 10 + GOOD.replace("57.0", "&a 57.0") + GOOD)

    assert [entry.position for entry in read] == [*range(10), 11]


@pytest.mark.parametrize("text", ["&list\n" + GOOD, GOOD + "---\n" + GOOD, GOOD + "- [", "%YAML 1.2\n---\n" + GOOD])
def test_error_about_the_whole_file__leaves_no_entry(text: str) -> None:
    assert entries(text) == ()


def test_warning__comes_with_the_entry() -> None:
    text = GOOD + "  note: x\n"

    assert (len(entries(text)), rules(text)) == (1, ["unknown-key"])


def test_byte_order_mark__comes_with_the_entries() -> None:
    text = "\ufeff" + GOOD

    assert (len(entries(text)), rules(text)) == (1, ["yaml-byte-order-mark"])


def test_two_hundred_entries__are_read() -> None:
    assert len(entries("- {dataset: {id: a/b, task_id: c}, value: 1}\n" * 200)) == 200


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("'20.9%'", "write 20.9"),
        ("20,9", "write 20.9"),
        ("'20'", "write 20"),
        ("-3 %", "write -3"),
        ("'1,25'", "write 1.25"),
        ("7,250", "write the score as a number without quotes or percent sign, such as 20.9"),
        ("9" * 50 + "%", "write the score as a number without quotes or percent sign, such as 20.9"),
        ("{a: 1}", "write the score as a number without quotes or percent sign, such as 20.9"),
    ],
)
def test_value_not_a_number__help_writes_it_right(written: str, advice: str) -> None:
    (finding,) = parse_results(PATH, GOOD.replace("57.0", written).encode()).findings

    assert finding.help == advice


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("2026", 'put it in quotes: "2026"'),
        ("1" * 80, "put it in quotes"),
        ("[2026]", "write one text"),
    ],
)
def test_text_field__help_makes_it_a_text(written: str, advice: str) -> None:
    (finding,) = parse_results(PATH, f"{GOOD}  date: {written}\n".encode()).findings

    assert finding.help == advice


def test_required_text__null_is_called_missing() -> None:
    assert rules("- dataset: {id: null, task_id: ~}\n  value: 1\n") == ["dataset-id-missing", "task-id-missing"]


def test_message__may_contain_braces() -> None:
    (finding,) = parse_results(PATH, GOOD.replace("57.0", "'{0} {x}'").encode()).findings

    assert finding.message == "`value` must be a finite number, but it is the text `{0} {x}`"
