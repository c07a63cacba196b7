"""The closed lists of others, vendored: the Hub's frameworks, Inspect's solvers, scorers and reducers.

The JSON files in `data/` say where and when they were copied. Reading them is the core's one read.
"""

import json
from importlib.resources import files

_DATA = files("evalmark.formats") / "data"
_INSPECT = json.loads((_DATA / "inspect.json").read_text("utf-8"))
_HUB = json.loads((_DATA / "frameworks.json").read_text("utf-8"))

INSPECT_AI = "inspect-ai"
FRAMEWORKS: tuple[str, ...] = tuple(_HUB["frameworks"])
SOLVERS: tuple[str, ...] = tuple(_INSPECT["solvers"])
SCORERS: tuple[str, ...] = tuple(_INSPECT["scorers"])
REDUCERS: tuple[str, ...] = tuple(_INSPECT["reducers"])
COUNTED_REDUCERS: tuple[str, ...] = tuple(_INSPECT["counted_reducers"])
REDUCER_PATTERN = f"^(?:{'|'.join(REDUCERS)}|(?:{'|'.join(COUNTED_REDUCERS)})_[0-9]+)$"
