import pytest

from evalmark.errors import UsageProblem
from evalmark.formats.prices import Price, parse_prices

GOOD = b'["openai/gpt-4o"]\ninput = 2.5\noutput = 10\n\n["hf/acme/model"]\ninput = 0\noutput = 0\n'


def test_parse_prices__by_model() -> None:
    assert parse_prices("prices.toml", GOOD) == {
        "openai/gpt-4o": Price(input=2.5, output=10),
        "hf/acme/model": Price(input=0, output=0),
    }


def test_parse_prices__an_empty_table() -> None:
    assert parse_prices("prices.toml", b"") == {}


def test_parse_prices__a_byte_order_mark_does_no_harm() -> None:
    assert parse_prices("prices.toml", b"\xef\xbb\xbf" + GOOD) == parse_prices("prices.toml", GOOD)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(b'["a/b"]\ninput = 1\n', "prices.toml:1:1: `a/b.output` is missing", id="missing"),
        pytest.param(
            b'["a/b"]\ninput = 1\noutput = "x"\n',
            "prices.toml:3:1: `a/b.output` must be a price of at least 0, but it is the text `x`",
            id="text",
        ),
        pytest.param(
            b'["a/b"]\ninput = -1\noutput = 1\n',
            "prices.toml:2:1: `a/b.input` must be a price of at least 0, but it is the number `-1`",
            id="negative",
        ),
        pytest.param(
            b'["a/b"]\ninput = 1\noutput = 1\noutputs = 1\n',
            "prices.toml:4:1: `outputs` is not a key of a model's price",
            id="unknown-key",
        ),
        pytest.param(b"a = 1\n", "prices.toml:1:1: `a` must be a table, but it is the number `1`", id="no-table"),
        pytest.param(b"\xff", "prices.toml:1:1: the file is not UTF-8 text", id="bytes"),
        pytest.param(
            b"\xef\xbb\xbfa = 1\n", "prices.toml:1:1: `a` must be a table, but it is the number `1`", id="error-first"
        ),
        pytest.param(b"x", "prices.toml:1:1: this is not TOML", id="no-toml"),
    ],
)
def test_parse_prices__says_what_is_wrong(text: bytes, message: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        parse_prices("prices.toml", text)

    assert problem.value.message.startswith(message)
    assert problem.value.advice
