"""Where a statement or a function turns."""

from collections.abc import Callable
from math import inf, isfinite


def first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The smallest k in [low, high) for which `holds`, a statement that stays true once it is; else `high`."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def last_above_zero(function: Callable[[float], float], low: float, high: float, precision: float) -> float:
    """Where a falling function crosses 0, at most `precision` too low; it may be infinite, and undefined at both ends.

    False position; the end that stays counts half, so that both ends move (the Illinois rule).
    """
    above, below = inf, -inf
    while high - low > precision:
        part = above / (above - below) if isfinite(above) and isfinite(below) else 0.5
        middle = low + (high - low) * min(max(part, 0.05), 0.95)
        value = function(middle)
        if value >= 0:
            low, above, below = middle, value, below / 2
        else:
            high, above, below = middle, above / 2, value
    return low
