"""Where pages are, how they link to each other, and which foreign addresses become links."""

import pytest

from evalmark.web.site import addresses
from tests.records import HOSTILE


@pytest.mark.parametrize("text", ["gsm8k", "gpqa_diamond", "MMLU-Pro", "v1.5", "_x", "a" * 100])
def test_slug__what_is_safe_stays(text: str) -> None:
    assert addresses.slug(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "../..",
        "a/b",
        "a b",
        ".hidden",
        "a.",
        "ä",
        "a~b",
        "%2e%2e",
        "a\\b",
        "a" * 101,
        "?x",
        "#x",
        HOSTILE,
    ],
)
def test_slug__the_rest_is_altered_to_something_safe_of_its_own(text: str) -> None:
    found = addresses.slug(text)

    assert "~" in found
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-~")
    assert found.strip(".") == found
    assert len(found) <= 60
    assert addresses.slug(f"{text}.") != found


@pytest.mark.parametrize(
    ("here", "there", "link"),
    [
        ("", "", "./"),
        ("", "models/", "models/"),
        ("models/", "", "../"),
        ("models/", "models/", "./"),
        ("models/a/b/", "models/a/c/", "../c/"),
        ("boards/a/b/c/", "assets/site.css?v=1", "../../../../assets/site.css?v=1"),
        ("boards/a/b/c/page-2/", "boards/a/b/c/", "../"),
        ("claims/x/", "models/a/b/#claim-x", "../../models/a/b/#claim-x"),
        ("404.html", "models/", "models/"),
    ],
)
def test_relative__leads_there(here: str, there: str, link: str) -> None:
    assert addresses.relative(here, there) == link


def test_page__and_back() -> None:
    assert addresses.page("models/", 1) == "models/"
    assert addresses.split_page(addresses.page("models/", 7)) == ("models/", 7)
    assert addresses.split_page("models/page-0/") == ("models/page-0/", 1)
    assert addresses.split_page("models/") == ("models/", 1)


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org", "https://例え.jp/x"])
def test_outside__the_web_becomes_a_link(url: str) -> None:
    assert addresses.outside(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None, "", "example.org", "//example.org", "/etc/passwd", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
        " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd",
        "https://", "https:///path", "https://user@example.org", "https://user:pass@example.org", "https://[::1",
        "https://example.org/\u202egpj", "https://example.org/ x", "https://example.org/\"onclick=", "https://a/<b>",
        "https://example.org\\@evil.org", "https://example.org/" + "x" * 2000, HOSTILE,
    ],
)  # fmt: skip
def test_outside__anything_else_does_not(url: str | None) -> None:
    assert addresses.outside(url) is None


@pytest.mark.parametrize(
    ("name", "fine"),
    [("a/b", True), ("a-b/c.d_e", True), ("a/b/c", False), ("a/..", False), ("../b", False), ("a", False)],
)
def test_is_repo__only_what_a_host_would_take(name: str, fine: bool) -> None:
    assert addresses.is_repo(name) is fine
