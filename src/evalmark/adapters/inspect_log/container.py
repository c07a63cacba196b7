"""What can be known of a log's file before Inspect sees it: cheap, and in bounded memory."""

import re
import stat
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from zipfile import ZipInfo

from evalmark.adapters.inspect_log.limits import MIB, LogLimits

FIRST_BYTES = b"PK\x03\x04"
END_RECORD, END_RECORD_BYTES = b"PK\x05\x06", 22
LOCAL_HEADER_BYTES = 30
STORED, DEFLATED, ZSTANDARD = 0, 8, 93
ENCRYPTED = 0x1
# A few kilobytes of the same byte are no bomb.
SMALL = MIB
ARCHIVE = re.compile(r"\.(zip|eval|gz|tgz|bz2|xz|zst|7z|tar|rar)$", re.IGNORECASE)

ANOTHER = "give the log that Inspect itself wrote"


class RefusedLog(Exception):
    """This file is not read: why, and what to do."""

    def __init__(self, reason: str, advice: str = ANOTHER) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


def look_at(path: Path, limits: LogLimits) -> None:
    """Raise `RefusedLog` if the file cannot be a log or would cost too much."""
    size = path.stat().st_size
    if size == 0:
        raise RefusedLog("the file is empty")
    if path.suffix == ".json":
        _look_at_json(path, size, limits)
    else:
        _look_at_zip(path, limits)


def _look_at_json(path: Path, size: int, limits: LogLimits) -> None:
    if size > limits.json_bytes:
        raise RefusedLog(
            f"a .json log of {size // MIB} MiB is over the limit of {limits.json_bytes // MIB} MiB",
            "convert it to .eval with `inspect log convert`, which can be read piece by piece",
        )
    with path.open("rb") as file:
        if not file.read(1024).lstrip().startswith(b"{"):
            raise RefusedLog("it is not an Inspect log: a .json log begins with `{`")


def _look_at_zip(path: Path, limits: LogLimits) -> None:
    _is_one_plain_archive(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OverflowError, ValueError) as error:
        raise RefusedLog(f"it is damaged or cut off: {error}", "download or copy the log again") from error
    refusal = next(_refusals(members, limits), None)
    if refusal is not None:
        raise RefusedLog(refusal)


def _is_one_plain_archive(path: Path) -> None:
    """Nothing before the archive and nothing after it: else two readers could see two different archives."""
    with path.open("rb") as file:
        if file.read(len(FIRST_BYTES)) != FIRST_BYTES:
            raise RefusedLog("it is not an Inspect log: an .eval log is a zip archive")
        file.seek(max(path.stat().st_size - END_RECORD_BYTES, 0))
        if not file.read().startswith(END_RECORD):
            raise RefusedLog("it is damaged or cut off: the archive does not end at its end", "copy the log again")


def _refusals(members: list[ZipInfo], limits: LogLimits) -> Iterator[str]:
    if len(members) > limits.members:
        yield f"it holds {len(members)} files, over the limit of {limits.members}"
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        yield f"it would unpack to {unpacked // MIB} MiB, over the limit of {limits.unpacked_bytes // MIB} MiB"
    for member in members:
        yield from _refusals_of(member, limits)
    yield from _overlaps(members)


def _refusals_of(member: ZipInfo, limits: LogLimits) -> Iterator[str]:
    if member.file_size > limits.member_bytes:
        size = f"{member.file_size // MIB} MiB, over the limit of {limits.member_bytes // MIB} MiB"
        yield f"one of the files in it would unpack to {size}"
    if member.file_size > SMALL and member.file_size > limits.ratio * max(member.compress_size, 1):
        yield f"one of the files in it would unpack to over {limits.ratio} times its size: a zip bomb"
    if member.flag_bits & ENCRYPTED:
        yield "it is encrypted"
    if member.compress_type not in {STORED, DEFLATED, ZSTANDARD}:
        yield "it is packed in a way that Inspect does not write"
    if stat.S_ISLNK(member.external_attr >> 16):
        yield "it holds a symbolic link"
    if member.filename.startswith("/") or ".." in member.filename.split("/"):
        yield "it holds a file whose name leads out of the archive"
    if ARCHIVE.search(member.filename):
        yield "it holds another archive"


def _overlaps(members: list[ZipInfo]) -> Iterator[str]:
    """Files that share their bytes: how a small archive unpacks to any size without a large ratio."""
    for member, after in pairwise(sorted(members, key=lambda member: member.header_offset)):
        end = member.header_offset + LOCAL_HEADER_BYTES + len(member.filename) + member.compress_size
        if end > after.header_offset:
            yield "files in it overlap: a zip bomb"
