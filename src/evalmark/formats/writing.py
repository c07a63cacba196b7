"""Write entries into the text of a results file. All that is not changed stays as it is, byte by byte.

A round trip through a YAML library keeps comments but not the layout of entries that nobody touched, so the edits are
made in the text, at the places that the parser gives; what comes out is then read again and compared.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from evalmark.finding import Replace
from evalmark.formats.edits import edited
from evalmark.formats.nodes import Mapping, Node, Scalar, child_at
from evalmark.formats.parse_results import LocatedEntry, ParsedResults, parse_results
from evalmark.formats.results import Entry
from evalmark.formats.yaml_text import json_text, number_text, quoted_text, scalar_text

SOURCE_KEYS = ("url", "name", "user", "org")


class NotEditable(ValueError):
    """The file is written in a way in which an entry cannot be changed safely; the argument is one sentence."""


class Draft(NamedTuple):
    """An entry to write, with its score's digits as they are to be written."""

    entry: Entry
    digits: str


def draft(entry: Entry) -> Draft:
    """An entry whose score is written in full."""
    return Draft(entry, number_text(entry.value))


def results_text(drafts: Sequence[Draft]) -> bytes:
    """A whole new file."""
    return "\n".join(_block(each) for each in drafts).encode()


def with_entry(path: str, content: bytes, new: Draft) -> bytes:
    """The file with one entry more, at its end. Raises `NotEditable`."""
    before = _parsed(path, content)
    if before.root is None:
        raise NotEditable(f"{path} has errors, and evalmark check shows them")
    text = _ended(content)
    if _at(text, before.root) == "[":
        end = text.decode().rindex("]")
        after = f"{text.decode()[:end]}, {_flow(new)}{text.decode()[end:]}".encode()
    else:
        indent = " " * (before.root.place.column - 1)
        block = "".join(f"{indent}{line}\n" for line in _block(new).splitlines())
        after = text + _in_lines_of(text, _blank_between(text, before) + block)
    return _checked(path, after, [*(each.entry for each in before.entries), new.entry])


def with_changes(path: str, content: bytes, located: LocatedEntry, new: Draft) -> bytes:
    """The file with one of its entries changed; the benchmark and the task stay. Raises `NotEditable`."""
    before = _parsed(path, content)
    text = _ended(content)
    edits = tuple(_changes(text, located, new))
    entries = [new.entry if each.position == located.position else each.entry for each in before.entries]
    return _checked(path, edited(text, edits), entries)


def _parsed(path: str, content: bytes) -> ParsedResults:
    parsed = parse_results(path, content)
    if parsed.root is not None and len(parsed.entries) != len(parsed.root.items):
        raise NotEditable(f"{path} has errors, and evalmark check shows them")
    return parsed


def _checked(path: str, content: bytes, entries: list[Entry]) -> bytes:
    if [each.entry for each in parse_results(path, content).entries] != entries:
        raise NotEditable(f"{path} is written in a way that cannot be changed without a person")
    return content


def _ended(content: bytes) -> bytes:
    """With a line end at its end."""
    return content if content.endswith(b"\n") else content + _in_lines_of(content, "\n")


def _in_lines_of(content: bytes, text: str) -> bytes:
    return text.replace("\n", "\r\n").encode() if b"\r\n" in content else text.encode()


def _at(content: bytes, node: Node) -> str:
    """The character at which a node begins."""
    lines = content.decode().removeprefix("\ufeff").splitlines()
    return lines[node.place.line - 1][node.place.column - 1]


def _blank_between(content: bytes, parsed: ParsedResults) -> str:
    """An empty line if the file has one before its last entry."""
    line = parsed.entries[-1].place.line
    lines = content.decode().splitlines()
    return "\n" if line >= 2 and len(parsed.entries) > 1 and not lines[line - 2].strip() else ""


def _block(new: Draft) -> str:
    """`- dataset:` and the lines below it."""
    entry = new.entry
    lines = ["- dataset:", f"    id: {scalar_text(entry.dataset.id)}"]
    lines.append(f"    task_id: {scalar_text(entry.dataset.task_id)}")
    if entry.dataset.revision is not None:
        lines.append(f"    revision: {quoted_text(entry.dataset.revision)}")
    lines.append(f"  value: {new.digits}")
    if entry.verify_token is not None:
        lines.append(f"  verifyToken: {quoted_text(entry.verify_token)}")
    lines += [f"  {line}" for line in _lines("date", entry.date)]
    lines += [f"  {line}" for line in _lines("source", _source(entry))]
    lines += [f"  {line}" for line in _lines("notes", entry.notes)]
    return "\n".join(lines) + "\n"


def _flow(new: Draft) -> str:
    body: dict[str, Any] = new.entry.model_dump(by_alias=True, exclude_none=True)
    body["value"] = None
    return json_text(body).replace('"value": null', f'"value": {new.digits}')


def _source(entry: Entry) -> dict[str, str] | None:
    if entry.source is None:
        return None
    said = {key: getattr(entry.source, key) for key in SOURCE_KEYS}
    return {key: text for key, text in said.items() if text is not None}


def _lines(key: str, value: str | dict[str, str] | None) -> list[str]:
    """A key and its value as lines of a block; none for nothing."""
    match value:
        case None:
            return []
        case str():
            return [f"{key}: {_text_of(key, value)}"]
    return [f"{key}:", *(f"  {name}: {_text_of(name, text)}" for name, text in value.items())]


def _text_of(key: str, text: str) -> str:
    return quoted_text(text) if key in ("date", "revision", "verifyToken") else scalar_text(text)


def _changes(content: bytes, located: LocatedEntry, new: Draft) -> Iterator[Replace]:
    """The edits that make one entry another. Each is in a place of its own."""
    node, old, entry = located.node, located.entry, new.entry
    if located.value_text != new.digits:
        yield _replaced(child_at(node, "value"), new.digits)
    write = _Writer(content, node)
    if old.dataset.revision != entry.dataset.revision:
        yield write.text(("dataset", "revision"), entry.dataset.revision, after="task_id")
    if old.verify_token != entry.verify_token:
        yield write.text(("verifyToken",), entry.verify_token, after="value")
    if old.date != entry.date:
        yield write.text(("date",), entry.date, after="value")
    if old.source != entry.source:
        yield from _source_changes(write, old, entry)
    if old.notes != entry.notes:
        yield write.text(("notes",), entry.notes, after="value")


def _source_changes(write: "_Writer", old: Entry, new: Entry) -> Iterator[Replace]:
    told, wanted = _source(old), _source(new)
    if told is None or wanted is None:
        yield write.mapping("source", wanted, after="value" if old.date is None else "date")
        return
    for key in SOURCE_KEYS:
        if told.get(key) != wanted.get(key):
            yield write.text(("source", key), wanted.get(key), after="url")


class _Writer:
    """Writes one field of an entry where it stands, or behind another one."""

    def __init__(self, content: bytes, node: Node) -> None:
        self._content, self._node = content, node

    def text(self, path: tuple[str, ...], value: str | None, after: str) -> Replace:
        """A field that is a text; None takes it away."""
        parent = self._node if len(path) == 1 else child_at(self._node, path[0])
        there = child_at(parent, path[-1]) if parent is not None else None
        if value is None:
            return self._without(parent, path[-1])
        if there is not None:
            return _replaced(there, _text_of(path[-1], value))
        return self._inserted(parent, _lines(path[-1], value), after)

    def mapping(self, key: str, value: dict[str, str] | None, after: str) -> Replace:
        """A field that is a mapping, not there yet; None takes away one that is there."""
        if value is None:
            return self._without(self._node, key)
        if _at(self._content, self._node) == "{":
            inside = ", ".join(f"{name}: {quoted_text(text)}" for name, text in value.items())
            return self._inserted(self._node, [f"{key}: {{{inside}}}"], after)
        return self._inserted(self._node, _lines(key, value), after)

    def _inserted(self, parent: Node | None, lines: list[str], after: str) -> Replace:
        anchor = child_at(parent, after) if parent is not None else None
        if parent is None or not isinstance(anchor, Scalar) or anchor.end is None:
            raise NotEditable(f"there is no line `{after}` behind which a new one could be written")
        line, column = anchor.end
        if _at(self._content, parent) == "{":
            return Replace(line, column, line, column, f", {lines[0]}")
        indent = " " * (parent.place.column - 1)
        block = "".join(f"{indent}{each}\n" for each in lines)
        return Replace(line + 1, 1, line + 1, 1, _in_lines_of(self._content, block).decode())

    def _without(self, parent: Node | None, key: str) -> Replace:
        pairs = parent.pairs if isinstance(parent, Mapping) else ()
        for (name, value), following in zip(pairs, (*pairs[1:], None), strict=True):
            if name.text == key and name is not pairs[0][0] and parent is not None:
                last = _last_line(value)
                flow = _at(self._content, parent) == "{" or (following and following[0].place.line <= last)
                if last and not flow:
                    return Replace(name.place.line, 1, last + 1, 1, "")
        raise NotEditable(f"`{key}` cannot be taken away without a person")


def _last_line(node: Node) -> int:
    """On which a node ends; 0 if that is not known."""
    while isinstance(node, Mapping) and node.pairs:
        node = node.pairs[-1][1]
    return node.end[0] if isinstance(node, Scalar) and node.end is not None else 0


def _replaced(node: Node | None, text: str) -> Replace:
    if not isinstance(node, Scalar) or node.end is None or node.end[0] != node.place.line:
        raise NotEditable("a value that goes over several lines cannot be changed without a person")
    return Replace(node.place.line, node.place.column, *node.end, text)
