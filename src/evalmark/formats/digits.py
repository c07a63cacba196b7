"""A score as it is printed: its exact number, and how far rounding may have moved it."""

from decimal import Decimal
from fractions import Fraction
from math import isfinite

# Exponents that a float can hold, with room to spare. A finite number may be written with any other (1e-99999999,
# 0e400), and an exact 10**99999999 would take minutes: it is 0, or rounded to a whole float's reach.
LOWEST, HIGHEST = -400, 308


def exact(digits: str) -> Fraction:
    """The number as it was printed, without a float's error: `exact("57.1") == Fraction(571, 10)`."""
    number = float(digits)
    return Fraction(Decimal(digits)) if number else Fraction(0)


def half_width(digits: str) -> Fraction:
    """Half a unit of the last printed digit, in the number's own unit: 41.2 → 0.05, 41 → 0.5, 4e1 → 5."""
    mantissa, _, power = digits.lower().partition("e")
    if not isfinite(float(digits)):
        raise TypeError(f"{digits!r} is not a finite number")
    _, _, decimals = mantissa.partition(".")
    exponent = _small(power) - len(decimals)
    return Fraction(10) ** min(max(exponent, LOWEST), HIGHEST) / 2


def _small(power: str) -> int:
    return int(min(max(float(power or 0), -1e6), 1e6))


def same_score(one: str, other: str) -> bool:
    """Whether two printed scores can be one number: the same up to rounding, also as 0.57 and 57.0.

    Both must be finite decimal numbers, as `formats` lets pass.
    """
    return any(_same(one, other, scale) for scale in _scales(exact(one), exact(other)))


def _same(one: str, other: str, scale: Fraction) -> bool:
    rounding = max(half_width(one), half_width(other) * scale)
    return abs(exact(one) - exact(other) * scale) <= rounding


def _scales(one: Fraction, other: Fraction) -> tuple[Fraction, ...]:
    """How many of the first number's unit the second one's can be: a number of at most 1 may be a fraction."""
    hundred = Fraction(100)
    if abs(one) > 1 >= abs(other):
        return (Fraction(1), hundred)
    return (Fraction(1), 1 / hundred) if abs(other) > 1 >= abs(one) else (Fraction(1),)
