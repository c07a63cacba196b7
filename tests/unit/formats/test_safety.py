import pytest

from evalmark.formats.safety import opens_a_place, texts_in


@pytest.mark.parametrize(
    "text", ["/etc/passwd", "~/.netrc", "./a", "../a", ".env", "\\\\host\\a", "https://a.org", "see s3://bucket"]
)
def test_opens_a_place__path_or_address(text: str) -> None:
    assert opens_a_place(text)


@pytest.mark.parametrize("text", ["", "Answer in one word.", "a/b", "1:30", "{prompt}\n/no_think"])
def test_opens_a_place__plain_text(text: str) -> None:
    assert not opens_a_place(text)


def test_texts_in__finds_them_however_deep() -> None:
    assert list(texts_in({"a": "1", "b": ["2", {"c": ("3", 4, None)}]})) == ["1", "2", "3"]
