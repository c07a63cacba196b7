import pytest

from evalmark.formats.prices import Price
from evalmark.formats.settings import TokensPerSample
from evalmark.plan.cost import Cost, cost, measured_tokens

EACH = TokensPerSample(input=350, output=1200.5)
PRICE = Price(input=2.5, output=10)


def test_cost__of_tokens_and_money() -> None:
    found = cost(1000, EACH, PRICE)

    assert found == Cost(1000, 350_000, 1_200_500, 12.88)
    assert found.tokens == 1_550_500


@pytest.mark.parametrize(
    ("answers", "each", "price", "expected"),
    [
        pytest.param(1000, None, PRICE, Cost(1000, None, None, None), id="tokens-unknown"),
        pytest.param(10, EACH, None, Cost(10, 3500, 12005, None), id="price-unknown"),
        pytest.param(0, EACH, PRICE, Cost(0, 0, 0, 0.0), id="nothing-to-do"),
        pytest.param(1000, EACH, Price(input=0, output=0), Cost(1000, 350_000, 1_200_500, 0.0), id="free"),
    ],
)
def test_cost__says_what_is_known(
    answers: int, each: TokensPerSample | None, price: Price | None, expected: Cost
) -> None:
    assert cost(answers, each, price) == expected


def test_tokens__are_unknown_if_one_side_is() -> None:
    assert Cost(1, None, None, None).tokens is None


def test_measured_tokens__are_the_average() -> None:
    assert measured_tokens(100, 50, 4) == TokensPerSample(input=25, output=12.5)


def test_measured_tokens__none_before_the_first_answer() -> None:
    assert measured_tokens(0, 0, 0) is None
