"""A weights file on this machine: where it lies, and its digest."""

import hashlib
from importlib import metadata
from pathlib import Path

from evalmark.errors import CouldNotFinish
from evalmark.plan.identity import LLAMACPP_PREFIX


def find_weights(name: str) -> Path:
    """The GGUF file called `name`: a path, or the name of a file that an installed package carries.

    Raises `CouldNotFinish` if there is none.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path.resolve()
    packaged = _in_a_package(name)
    if packaged is None:
        raise CouldNotFinish(
            f"there is no weights file `{name}`, neither at this path nor in an installed package",
            "give the path of a .gguf file: --model llamacpp/PATH",
        )
    return packaged


def weights_behind(model: str | None) -> Path | None:
    """The weights file of a model that is one (`llamacpp/NAME`); None for any other. Raises `CouldNotFinish`."""
    if model is None or not model.startswith(LLAMACPP_PREFIX):
        return None
    return find_weights(model.removeprefix(LLAMACPP_PREFIX))


def sha256_of(path: Path) -> str:
    """Hex digest of a file, read in pieces."""
    try:
        with path.open("rb") as weights:
            return hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise CouldNotFinish(f"cannot read {path}: {error.strerror}", "check the file's rights") from error


def _in_a_package(name: str) -> Path | None:
    """Looked up by the packages' lists of files: importing a package to find its file would run its code."""
    for package in metadata.distributions():
        for file in package.files or ():
            if file.name == name:
                return Path(str(file.locate())).resolve()
    return None
