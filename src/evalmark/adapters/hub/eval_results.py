"""A row of `evalResults`, as the Hub's API tells it: `{filename, verified, data, pullRequest}` or `{filename, error}`.

Source: `tests/test_hf_api.py` of huggingface_hub 1.29, and the answers of the Hub in November 2026.
"""

import math
from typing import Any

from evalmark.facts import RefusedFile, ShownScore


def shown(row: Any) -> ShownScore | RefusedFile:
    """What a row says. One that says nothing is a file that the Hub could not read either."""
    told = _mapping(row)
    path = str(told.get("filename") or "a file without a name")
    if told.get("error") is not None:
        return RefusedFile(path, str(told["error"]))
    data = _mapping(told.get("data"))
    dataset = _mapping(data.get("dataset"))
    value, number = data.get("value"), told.get("pullRequest")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return RefusedFile(path, "the Hub tells no value of a score in it")
    return ShownScore(
        path=path,
        dataset_id=str(dataset.get("id") or ""),
        task_id=str(dataset.get("task_id") or ""),
        value=float(value),
        verified=told.get("verified") is True,
        pull_request=number if type(number) is int else None,
    )


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
