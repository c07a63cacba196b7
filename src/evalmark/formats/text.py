"""The bytes of a file as text, and where a character of it stands."""

import re
from typing import NamedTuple

from evalmark.finding import Finding, Place, Severity

LARGEST_FILE = 65_536
DEEPEST_NESTING = 8

_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARK = "\ufeff"


class FileText(NamedTuple):
    """A file's text without a byte order mark; None if it is too large or not UTF-8."""

    text: str | None
    findings: tuple[Finding, ...] = ()


def read_text(path: str, content: bytes | str, language: str, largest: int | None = None) -> FileText:
    """Decode a file of at most `largest` bytes (64 kB). `language` (`yaml`, `toml`) begins a rule: `yaml-encoding`."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    most = LARGEST_FILE if largest is None else largest
    if len(data) > most:
        return FileText(None, (too_large(path, language, most),))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return FileText(None, (_not_utf8(path, data[: error.start].decode("utf-8"), language),))
    if not text.startswith(_BYTE_ORDER_MARK):
        return FileText(text)
    return FileText(text.removeprefix(_BYTE_ORDER_MARK), (_byte_order_mark(path, language),))


def place_at(path: str, text: str, offset: int) -> Place:
    """The line and column of the character at `offset`."""
    lines = _LINE_END.split(text[:offset])
    return Place(path, len(lines), len(lines[-1]) + 1)


def too_large(path: str, language: str, most: int = LARGEST_FILE) -> Finding:
    """What is told of a file over the limit: nothing in it is looked at."""
    return Finding(
        f"{language}-too-large",
        Severity.ERROR,
        Place(path),
        f"the file is larger than {most} bytes",
        "split it into several files; a file of this kind needs a few kilobytes",
    )


def _not_utf8(path: str, readable: str, language: str) -> Finding:
    return Finding(
        f"{language}-encoding",
        Severity.ERROR,
        place_at(path, readable, len(readable)),
        "the file is not UTF-8 text",
        "save it again with the encoding UTF-8",
    )


def _byte_order_mark(path: str, language: str) -> Finding:
    return Finding(
        f"{language}-byte-order-mark",
        Severity.WARNING,
        Place(path),
        "the file begins with a byte order mark, which some readers take for text",
        "save it as UTF-8 without a byte order mark",
    )
