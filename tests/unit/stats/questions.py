"""Questions and scores for the tests."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from evalmark.stats.margins import Margins
from evalmark.stats.question import Question
from evalmark.stats.scale import NO_SCORE, Known


def question(total: int, claim: str, verified: str, mismatch: str | None = None, **more: Any) -> Question:
    """A question, by default about scores of 0 and 1."""
    margins = Margins(Fraction(verified), Fraction(mismatch or verified), noise_known=True)
    return Question(total, Fraction(claim), margins, **{"binary": True, **more})


def known(scores: Iterable[Fraction | int | None]) -> list[Known]:
    """Scores as the engine takes them."""
    return [NO_SCORE if score is None else (Fraction(score), Fraction(score)) for score in scores]


def spread(total: int, ones: int) -> list[int]:
    """Scores with the ones spread evenly: the reference's path."""
    return [place * ones // total - (place - 1) * ones // total for place in range(1, total + 1)]
