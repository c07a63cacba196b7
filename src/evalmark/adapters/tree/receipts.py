"""Receipts in folders of this machine."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from evalmark.adapters.tree.reading import read_regular
from evalmark.ports.places import LARGEST_RECEIPT, RECEIPTS_FOLDER

MOST: Final = 100_000


def receipts_in(root: Path) -> dict[str, bytes]:
    """The receipts of a model repo's folder, by path inside it. Links are left out."""
    folder = root / RECEIPTS_FOLDER
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        return {}
    return _read(root, folder.glob("*.json"))


def receipts_below(root: Path) -> dict[str, bytes]:
    """The JSON files anywhere below a folder, by path inside it. Links are left out."""
    return _read(root, root.rglob("*.json"))


def _read(root: Path, files: Iterable[Path]) -> dict[str, bytes]:
    real = (path for path in files if path.is_file() and not path.is_symlink())
    return {
        path.relative_to(root).as_posix(): read_regular(path, LARGEST_RECEIPT) for path in islice(sorted(real), MOST)
    }
