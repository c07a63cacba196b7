"""Git LFS: recognises pointer files, and finds the real file that a pointer stands for."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

# A pointer is smaller than 1024 bytes by specification, and cannot be shorter than its three mandatory lines.
POINTER_SIZES = range(100, 1024)
_HEAD = b"version https://git-lfs.github.com/spec/v1\n"
_OID = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)
_SIZE = re.compile(rb"^size ([0-9]{1,18})$", re.MULTILINE)


@dataclass(frozen=True)
class LfsPointer:
    """What a pointer file says: sha256 and size of the real file; `pointer_size` is its own size."""

    sha256: str
    size: int
    pointer_size: int


def parse_pointer(data: bytes) -> LfsPointer | None:
    """The pointer that `data` is, or None if it is an ordinary file."""
    oid, size = _OID.search(data), _SIZE.search(data)
    if len(data) not in POINTER_SIZES or not data.startswith(_HEAD) or not oid or not size:
        return None
    return LfsPointer(sha256=oid[1].decode(), size=int(size[1]), pointer_size=len(data))


def holds(path: Path, pointer: LfsPointer, root: Path) -> bool:
    """Whether `path` is the pointer's real file: below `root` with no link on the way, same size, same sha256."""
    try:
        if path.resolve() != path or not path.is_relative_to(root) or not path.is_file():
            return False
        if path.stat().st_size != pointer.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == pointer.sha256
    except OSError:
        return False
