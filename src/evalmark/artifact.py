"""Versioned JSON artifacts: the borders between the stages, and between the levels of trust."""

import json
from typing import Any

from evalmark.errors import UsageProblem

MAX_BYTES = 64 * 1024 * 1024


def dumps(kind: str, body: dict[str, Any]) -> str:
    """Write an artifact as text: `kind` (for example `verdict/1`) first, stable order, final newline."""
    return json.dumps({"kind": kind, **body}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def loads(kind: str, text: str) -> dict[str, Any]:
    """Read an artifact of exactly this kind and return its body without `kind`.

    Raises `UsageProblem` for anything else: not JSON, too large, another kind or version.
    """
    if len(text) > MAX_BYTES:
        raise UsageProblem(f"this {kind} artifact is over {MAX_BYTES} bytes", "give the file that evalmark wrote")
    try:
        body = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"not a {kind} artifact: {error}", "give the file that evalmark wrote") from error
    found = body.get("kind") if isinstance(body, dict) else None
    if found != kind:
        raise UsageProblem(f"expected a {kind} artifact, found {found!r}", "use the same version of evalmark for both")
    return {key: value for key, value in body.items() if key != "kind"}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
