"""The interface of a reader: from the parsed files of one harness to results."""

from collections.abc import Mapping
from typing import Protocol, TypeAlias

from pydantic import JsonValue

from evalmark.harness.result import Result

Documents: TypeAlias = Mapping[str, JsonValue]
"""Parsed JSON by path, relative to what the person named. NaN and infinities are None."""


class NotReadable(ValueError):
    """A file of this harness that cannot be used; the argument is one sentence for a person."""


class Reader(Protocol):
    """Reads the results of one harness."""

    harness: str

    def read(self, path: str, documents: Documents) -> tuple[Result, ...] | None:
        """The results that `documents[path]` holds, with what lies beside it; None if it is not this harness's.

        A harness that writes several files for one run answers at one of them only, and None at the others.
        Raises `NotReadable` for a file of this harness that cannot be used.
        """
