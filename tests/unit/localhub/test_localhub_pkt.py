"""What a push wants is read before git gets it."""

import io

import pytest

from evalmark.localhub.message import Denied
from evalmark.localhub.pkt import Command, Push, line, read_push, refusal

OLD, NEW = "0" * 40, "a" * 40
FIRST = f"{OLD} {NEW} refs/heads/main\0 report-status side-band-64k agent=git/2\n".encode()


def test_push__commands_and_capabilities() -> None:
    sent = line(b"shallow " + NEW.encode()) + line(FIRST) + line(f"{NEW} {OLD} refs/tags/v1".encode()) + b"0000PACK"
    push = read_push(io.BytesIO(sent))
    assert push.commands == (Command(OLD, NEW, "refs/heads/main"), Command(NEW, OLD, "refs/tags/v1"))
    assert push.capabilities == {"report-status", "side-band-64k", "agent=git/2"}


def test_push__of_nothing() -> None:
    assert read_push(io.BytesIO(b"0000")) == Push((), frozenset())


@pytest.mark.parametrize(
    "sent", [b"zzzz", b"0001", b"0004", b"00", b"0020short", line(b"hello"), line(FIRST) + line(b"\0\n")]
)
def test_push__that_is_none(sent: bytes) -> None:
    with pytest.raises(Denied):
        read_push(io.BytesIO(sent))


def test_push__of_too_many_refs() -> None:
    with pytest.raises(Denied):
        read_push(io.BytesIO(line(FIRST) * 1001 + b"0000"))


@pytest.mark.parametrize("capability", ["", "side-band", "side-band-64k"])
def test_refusal__is_gits_own_report(capability: str) -> None:
    push = Push((Command(OLD, NEW, "refs/heads/main"),), frozenset({capability}))
    told = refusal(push, ["no\nright"])
    assert b"ng refs/heads/main no right\n" in told
    assert told.endswith(b"0000")
    assert (b"\1" in told) == bool(capability)
