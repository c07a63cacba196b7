"""The public page."""

from evalmark.web.page import page


def test_page__says_for_whom_it_works() -> None:
    text = page(["acme", "<script>"], ["acme/sums"])

    assert "<li><code>acme</code></li>" in text
    assert "<li><code>acme/sums</code></li>" in text
    assert "<script>" not in text


def test_page__for_everybody() -> None:
    assert "On every model whose webhook calls it." in page([], [])
