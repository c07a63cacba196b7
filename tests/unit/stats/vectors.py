"""Test vectors of the statistics, from an independent reference."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
TOLERANCE: float = _FILE["tolerance"]


@dataclass(frozen=True)
class Vector:
    """What goes in and what must come out."""

    id: int
    function: str
    input: dict[str, Any]
    expect: Any

    def __str__(self) -> str:
        return f"vector-{self.id}"


def vectors(function: str) -> list[Vector]:
    """The vectors of one function of the reference."""
    return [
        Vector(item["id"], item["function"], item["input"], item["expect"])
        for item in _FILE["vectors"]
        if item["function"] == function
    ]
