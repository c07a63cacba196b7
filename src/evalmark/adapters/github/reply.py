"""What GitHub answered, read with distrust: a field is believed to be of a type only after a look."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from evalmark.errors import CouldNotFinish

_SHA = re.compile(r"[0-9a-f]{40}")

Step: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Reply:
    """A part of an answer, and where it came from: the call, then the way to the part (`head.repo`)."""

    call: str
    value: object
    way: tuple[Step, ...] = ()

    @classmethod
    def parse(cls, call: str, body: bytes) -> "Reply":
        """Read the body of an answer. Raises `CouldNotFinish` if it is no JSON."""
        try:
            return cls(call, json.loads(body) if body else None)
        except (ValueError, RecursionError):
            raise _strange(call, "no JSON") from None

    def __getitem__(self, name: str) -> "Reply":
        """A field. Raises `CouldNotFinish` if this is no object; a field that is not there reads as null."""
        if not isinstance(self.value, dict):
            self._is_no("object")
        return Reply(self.call, self.value.get(name), (*self.way, name))

    def __iter__(self) -> Iterator["Reply"]:
        """The items. Raises `CouldNotFinish` if this is no list."""
        if not isinstance(self.value, list):
            self._is_no("list")
        return (Reply(self.call, item, (*self.way, place)) for place, item in enumerate(self.value))

    @property
    def is_null(self) -> bool:
        """Null, or not there."""
        return self.value is None

    def text(self) -> str:
        """Raises `CouldNotFinish` if this is no text."""
        return self.value if isinstance(self.value, str) else self._is_no("text")

    def text_or_empty(self) -> str:
        """The text; empty for null. Raises `CouldNotFinish` for anything else."""
        return "" if self.is_null else self.text()

    def number(self) -> int:
        """Raises `CouldNotFinish` if this is no whole number from 0."""
        value = self.value
        return value if type(value) is int and value >= 0 else self._is_no("whole number")  # true is no number

    def flag(self) -> bool:
        """Raises `CouldNotFinish` if this is neither true nor false."""
        return self.value if isinstance(self.value, bool) else self._is_no("true or false")

    def sha(self) -> str:
        """An object's name: 40 hex digits. Raises `CouldNotFinish` for anything else."""
        value: Any = self.value
        return value if isinstance(value, str) and _SHA.fullmatch(value) else self._is_no("40 hex digits")

    def _is_no(self, kind: str) -> NoReturn:
        where = ".".join(str(step) for step in self.way) or "its root"
        raise _strange(self.call, f"not {kind} at `{where}`")


def said(body: bytes) -> str:
    """The message of an error and of its details ("Validation Failed: Body is too long"); empty if there is none."""
    try:
        told = Reply.parse("", body)
        details = [] if told["errors"].is_null else [each["message"].text_or_empty() for each in told["errors"]]
        return ": ".join(filter(None, (told["message"].text(), "; ".join(filter(None, details)))))
    except CouldNotFinish:
        return ""


def _strange(call: str, what: str) -> CouldNotFinish:
    return CouldNotFinish(
        f"GitHub's answer to {call} is not as GitHub describes it: {what}",
        "try again; if it stays so, check that the address of the API is right (GITHUB_API_URL)",
    )
