"""Reading YAML. What each refusal says stands in the corpus; here is what a tree holds, and bombs."""

import time

import pytest
import yaml

from evalmark.finding import Place
from evalmark.formats import document
from evalmark.formats.document import read_document
from evalmark.formats.nodes import Mapping, Scalar, Sequence, plain_data


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["C parser", "Python parser"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "PARSER", request.param)


def rules(content: bytes | str) -> list[str]:
    return [finding.rule for finding in read_document("f.yaml", content).findings]


def first_scalar(text: str) -> Scalar:
    root = read_document("f.yaml", text).root
    assert isinstance(root, Sequence)
    assert isinstance(root.items[0], Scalar)
    return root.items[0]


def test_parser__is_the_one_written_in_c() -> None:
    assert document.PARSER is yaml.CSafeLoader


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "value", "written", "plain"),
    [
        ("- 57.0\n", 57.0, "57.0", True),
        ("- '57.0'\n", "57.0", "57.0", False),
        ('- "57.0"\n', "57.0", "57.0", False),
        ("- |-\n  57.0\n", "57.0", "57.0", False),
        ("- 2026-01-15\n", "2026-01-15", "2026-01-15", True),
        ("-\n", None, "", True),
        ("- ''\n", "", "", False),
    ],
)
def test_scalar__keeps_value_text_and_whether_it_is_plain(text: str, value: object, written: str, plain: bool) -> None:
    scalar = first_scalar(text)

    assert (scalar.value, scalar.text, scalar.plain) == (value, written, plain)


@pytest.mark.usefixtures("either_parser")
def test_place__counts_characters_from_one_and_points_like_the_hub() -> None:
    root = read_document("f.yaml", "- 😀é: x\n  source: {url: y}\n").root
    assert isinstance(root, Sequence)
    entry = root.items[0]
    assert isinstance(entry, Mapping)
    (emoji, emoji_value), (source, source_value) = entry.pairs
    assert isinstance(source_value, Mapping)

    assert (root.place, entry.place) == (Place("f.yaml", 1, 1), Place("f.yaml", 1, 3, "[0]"))
    assert (emoji.place, emoji_value.place) == (
        Place("f.yaml", 1, 3, "[0].😀é"),
        Place("f.yaml", 1, 7, "[0].😀é"),
    )
    assert source.place == Place("f.yaml", 2, 3, "[0].source")
    assert source_value.pairs[0][1].place == Place("f.yaml", 2, 17, "[0].source.url")


def test_place__after_a_byte_order_mark_is_not_moved() -> None:
    read = read_document("f.yaml", b"\xef\xbb\xbfa: 1\n")

    assert isinstance(read.root, Mapping)
    assert read.root.place == Place("f.yaml", 1, 1)


@pytest.mark.parametrize("content", ["", b"", "# only a comment\n", "---\n", "--- ~\n"])
def test_empty_file__is_null(content: bytes | str) -> None:
    read = read_document("f.yaml", content)

    assert isinstance(read.root, Scalar)
    assert (read.root.value, read.findings) == (None, ())


def test_text__lone_surrogate_is_not_utf8() -> None:
    read = read_document("f.yaml", "a: b\nc: \ud800\n")

    assert read.root is None
    assert [(finding.rule, finding.place.line, finding.place.column) for finding in read.findings] == [
        ("yaml-encoding", 2, 4)
    ]


def test_size__is_measured_in_bytes() -> None:
    assert rules("# " + "é" * 32_767) == []
    assert rules("# " + "é" * 32_768) == ["yaml-too-large"]


@pytest.mark.usefixtures("either_parser")
def test_depth__eight_levels_are_read() -> None:
    assert rules("[[[[[[[[x]]]]]]]]") == []
    assert rules("[[[[[[[[[x]]]]]]]]]") == ["yaml-too-deep"]


@pytest.mark.usefixtures("either_parser")
def test_duplicate_key__first_one_stays() -> None:
    read = read_document("f.yaml", "a: 1\n'a': 2\nb: 3\n")

    assert read.root is not None
    assert plain_data(read.root) == {"a": 1, "b": 3}
    assert [finding.rule for finding in read.findings] == ["yaml-duplicate-key"]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "rule"),
    [("1: x\nb: y\n", "yaml-key"), ("? {a: 1}\n: x\nb: y\n", "yaml-key"), ("<<: {a: 1}\nb: y\n", "yaml-merge-key")],
)
def test_key_that_cannot_be_used__is_left_out_with_its_value(text: str, rule: str) -> None:
    read = read_document("f.yaml", text)

    assert read.root is not None
    assert plain_data(read.root) == {"b": "y"}
    assert [finding.rule for finding in read.findings] == [rule]


def test_merge_key__in_quotes_is_an_ordinary_key() -> None:
    assert rules("'<<': 1\n") == []


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("&a []\n", "yaml-anchor"),
        ("- !custom {}\n", "yaml-tag"),
        ("- ! x\n", "yaml-tag"),
        ("%TAG ! tag:example.org,2026:\n---\na\n", "yaml-directive"),
        ("a\n---\nb\n", "yaml-several-documents"),
        ("a: b: c\n", "yaml-syntax"),
        ("a: [\n", "yaml-syntax"),
        ("a: b\x85c\n", "yaml-character"),
        ("a: b\x00\n", "yaml-character"),
        ("a: b\ufffe\n", "yaml-character"),
    ],
)
def test_refused__whichever_parser_reads(text: str, rule: str) -> None:
    assert rules(text) == [rule]


def test_syntax__error_without_a_place_is_shown_at_the_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise yaml.YAMLError("odd")

    monkeypatch.setattr(document, "PARSER", fail)

    (finding,) = read_document("f.yaml", "a\n").findings

    assert (finding.rule, finding.place) == ("yaml-syntax", Place("f.yaml"))


def test_findings__of_a_file_that_ends_in_an_error_come_sorted() -> None:
    assert rules("\ufeffa: &x 1\nb: 'open\n") == ["yaml-byte-order-mark", "yaml-anchor", "yaml-syntax"]


BOMBS = {
    "sequences in one line": "[" * 65_000,
    "sequences a line each": "[\n" * 32_000,
    "mappings": "{a: " * 16_000,
    "depth 500": "{a: " * 500 + "1" + "}" * 500,
    "complex keys": "? " * 32_000,
    "dashes": "- " * 32_000,
    "megabytes of a flow mapping": "{" + ", ".join(f"k{i}: 1" for i in range(100_000)) + "}",
    "flow mapping": "{" + ",".join(f"k{i}" for i in range(9_000)) + "}",
    "billion laughs": "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a, *a]\n" for i in range(1_500)),
    "one key many times": "a: 1\n" * 13_000,
    "digits": "a: " + "9" * 65_000,
    "hexadecimal digits": "a: 0x" + "f" * 65_000,
    "long key over many children": "? " + "k" * 30_000 + "\n: [" + "1," * 17_000 + "]",
    "quotes": "a: " + "'" * 65_000,
    "colons": ": " * 32_000,
}


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_bomb__is_answered_at_once(bomb: str) -> None:
    start = time.perf_counter()

    read_document("f.yaml", bomb.encode())

    assert time.perf_counter() - start < 5
