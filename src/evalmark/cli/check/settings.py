"""Which rules a check tells about: from the command line, else `.evalmark.toml`, else `pyproject.toml`."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from evalmark.errors import UsageProblem
from evalmark.flows.check import Selection, selection

KEYS = {"select": list, "ignore": list, "strict": bool}


class CheckSettings(NamedTuple):
    """The rules, and whether a warning is as bad as an error."""

    selection: Selection
    strict: bool


def check_settings(args: argparse.Namespace, folder: Path) -> CheckSettings:
    """Read the settings of `folder` and what the command line says instead. Raises `UsageProblem`."""
    written = _table(folder / ".evalmark.toml", "check") or _table(folder / "pyproject.toml", "tool", "evalmark")
    return CheckSettings(
        selection(args.select or written.get("select", []), args.ignore or written.get("ignore", [])),
        args.strict or written.get("strict", False),
    )


def declared_settings(content: bytes) -> CheckSettings:
    """The settings in the bytes of a `.evalmark.toml`. Raises `UsageProblem`."""
    written = _read(".evalmark.toml", content, "check")
    return CheckSettings(selection(written.get("select", []), written.get("ignore", [])), written.get("strict", False))


def _table(file: Path, *names: str) -> Mapping[str, Any]:
    return _read(str(file), file.read_bytes(), *names) if file.is_file() else {}


def _read(file: str, content: bytes, *names: str) -> Mapping[str, Any]:
    import tomllib  # noqa: PLC0415 - most folders have no settings

    try:
        table: Any = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return {}  # a broken declaration is a finding, and pyproject.toml is not ours to judge
    for name in names:
        table = table.get(name, {}) if isinstance(table, dict) else {}
    return _known(file, table if isinstance(table, dict) else {})


def _known(file: str, table: Mapping[str, Any]) -> Mapping[str, Any]:
    for key, value in table.items():
        if key not in KEYS:
            raise UsageProblem(f"{file}: there is no setting `{key}`", f"the settings are {', '.join(KEYS)}")
        texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not (texts if KEYS[key] is list else isinstance(value, bool)):
            kind = "a list of rule ids" if KEYS[key] is list else "true or false"
            raise UsageProblem(
                f"{file}: `{key}` is not {kind}", f"write {key} = {'[]' if KEYS[key] is list else 'true'}"
            )
    return table
