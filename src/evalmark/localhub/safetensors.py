"""How many parameters a model has: from the heads of its weights files, as the Hub counts them.

Source of the format: "Format" in huggingface/safetensors, README.md: 8 bytes with the length N of the head, little
endian; N bytes of JSON, one object a tensor with `dtype` and `shape`; then the numbers.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping

from evalmark.errors import CouldNotFinish
from evalmark.localhub.content import Content
from evalmark.localhub.repository import GitRepository

LARGEST_HEAD = 16 << 20


def parameters(repository: GitRepository, sha: str) -> dict[str, object] | None:
    """`{parameters: {dtype: count}, total}` over all files, as in `expand=safetensors`; None without such files."""
    counts: Counter[str] = Counter()
    for entry in repository.tree(sha) or ():
        if entry.kind == "file" and entry.path.endswith(".safetensors"):
            content = repository.content(entry)
            counts += _counted(content) if content is not None else Counter()
    return {"parameters": dict(counts), "total": counts.total()} if counts else None


def _counted(content: Content) -> Counter[str]:
    counts: Counter[str] = Counter()
    try:
        length = int.from_bytes(b"".join(content.chunks(0, 8)), "little")
        head = json.loads(b"".join(content.chunks(8, 8 + length))) if length <= LARGEST_HEAD else {}
        for name, tensor in head.items():
            if name != "__metadata__" and isinstance(tensor, Mapping):
                counts[str(tensor["dtype"])] += math.prod(int(size) for size in tensor["shape"])
    except (ValueError, KeyError, TypeError, AttributeError, OSError, CouldNotFinish):
        return Counter()  # no such file: the Hub says nothing of it either
    return counts
