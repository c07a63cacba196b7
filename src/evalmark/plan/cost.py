"""What a rerun will cost, in tokens and in money, from what one answer takes."""

from dataclasses import dataclass
from fractions import Fraction

from evalmark.formats.prices import Price
from evalmark.formats.settings import TokensPerSample

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a number of answers. None where it is not known. Dollars, since price tables are in dollars."""

    answers: int
    input_tokens: int | None
    output_tokens: int | None
    dollars: float | None

    @property
    def tokens(self) -> int | None:
        """In and out."""
        if self.input_tokens is None or self.output_tokens is None:
            return None
        return self.input_tokens + self.output_tokens


def cost(answers: int, each: TokensPerSample | None, price: Price | None) -> Cost:
    """Of `answers` answers (samples times epochs) that take `each` tokens: declared, or measured so far."""
    if each is None:
        return Cost(answers, None, None, None)
    tokens = [answers * Fraction(number) for number in (each.input, each.output)]
    rates = [Fraction(rate) for rate in (price.input, price.output)] if price is not None else []
    dollars = sum((count * rate for count, rate in zip(tokens, rates, strict=True)), Fraction()) if rates else None
    whole = [round(count) for count in tokens]
    return Cost(answers, whole[0], whole[1], None if dollars is None else float(dollars / MILLION))


def measured_tokens(input_tokens: int, output_tokens: int, answers: int) -> TokensPerSample | None:
    """What one answer has taken so far; None before the first one."""
    if answers < 1:
        return None
    return TokensPerSample(input=input_tokens / answers, output=output_tokens / answers)
