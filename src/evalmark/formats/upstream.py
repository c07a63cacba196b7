"""The closed lists of others, vendored: the Hub's frameworks, Inspect's solvers, scorers and reducers.

The JSON files in `data/` say where and when they were copied. Reading them is the core's one read.
"""

import json
from pkgutil import get_data
from typing import Any


def _vendored(name: str) -> Any:
    """`pkgutil` and not `importlib.resources`, whose import alone takes six milliseconds of every hook."""
    return json.loads(get_data("evalmark.formats", f"data/{name}") or b"")


_INSPECT = _vendored("inspect.json")
_HUB = _vendored("frameworks.json")

INSPECT_AI = "inspect-ai"
FRAMEWORKS: tuple[str, ...] = tuple(_HUB["frameworks"])
SOLVERS: tuple[str, ...] = tuple(_INSPECT["solvers"])
SCORERS: tuple[str, ...] = tuple(_INSPECT["scorers"])
REDUCERS: tuple[str, ...] = tuple(_INSPECT["reducers"])
COUNTED_REDUCERS: tuple[str, ...] = tuple(_INSPECT["counted_reducers"])
REDUCER_PATTERN = f"^(?:{'|'.join(REDUCERS)}|(?:{'|'.join(COUNTED_REDUCERS)})_[0-9]+)$"
