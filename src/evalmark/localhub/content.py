"""The bytes of a file, wherever they are: in memory, in git, or on the disk."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from evalmark.errors import CouldNotFinish
from evalmark.localhub.git import stream_blob

_CHUNK = 1 << 18


class Content(Protocol):
    """Bytes of a known size, read piece by piece."""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    def chunks(self, start: int, stop: int) -> Generator[bytes]:
        """The bytes `start:stop` in pieces. Raises `CouldNotFinish` if they cannot be read."""
        ...


@dataclass(frozen=True)
class InMemory:
    """Bytes that we hold."""

    data: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    def chunks(self, start: int, stop: int) -> Generator[bytes]:
        """All in one piece."""
        yield self.data[start:stop]


@dataclass(frozen=True)
class LargeBlob:
    """A git blob that is read by a process of its own."""

    git_dir: Path
    oid: str
    size: int

    def chunks(self, start: int, stop: int) -> Generator[bytes]:
        """Piece by piece, from git."""
        return stream_blob(self.git_dir, self.oid, start, stop)


@dataclass(frozen=True)
class FileOnDisk:
    """A file beside the repository: the real file of an LFS pointer."""

    path: Path
    size: int

    def chunks(self, start: int, stop: int) -> Generator[bytes]:
        """Piece by piece, from the disk."""
        with self.path.open("rb") as file:
            file.seek(start)
            left = stop - start
            while left and (chunk := file.read(min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk
        if left:
            raise CouldNotFinish(f"{self.path} became shorter while it was served", "leave the file alone, and retry")


class HeldFile:
    """An open file that nobody else has; it is closed when it has been read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = file.seek(0, 2)

    def chunks(self, start: int, stop: int) -> Generator[bytes]:
        """Piece by piece."""
        with self._file as file:
            file.seek(start)
            left = stop - start
            while left and (chunk := file.read(min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk
