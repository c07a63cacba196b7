"""Attacks on evalmark in a pull request: what somebody wants, how he tries to get it, and what keeps him from it.

Each is tried twice. As evalmark is, it must fail; with its one defence switched off, it must work: otherwise the attack
proves nothing, or something else is the defence. The rows are those of the threat model, 1 to 25: 1–6 in `model`,
7–9, 16 and 17 in `words`, 10 and 11 in `files`, 12 in `servers`, 14 and 21 in `handed`, 13, 15, 20, 24 and 25 in
`trust`, 18, 22 and 23 in `supply`, 19 in `cost`.

Where two defences stand one behind the other, `layers` has both: one alone must hold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

Disable: TypeAlias = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Attack:
    """`works` tries it in a fresh folder: True if the attacker gets what he wants. `disable` switches off its defence.

    An attack is slow if it starts the process that runs a model.
    """

    row: int
    name: str
    works: Callable[[Path], bool]
    disable: Disable
    slow: bool = False
    layers: tuple[Disable, ...] = ()


def instead(target: str, value: object) -> Disable:
    """Puts something else in the place of a defence, named by its module."""
    return lambda patch: patch.setattr(target, value)


def all_of(*layers: Disable) -> Disable:
    """Switches several off."""

    def disable(patch: pytest.MonkeyPatch) -> None:
        for layer in layers:
            layer(patch)

    return disable


def nothing(*_arguments: object, **_named: object) -> None:
    """A check that never complains."""


def none_found(*_arguments: object, **_named: object) -> tuple[()]:
    """A search that never finds anything."""
    return ()
