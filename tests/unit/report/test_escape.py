import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalmark.report.escape import LONGEST, UNSEEN, code, plain, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("acme/sums", "acme/sums", id="nothing-to-do"),
        pytest.param("", "", id="empty"),
        pytest.param("größer ✔ 日本", "größer ✔ 日本", id="letters-of-any-language"),
        pytest.param("a\nb\r\nc\td", "a b c d", id="lines-and-tabs"),
        pytest.param("  a   b  ", "a b", id="spaces"),
        pytest.param("a\xa0b\u3000c", "a b c", id="wide-spaces"),
        pytest.param("a\x00b\x07c\x7fd\x85e", "a b c d e", id="control-characters"),
        pytest.param("\x1b[31mred\x1b[0m", "[31mred [0m", id="terminal-colours"),
        pytest.param("a\u202eb\u2066c\u200bd\ufeffe", "a b c d e", id="bidirectional-and-zero-width"),
        pytest.param("a\u2028b\u2029c", "a b c", id="line-separators"),
        pytest.param("a\ue000b", "a b", id="private-use"),
        pytest.param("a\ud800b", "a b", id="half-a-pair"),
        pytest.param("\n\t\x00", "", id="nothing-visible"),
    ],
)
def test_plain__is_one_line_of_visible_characters(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(LONGEST, "x" * LONGEST, id="just-fits"),
        pytest.param(LONGEST + 1, "x" * (LONGEST - 1) + "…", id="one-too-many"),
        pytest.param(10**6, "x" * (LONGEST - 1) + "…", id="far-too-many"),
    ],
)
def test_plain__is_cut(length: int, expected: str) -> None:
    assert plain("x" * length) == expected


def test_plain__is_cut_where_the_caller_says() -> None:
    assert plain("abcdef", 3) == "ab…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a<b>&\"'", "a&#60;b&#62;&#38;&#34;&#39;", id="markup"),
        pytest.param("&lt;", "&#38;lt;", id="an-entity-stays-as-it-was-written"),
        pytest.param("`@$\\|", "&#96;&#64;&#36;&#92;&#124;", id="what-hosts-give-a-meaning"),
        pytest.param("a\n\nb", "a b", id="blank-line"),
        pytest.param("", "", id="empty"),
    ],
)
def test_code__is_literal_inside_html(text: str, expected: str) -> None:
    assert code(text) == f"<code>{expected}</code>"


def test_code__is_cut_before_it_is_escaped() -> None:
    assert code("<" * 5, 3) == "<code>&#60;&#60;…</code>"


@given(st.text())
def test_plain__has_no_unseen_character_and_no_second_line(text: str) -> None:
    line = plain(text)

    assert not {unicodedata.category(character) for character in line} & UNSEEN
    assert len(line) <= LONGEST
    assert len(line.splitlines()) <= 1


@given(st.text())
def test_plain__again_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text())
def test_code__reads_back_as_the_plain_text(text: str) -> None:
    assert html.unescape(code(text).removeprefix("<code>").removesuffix("</code>")) == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("  a\n b", "  a\n b"), ("\x1b[2J", "\ufffd[2J"), ("a\u202eb\tc", "a\ufffdb\ufffdc")]
)
def test_visible__keeps_the_layout_and_shows_what_cannot_be_seen(text: str, expected: str) -> None:
    assert visible(text) == expected
