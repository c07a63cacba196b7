"""The recordings of harnesses, as the readers get them."""

import copy
import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COMMIT = "60f2bd527e6f8c71e1369a42c5a414d05af912b5"
MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"


def recorded(folder: str) -> dict[str, Any]:
    """The JSON files of a folder of recordings, by name."""
    return {path.name: json.loads(path.read_text()) for path in sorted((HERE / folder).glob("*.json"))}


def changed(document: Any, at: str, value: Any) -> Any:
    """A copy of a document with another value at a place such as `config.limit`; `...` deletes what is there."""
    new = copy.deepcopy(document)
    *way, last = at.split(".")
    place = new
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    if value is ...:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return new
