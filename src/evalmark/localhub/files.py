"""Files that are either old or new, never half."""

import os
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole, so that a crash leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
