"""Every attack of the threat model fails; without its defence it works."""

from pathlib import Path

import pytest

from tests.attacks import cost, files, handed, model, servers, supply, trust, words
from tests.attacks.attack import Attack, Disable

ROWS = range(1, 26)
ATTACKS = [attack for area in (model, words, files, servers, handed, trust, supply, cost) for attack in area.ATTACKS]


def _named(attack: Attack, *more: object) -> object:
    marks = [pytest.mark.slow] if attack.slow else []
    return pytest.param(attack, *more, marks=marks, id=f"{attack.row:02d}-{attack.name.replace(' ', '-')}")


each_attack = pytest.mark.parametrize("attack", [_named(attack) for attack in ATTACKS])
each_layer = pytest.mark.parametrize(
    ("attack", "layer"), [_named(attack, layer) for attack in ATTACKS for layer in attack.layers]
)


@each_attack
def test_attack__fails(attack: Attack, tmp_path: Path) -> None:
    assert not attack.works(tmp_path)


@each_attack
def test_attack__works_without_its_defence(attack: Attack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attack.disable(monkeypatch)

    assert attack.works(tmp_path)


@each_layer
def test_attack__fails_with_one_of_its_defences_left(
    attack: Attack, layer: Disable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer(monkeypatch)

    assert not attack.works(tmp_path)


def test_every_row_has_an_attack() -> None:
    assert {attack.row for attack in ATTACKS} == set(ROWS)
