"""How a score or a difference is written for a person, in the unit of the claim."""

from fractions import Fraction

DECIMALS = {1: 3, 100: 1}


def score(value: float, scale: int) -> str:
    """A score in the claim's unit (scale 100: percent): `57.0 %`, or `0.570` for fractions."""
    return f"{value:.{DECIMALS[scale]}f}{' %' if scale == 100 else ''}"


def signed(value: float, scale: int) -> str:
    """A difference in the claim's unit, with a sign that cannot be taken for a hyphen: `−10.0`."""
    text = f"{abs(value):.{DECIMALS[scale]}f}"
    return f"{'−' if value < 0 and float(text) else '+'}{text}"


def points(value: Fraction, scale: int) -> str:
    """A distance on the scale [0, 1] in the claim's unit: `5.0 points`, or `0.050` for fractions."""
    text = f"{float(value * scale):.{DECIMALS[scale]}f}"
    return f"{text} points" if scale == 100 else text


def round_tokens(count: float) -> str:
    """A number of tokens, as exactly as a forecast can be: `820`, `12,000`, `1.4 million`."""
    if count >= 1e6:
        return f"{count / 1e6:.2g} million" if count < 1e7 else f"{count / 1e6:.0f} million"
    digits = max(len(str(round(count))) - 2, 0)
    return f"{round(count, -digits):,.0f}"


def duration(seconds: float) -> str:
    """A time, as exactly as a forecast can be: `40 s`, `12 min`, `3.5 h`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
