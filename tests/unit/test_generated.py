"""What is generated from the code is committed as the code makes it."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from evalmark.errors import EvalmarkError, ExitCode
from scripts.regenerate import ROOT, generated


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in generated()])
def test_generated__is_current(path: Path) -> None:
    assert path.read_text() == generated()[path], "run `make regen`"


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.name) for path in sorted((ROOT / "schemas").glob("*.json"))]
)
def test_schema__is_a_schema_and_has_a_stable_id(path: Path) -> None:
    schema = json.loads(path.read_text())

    Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith("urn:evalmark:schema:")


def test_exit_codes__are_unique_and_used() -> None:
    def below(kind: type[EvalmarkError]) -> list[type[EvalmarkError]]:
        return [kind, *(each for child in kind.__subclasses__() for each in below(child))]

    used = {kind.exit_code for kind in below(EvalmarkError)}

    assert len({code.value for code in ExitCode}) == len(ExitCode) == 6
    assert used == set(ExitCode) - {ExitCode.FINE, ExitCode.FOUND}
