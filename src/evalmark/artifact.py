"""Versioned JSON artifacts: the borders between the stages, and between the levels of trust."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict

MAX_BYTES = 64 * 1024 * 1024


class Frozen(BaseModel):
    """Base of everything that stands in an artifact: immutable, and closed against unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def dumps(kind: str, body: dict[str, Any]) -> str:
    """Write an artifact as text: `kind` (for example `verdict/1`) first, stable order, final newline."""
    return json.dumps({"kind": kind, **body}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def loads(kind: str, text: str) -> dict[str, Any]:
    """Read an artifact of exactly this kind and return its body without `kind`.

    Raises `ValueError`, with a sentence for a person, for anything else: not JSON, too large, another kind or version.
    """
    if len(text) > MAX_BYTES:
        raise ValueError(f"this {kind} artifact is over {MAX_BYTES} bytes")
    try:
        body = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError(f"not a {kind} artifact: nested too deeply") from error
    found = body.get("kind") if isinstance(body, dict) else None
    if found != kind:
        raise ValueError(f"expected a {kind} artifact of this version of evalmark, found {found!r}")
    return {key: value for key, value in body.items() if key != "kind"}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")
