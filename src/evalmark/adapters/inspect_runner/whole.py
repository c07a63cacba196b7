"""What the child tells its parent, in files that are there whole or not at all."""

import json
from pathlib import Path
from typing import Any


def write_whole(file: Path, body: dict[str, Any]) -> None:
    """Write JSON beside it, then rename."""
    draft = file.with_suffix(".tmp")
    draft.write_text(json.dumps(body))
    draft.replace(file)
