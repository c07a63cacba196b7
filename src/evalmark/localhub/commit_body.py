"""What a commit request says: a line of JSON for its words, and one for each file."""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evalmark.localhub.message import Denied
from evalmark.localhub.names import is_entry_path
from evalmark.localhub.writing import Change

_MOST_OPERATIONS = 20_000
_LONGEST_PATH = 1000


@dataclass(frozen=True)
class CommitBody:
    """The summary and description of a commit, the commit it was made for, and what it changes."""

    summary: str
    description: str
    parent: str
    changes: tuple[Change, ...]

    @property
    def message(self) -> str:
        """As git keeps it."""
        return f"{self.summary}\n\n{self.description}".strip() + "\n"


def read_commit_body(lines: Iterable[bytes]) -> CommitBody:
    """Raises `Denied` (400) for what no client of the Hub sends."""
    operations = _operations(lines)
    header = next(operations, ("", {}))
    if header[0] != "header":
        raise Denied(400, "the first line of a commit must be its header")
    words = {name: _text(header[1], name) for name in ("summary", "description", "parentCommit")}
    if not words["summary"].strip():
        raise Denied(400, "a commit needs a summary")
    changes = tuple(_change(key, value) for key, value in operations)
    if len(changes) > _MOST_OPERATIONS:
        raise Denied(400, f"a commit changes at most {_MOST_OPERATIONS} files")
    return CommitBody(words["summary"].strip(), words["description"], words["parentCommit"], changes)


def _operations(lines: Iterable[bytes]) -> Iterator[tuple[object, Mapping[str, object]]]:
    for line in lines:
        try:
            operation = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError) as problem:
            raise Denied(400, "a line of the commit is not JSON") from problem
        if operation is not None:
            if not isinstance(operation, dict) or not isinstance(operation.get("value"), dict):
                raise Denied(400, 'each line of a commit must be {"key": …, "value": {…}}')
            yield operation.get("key"), operation["value"]


def _change(key: object, value: Mapping[str, object]) -> Change:
    path = _text(value, "path")
    if key == "deletedFolder":
        path = path.rstrip("/")
    if not is_entry_path(path) or len(path) > _LONGEST_PATH:
        raise Denied(400, f"{path[:100]!r} is not a path inside of a repo")
    if key in {"deletedFile", "deletedFolder"}:
        return Change(path, None)
    if key != "file":
        raise Denied(400, f"this local Hub takes regular files only, and no {key!r} (no Git LFS, no Xet)")
    return Change(path, _content(value))


def _content(value: Mapping[str, object]) -> bytes:
    content = _text(value, "content")
    if value.get("encoding") not in {None, "base64", "utf-8"}:
        raise Denied(400, "the content of a file comes in base64")
    if value.get("encoding") != "base64":
        return _utf8(content)
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise Denied(400, "the content of a file is not base64") from problem


def _text(value: Mapping[str, object], name: str) -> str:
    text = value.get(name, "")
    if text is None:
        return ""
    if not isinstance(text, str):
        raise Denied(400, f"{name} must be text")
    _utf8(text)
    return text


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as problem:
        raise Denied(400, "the text holds half a character") from problem
