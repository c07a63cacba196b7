"""What makes running a benchmark's task risky: its arguments can open files, and its judges are other models."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

JUDGED_BY_A_MODEL = frozenset({"model_graded_qa", "model_graded_fact"})
# Inspect opens these as a file or URL when such a one exists, with the rights of the rerun.
# fsspec also takes `file:/x`, `local:/x` and chains such as `simplecache::/x`; and `a/../../x` leads up from anywhere.
LOOKS_LIKE_A_PLACE = re.compile(r"[/~.\\]|(file|local):|[\w+.-]+::|.*://|.*[/\\]\.\.([/\\]|$)", re.DOTALL)


def opens_a_place(text: str) -> bool:
    """Whether Inspect would take a text argument for a path or an address, open it and put it into the prompt.

    Source: `resource()` in `inspect_ai/util/_resource.py`, 0.3.285. With `/proc/self/environ` it leaks every secret.
    """
    return LOOKS_LIKE_A_PLACE.match(text) is not None


def texts_in(value: Any) -> Iterator[str]:
    """Every text in an argument, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_in(item)
