"""The adopters' kit: hooks and workflows to copy, as they lie in the package, or in a checkout of evalmark."""

from pathlib import Path
from typing import Final

from evalmark.errors import CouldNotFinish

PACKAGED: Final = Path(__file__).resolve().parent.parent / "kit"
CHECKED_OUT: Final = Path(__file__).resolve().parents[3] / "hooks"


def kit_file(name: str) -> bytes:
    """A file of the kit: `model-repo.pre-commit-config.yaml`, `workflows/evalmark-validate.yml`, …"""
    for folder in (PACKAGED, CHECKED_OUT):
        if (folder / name).is_file():
            return (folder / name).read_bytes()
    raise CouldNotFinish(f"this installation of evalmark lacks its file {name}", "install evalmark again")
