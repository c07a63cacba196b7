"""A stub of actions/setup-python: an interpreter whose `-m venv` makes the test's own, with a pip and a uv that note
what they are told and install nothing."""

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.action.harness import Stub

NOTE = """\
import json, os, sys
kinds = ("PIP_", "UV_", "VIRTUAL_", "GITHUB_", "HF_")
kept = {name: value for name, value in os.environ.items() if name.startswith(kinds)}
text = "" if "-" not in sys.argv else sys.stdin.read()
call = {"tool": sys.argv[1], "arguments": sys.argv[2:], "environment": kept, "input": text, "folder": os.getcwd()}
with open(NOTES, "a", encoding="utf-8") as notes:
    notes.write(json.dumps(call) + chr(10))
"""


@dataclass(frozen=True)
class PythonStub:
    """`stub` goes into a `Machine`; `calls` has what pip and uv were told."""

    folder: Path
    evalmark: str = ""
    """What plays `python -I -m evalmark`: a Python file; if it is empty, the real command."""

    @property
    def notes(self) -> Path:
        return self.folder / "calls.jsonl"

    def stub(self) -> Stub:
        """Write the interpreter's parts, and play setup-python with it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        note = self.folder / "note.py"
        note.write_text(NOTE.replace("NOTES", repr(str(self.notes))), "utf-8")
        tool = f"exec {shlex.quote(sys.executable)} -I {shlex.quote(str(note))}"
        evalmark = shlex.quote(self.evalmark) if self.evalmark else "-m evalmark"
        inner = self._script(
            "inner",
            'case "$1 $2 $3" in\n'
            f'"-I -m pip") shift 3; {tool} pip "$@" ;;\n'
            f'"-I -m evalmark") shift 3; exec {shlex.quote(sys.executable)} -I {evalmark} "$@" ;;\n'
            "*) exit 97 ;;\nesac\n",
        )
        uv = self._script("uv", f'{tool} uv "$@"\n')
        python = self._script(
            "python",
            '[ "$1 $2 $3" = "-I -m venv" ] || exit 98\n'
            f'mkdir -p "$4/bin"\ncp {shlex.quote(str(inner))} "$4/bin/python"\ncp {shlex.quote(str(uv))} "$4/bin/uv"\n'
            f'{tool} venv "$4"\n',
        )

        def play(settings: Mapping[str, str]) -> dict[str, str]:
            assert settings["update-environment"] == "false", "setup-python must not change later steps"
            return {"python-path": str(python)}

        return play

    def calls(self) -> list[dict[str, Any]]:
        """Everything that was to be installed, in order."""
        if not self.notes.exists():
            return []
        return [json.loads(line) for line in self.notes.read_text("utf-8").splitlines()]

    def _script(self, name: str, body: str) -> Path:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{body}", "utf-8")
        path.chmod(0o755)
        return path
