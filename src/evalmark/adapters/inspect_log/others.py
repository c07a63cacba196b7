"""Results of other harnesses in the place of an Inspect log. Runs in the child process only."""

import json
from pathlib import Path

from evalmark.adapters.inspect_log.container import RefusedLog
from evalmark.harness import READERS
from evalmark.harness.reader import NotReadable


def results_of_another(path: Path) -> RefusedLog | None:
    """Why such a file is no evidence for a verdict, if it is one."""
    try:
        document = json.loads(path.read_bytes(), parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return None
    for reader in READERS:
        try:
            found = reader.read(path.name, {path.name: document})
        except NotReadable:
            found = ()
        if found is not None:
            return RefusedLog(
                f"it holds results of {reader.harness}, which state a score but no answers that the benchmark's "
                "scorer could be run on, so the rung stays `benchmark`",
                "let evalmark rerun it; or give evalmark judge the scores of the samples",
            )
    return None
