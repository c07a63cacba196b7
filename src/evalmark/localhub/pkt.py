"""Git's packet lines, as far as a push is looked at before git gets it. Pure, but for the file it reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from evalmark.localhub.message import Denied

_COMMAND = re.compile(rb"([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)(?:\0([^\n]*))?\n?")
_LENGTH = re.compile(rb"[0-9a-fA-F]{4}")
_FLUSH = b"0000"
_MOST_COMMANDS = 1000
_BAND = 65_000


@dataclass(frozen=True)
class Command:
    """What a push wants of one ref: to let it stand for `new` where it stood for `old`."""

    old: str
    new: str
    ref: str


@dataclass(frozen=True)
class Push:
    """All that a push wants, and what its client understands."""

    commands: tuple[Command, ...]
    capabilities: frozenset[str]


def line(text: bytes) -> bytes:
    """A packet line.

    >>> line(b"hello")
    b'0009hello'
    """
    return b"%04x%b" % (len(text) + 4, text)


def advertisement(service: str, printed: bytes) -> bytes:
    """The refs as git's smart HTTP clients want them."""
    return line(f"# service={service}\n".encode()) + _FLUSH + printed


def read_push(body: IO[bytes]) -> Push:
    """The commands at the beginning of what `git push` sends. Raises `Denied` (400) if it is something else."""
    commands: list[Command] = []
    capabilities = b""
    while (packet := _packet(body)) is not None:
        found = _COMMAND.fullmatch(packet)
        if packet.startswith((b"shallow ", b"push-option ")) and not found:
            continue
        if found is None or len(commands) >= _MOST_COMMANDS:
            raise Denied(400, "this is no push that the local Hub understands")
        old, new, ref, listed = found.groups()
        capabilities = listed or capabilities
        commands.append(Command(old.decode(), new.decode(), ref.decode(errors="replace")))
    return Push(tuple(commands), frozenset(capabilities.decode(errors="replace").split()))


def refusal(push: Push, reasons: Sequence[str]) -> bytes:
    """Git's own report that nothing was done: one reason for each command."""
    lines = [line(b"unpack ok\n")]
    for command, reason in zip(push.commands, reasons, strict=True):
        one_line = " ".join(reason.split())[:500]
        lines.append(line(f"ng {command.ref} {one_line}\n".encode()))
    report = b"".join(lines) + _FLUSH
    if not {"side-band-64k", "side-band"} & push.capabilities:
        return report
    size = _BAND if "side-band-64k" in push.capabilities else 900
    pieces = (report[at : at + size] for at in range(0, len(report), size))
    return b"".join(line(b"\1" + piece) for piece in pieces) + _FLUSH


def _packet(body: IO[bytes]) -> bytes | None:
    """The next packet's text; None at the end of a list, and at the end of the body."""
    length = body.read(4)
    if length in {b"", _FLUSH}:
        return None
    if not _LENGTH.fullmatch(length) or int(length, 16) < 5:
        raise Denied(400, "this is not what git sends")
    text = body.read(int(length, 16) - 4)
    if len(text) != int(length, 16) - 4:
        raise Denied(400, "what git sent ends in the middle")
    return text
