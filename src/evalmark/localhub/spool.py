"""Large bodies on their way: in memory while they are small, then in a file that nobody else can see."""

import gzip
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from typing import IO

LARGEST_UPLOAD = 100 << 20
_IN_MEMORY = 1 << 20
_PIECE = 1 << 16
_LONGEST_LINE = 1000


class TooLarge(Exception):
    """There is more than was allowed, or nobody says how much there is."""


def new_spool() -> IO[bytes]:
    """An empty one; it is gone when it is closed."""
    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


def receive(source: IO[bytes], headers: Mapping[str, str], most: int) -> IO[bytes]:
    """The body that comes with `headers`, at its beginning. Raises `TooLarge`; the rest of it is then not read."""
    spool = new_spool()
    try:
        for piece in _pieces(source, headers, most):
            if spool.tell() + len(piece) > most:
                raise TooLarge
            spool.write(piece)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


def unzipped(source: IO[bytes], most: int) -> IO[bytes]:
    """What `source` holds in gzip, at its beginning. Raises `TooLarge`, and `ValueError` if it is not gzip."""
    spool = new_spool()
    try:
        with gzip.GzipFile(fileobj=source, mode="rb") as packed:
            while piece := packed.read(_PIECE):
                if spool.tell() + len(piece) > most:
                    raise TooLarge
                spool.write(piece)
    except (OSError, EOFError, zlib.error) as problem:
        spool.close()
        raise ValueError("not gzip") from problem
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


def _pieces(source: IO[bytes], headers: Mapping[str, str], most: int) -> Iterator[bytes]:
    if "transfer-encoding" in headers:
        if headers["transfer-encoding"].lower() != "chunked" or "content-length" in headers:
            raise TooLarge
        return _chunks(source, most)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 18) or int(length) > most:
        raise TooLarge
    return _exactly(source, int(length))


def _exactly(source: IO[bytes], length: int) -> Iterator[bytes]:
    while length and (piece := source.read(min(length, _PIECE))):
        length -= len(piece)
        yield piece
    if length:
        raise TooLarge


def _chunks(source: IO[bytes], most: int) -> Iterator[bytes]:
    while size := _chunk_size(source.readline(_LONGEST_LINE)):
        if size > most:
            raise TooLarge
        yield from _exactly(source, size)
        source.readline(_LONGEST_LINE)
    # After the last chunk there may be headers, up to an empty line.
    while source.readline(_LONGEST_LINE).strip():
        pass


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        raise TooLarge
    return int(digits, 16)
