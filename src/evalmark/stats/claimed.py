"""What a printed score says: its exact value on the scale [0, 1], and how far rounding may have moved it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from evalmark.formats.declaration import Unit

# Exponents that a float can hold, with room to spare. A finite number may be written with any other (1e-99999999,
# 0e400), and an exact 10**99999999 would take minutes: it is 0, or rounded to a whole float's reach.
LOWEST, HIGHEST = -400, 308
SCALE: dict[Unit, int] = {"fraction": 1, "percent": 100}


@dataclass(frozen=True, slots=True)
class Reading:
    """A printed score read in one unit: `score` and `rounding` (half a unit of the last digit) on the scale [0, 1]."""

    unit: Unit
    score: Fraction
    rounding: Fraction

    @property
    def scale(self) -> int:
        """How many of the printed unit make a whole: 1 or 100."""
        return SCALE[self.unit]


def readings(digits: str, declared: Unit | None) -> tuple[Reading, ...]:
    """How a printed score can be read: one way if its unit is declared or only one is possible, else two.

    A score above 1 cannot be a fraction. One of at most 1 can be either: 0.9 is 90 % or 0.9 %.
    `digits` must be a finite decimal number, as `formats` lets pass.
    """
    if declared is not None:
        return (_read(digits, declared),)
    if exact(digits) > 1:
        return (_read(digits, "percent"),)
    return (_read(digits, "fraction"), _read(digits, "percent"))


def _read(digits: str, unit: Unit) -> Reading:
    return Reading(unit, exact(digits) / SCALE[unit], half_width(digits) / SCALE[unit])


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
