"""Entries written into files: what is not changed stays byte by byte, and every reader gets what was meant."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evalmark.finding import has_error
from evalmark.formats.parse_results import parse_results
from evalmark.formats.results import DatasetRef, Entry, Source
from evalmark.formats.writing import Draft, NotEditable, draft, results_text, with_changes, with_entry
from evalmark.formats.yaml_text import number_text, quoted_text, scalar_text

PATH = ".eval_results/bench.yaml"
NEW = Entry(dataset=DatasetRef(id="acme/bench", task_id="hard"), value=12.5, notes="With tools")
COMMENTED = b"""# Measured on our own machine.
- dataset:
    id: acme/bench  # the benchmark
    task_id: easy
  value: 57.0  # of 100
  notes: With tools
"""
ONE = "- dataset:\n    id: acme/bench\n    task_id: easy\n"


def entries_of(content: bytes) -> list[Entry]:
    parsed = parse_results(PATH, content)
    assert not has_error(parsed.findings), parsed.findings
    return [each.entry for each in parsed.entries]


def changed(content: bytes, entry: Entry, digits: str | None = None) -> str:
    located = parse_results(PATH, content).entries[0]
    return with_changes(PATH, content, located, Draft(entry, digits or located.value_text)).decode()


def test_a_new_file_has_the_usual_order_and_quotes() -> None:
    entry = Entry(
        dataset=DatasetRef(id="acme/bench", task_id="easy", revision="0" * 40),
        value=57.0,
        date="2026-11-24",
        source=Source(url="https://huggingface.co/datasets/acme/logs", name="Evaluation log: run 1", org="acme"),
        notes="With tools",
        verifyToken="ey.a",
    )
    assert results_text([draft(entry)]).decode() == (
        "- dataset:\n    id: acme/bench\n    task_id: easy\n"
        f'    revision: "{"0" * 40}"\n'
        '  value: 57.0\n  verifyToken: "ey.a"\n  date: "2026-11-24"\n'
        "  source:\n    url: https://huggingface.co/datasets/acme/logs\n"
        '    name: "Evaluation log: run 1"\n    org: acme\n  notes: With tools\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ONE + "  value: 1\n", ONE + "  value: 1\n- dataset:\n    id: acme/bench\n    task_id: hard\n"),
        (ONE + "  value: 1", ONE + "  value: 1\n- dataset:\n    id: acme/bench\n    task_id: hard\n"),
        ("  - value: 1\n    dataset: {id: a/b, task_id: c}\n", "    dataset: {id: a/b, task_id: c}\n  - dataset:\n"),
        (ONE + "  value: 1\n\n" + ONE + "  value: 2\n", "  value: 2\n\n- dataset:\n"),
        ('[{"dataset": {"id": "a/b", "task_id": "c"}, "value": 1}]\n', '"value": 1}, {"dataset": {"id": "acme/bench"'),
        (ONE.replace("\n", "\r\n") + "  value: 1\r\n", "  value: 1\r\n- dataset:\r\n    id: acme/bench\r\n"),
    ],
    ids=["usual", "without a line end", "indented", "blank lines between", "like JSON", "lines of Windows"],
)
def test_an_entry_is_added_in_the_style_of_the_file(before: str, after: str) -> None:
    written = with_entry(PATH, before.encode(), draft(NEW))
    assert after in written.decode()
    assert entries_of(written)[-1] == NEW


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"value": 58.25}, "  value: 58.25  # of 100\n"),
        ({"date": "2026-11-24"}, '  value: 57.0  # of 100\n  date: "2026-11-24"\n  notes: With tools\n'),
        ({"notes": None}, "  value: 57.0  # of 100\n"),
        ({"notes": "yes"}, '  notes: "yes"\n'),
        ({"source": Source(url="https://a.b/c", user="ada")}, "  source:\n    url: https://a.b/c\n    user: ada\n"),
    ],
)
def test_a_change_leaves_comments_and_order(change: dict[str, object], line: str) -> None:
    entry = entries_of(COMMENTED)[0].model_copy(update=change)
    digits = number_text(entry.value)
    after = changed(COMMENTED, entry, digits)
    assert line in after
    assert after.startswith("# Measured on our own machine.\n- dataset:\n    id: acme/bench  # the benchmark\n")
    assert entries_of(after.encode()) == [entry]


def test_a_revision_is_written_behind_the_task() -> None:
    entry = entries_of(COMMENTED)[0]
    pinned = entry.model_copy(update={"dataset": entry.dataset.model_copy(update={"revision": "a" * 40})})
    assert f'    task_id: easy\n    revision: "{"a" * 40}"\n' in changed(COMMENTED, pinned)


def test_an_entry_in_braces_is_changed_inside_them() -> None:
    flow = b"- {dataset: {id: a/b, task_id: c}, value: 1}\n"
    entry = Entry(
        dataset=DatasetRef(id="a/b", task_id="c", revision="b" * 40),
        value=2,
        date="2026-11-24",
        source=Source(url="https://a.b/c"),
    )
    after = changed(flow, entry, "2.0")
    assert after == (
        f'- {{dataset: {{id: a/b, task_id: c, revision: "{"b" * 40}"}}, value: 2.0, date: "2026-11-24", '
        'source: {url: "https://a.b/c"}}\n'
    )


WITH_SOURCE = (ONE + "  source:\n    url: https://a.b/c\n    name: A log\n  value: 1.0\n").encode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source(url="https://a.b/d", name="A log"), "    url: https://a.b/d\n    name: A log\n"),
        (Source(url="https://a.b/c", name="A log", org="acme"), "    url: https://a.b/c\n    org: acme\n"),
        (Source(url="https://a.b/c"), "    url: https://a.b/c\n  value: 1.0\n"),
        (None, "    task_id: easy\n  value: 1.0\n"),
    ],
)
def test_a_source_is_changed_field_by_field(source: Source | None, expected: str) -> None:
    entry = entries_of(WITH_SOURCE)[0].model_copy(update={"source": source})
    assert expected in changed(WITH_SOURCE, entry)


@pytest.mark.parametrize(
    ("content", "change"),
    [
        (ONE + '  value: 1\n  notes: "a\n    b"\n', {"notes": "c"}),
        ("- notes: x\n  value: 1\n  dataset: {id: a/b, task_id: c}\n", {"notes": None}),
        ("- {value: 1, notes: x, dataset: {id: a/b, task_id: c}}\n", {"notes": None}),
        (ONE + "  value: 1\n  notes: |\n    x\n  date: '2026-01-01'\n", {"notes": None}),
        (ONE + "  value: 1\n  source: {url: 'https://a.b/c', name: 'x'}\n", {"source": Source(url="https://a.b/c")}),
    ],
    ids=["over two lines", "begins the entry", "in braces", "a block of text", "in braces below"],
)
def test_what_is_not_safe_is_left_to_a_person(content: str, change: dict[str, object]) -> None:
    entry = entries_of(content.encode())[0].model_copy(update=change)
    with pytest.raises(NotEditable):
        changed(content.encode(), entry)


@pytest.mark.parametrize("content", [b"", b"- value: 1\n", b"a: b\n", b"- dataset: [\n"])
def test_a_file_with_errors_is_not_added_to(content: bytes) -> None:
    with pytest.raises(NotEditable):
        with_entry(PATH, content, draft(NEW))


def test_a_file_of_json_takes_any_character() -> None:
    entry = NEW.model_copy(update={"notes": '\N{SLIGHTLY SMILING FACE} \u200b"value": null'})
    assert (
        entries_of(with_entry(PATH, b'[{"dataset": {"id": "a/b", "task_id": "c"}, "value": 1}]', draft(entry)))[1]
        == entry
    )


def test_a_file_that_ends_in_a_mark_is_not_added_to() -> None:
    with pytest.raises(NotEditable):
        with_entry(PATH, (ONE + "  value: 1\n...\n").encode(), draft(NEW))


def test_a_new_field_needs_its_neighbour_to_be_plain() -> None:
    located = parse_results(PATH, COMMENTED).entries[0]
    pairs = tuple((key, value) for key, value in located.node.pairs if key.text != "value")  # type: ignore[union-attr]
    without = located._replace(node=located.node._replace(pairs=pairs))  # type: ignore[call-arg]
    with pytest.raises(NotEditable):
        with_changes(PATH, COMMENTED, without, Draft(located.entry.model_copy(update={"date": "2026"}), "57.0"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("With tools", "With tools"),
        ("yes", '"yes"'),
        ("5-shot", '"5-shot"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        (" a", '" a"'),
        ("https://a.b/c?d=e&f", "https://a.b/c?d=e&f"),
        ("https://a.b/c#d", '"https://a.b/c#d"'),
        ("a\u0085b", '"a\\u0085b"'),
        ("a\U000e0001", '"a\\U000e0001"'),
        ("é", '"é"'),
    ],
)
def test_quotes_where_readers_could_differ(text: str, written: str) -> None:
    assert scalar_text(text) == written


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_is_read_back_by_readers_of_both_kinds(text: str) -> None:
    assert yaml.safe_load(f"a: {scalar_text(text)}") == {"a": text}
    assert yaml.safe_load(f"a: {quoted_text(text)}") == {"a": text}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_read_back(value: float) -> None:
    assert yaml.safe_load(f"a: {number_text(value)}") == {"a": value}


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
ENTRIES = st.builds(
    Entry,
    dataset=st.builds(
        DatasetRef,
        id=st.from_regex(r"[A-Za-z0-9_.-]{1,9}/[A-Za-z0-9_.-]{1,9}", fullmatch=True),
        task_id=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
        revision=st.none() | st.from_regex(r"[0-9a-f]{40}", fullmatch=True),
    ),
    value=st.floats(allow_nan=False, allow_infinity=False, width=32),
    date=TEXTS,
    source=st.none() | st.builds(Source, url=TEXTS.map(lambda text: text or "x"), name=TEXTS, user=TEXTS, org=TEXTS),
    notes=TEXTS,
)


@given(st.lists(ENTRIES, min_size=1, max_size=3), ENTRIES)
def test_what_is_written_is_what_is_read(entries: list[Entry], new: Entry) -> None:
    content = results_text([draft(each) for each in entries])
    read = [each.entry for each in parse_results(PATH, content).entries]
    assert read == entries
    longer = with_entry(PATH, content, draft(new))
    assert [each.entry for each in parse_results(PATH, longer).entries] == [*entries, new]


@given(ENTRIES, ENTRIES)
def test_an_entry_becomes_another_or_is_left_alone(old: Entry, new: Entry) -> None:
    wanted = new.model_copy(update={"dataset": old.dataset, "verify_token": old.verify_token})
    content = results_text([draft(old)])
    after = changed(content, wanted, number_text(wanted.value))
    assert [each.entry for each in parse_results(PATH, after.encode()).entries] == [wanted]
