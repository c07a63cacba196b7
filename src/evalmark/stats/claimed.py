"""What a printed score says: its exact value on the scale [0, 1], and how far rounding may have moved it."""

from dataclasses import dataclass
from fractions import Fraction

from evalmark.formats.declaration import Unit
from evalmark.formats.digits import exact, half_width

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
