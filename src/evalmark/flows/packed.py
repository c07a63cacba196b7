"""Text packed small, into letters that survive a log line or a variable."""

import base64
import binascii
import gzip
import zlib

from evalmark.artifact import MAX_BYTES


def packed(text: str) -> str:
    """gzip, then base64."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def unpacked(letters: str, most: int = MAX_BYTES) -> str:
    """The text again. Raises `ValueError` for anything else, or more than `most` bytes, which are not unpacked."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(base64.b64decode(letters, validate=True), most).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise ValueError("not packed text") from error
    if unpacker.unconsumed_tail:
        raise ValueError(f"packed text of over {most} bytes")
    return text
