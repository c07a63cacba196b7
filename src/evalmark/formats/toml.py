"""TOML as a tree. `tomllib` gives no places, so the line of a key is looked up in the text."""

import re
from typing import NamedTuple

from evalmark.finding import Finding, Place, Severity
from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence, child_pointer
from evalmark.formats.text import DEEPEST_NESTING, read_text

# Only the beginning of a line is looked at, so that no line can keep a regular expression busy.
_LONGEST_KEY = 300
_ONE_KEY = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_TABLE = re.compile(r"\[\[?([^\]]+)\]")
_KEY = re.compile(rf"({_ONE_KEY}(?:[ \t]*\.[ \t]*{_ONE_KEY})*)[ \t]*=")
# tomllib needs 15 s for one dotted key of 30,000 parts, so such a key is refused before it is read.
_ENDLESS_KEY = re.compile(r"(?:(?:[A-Za-z0-9_-]{1,100}|\"[^\"\n]{0,100}\"|'[^'\n]{0,100}')[ \t]*\.[ \t]*){20}")
_KEY_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_PLACE_IN_MESSAGE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")

_KeyPath = tuple[str, ...]


class TomlDocument(NamedTuple):
    """A TOML file as a tree. `root` is None if the file could not be read."""

    root: Mapping | None
    findings: tuple[Finding, ...]


class _TooDeep(Exception):
    pass


def read_toml(path: str, content: bytes, ignored: str) -> TomlDocument:
    """Read one TOML file without its top-level table `ignored`. What is wrong becomes a finding.

    Dates and times become text, since nothing that we read is one. A value's place is its key's.
    """
    file = read_text(path, content, "toml")
    if file.text is None:
        return TomlDocument(None, file.findings)
    if _ENDLESS_KEY.search(file.text):
        return TomlDocument(None, (*file.findings, _too_deep(path)))
    import tomllib  # noqa: PLC0415 - few repos have a declaration, and every check would wait for it

    try:
        data = tomllib.loads(file.text)
        data.pop(ignored, None)
        root = _Tree(path, key_places(file.text)).mapping(data, ())
    except (RecursionError, _TooDeep):
        return TomlDocument(None, (*file.findings, _too_deep(path)))
    except ValueError as error:  # besides syntax errors: an integer of more than 4,300 digits
        return TomlDocument(None, (*file.findings, _syntax(path, file.text, error)))
    return TomlDocument(root, file.findings)


def key_places(text: str) -> dict[_KeyPath, tuple[int, int]]:
    """The line and column where each key of a block table is first written."""
    places: dict[_KeyPath, tuple[int, int]] = {}
    table: _KeyPath = ()
    for number, line in enumerate(text.split("\n"), start=1):
        start = line[:_LONGEST_KEY].lstrip(" \t")
        place = (number, len(line[:_LONGEST_KEY]) - len(start) + 1)
        if match := _TABLE.match(start):
            table = _key_parts(match[1])
            for length in range(1, len(table) + 1):  # `[a.b]` begins `a` as well
                places.setdefault(table[:length], place)
        elif match := _KEY.match(start):
            places.setdefault(table + _key_parts(match[1]), place)
    return places


def _key_parts(text: str) -> _KeyPath:
    return tuple(next(part for part in match.groups() if part is not None) for match in _KEY_PART.finditer(text))


class _Tree:
    def __init__(self, path: str, places: dict[_KeyPath, tuple[int, int]]) -> None:
        self.path = path
        self.places = places

    def node(self, value: object, keys: _KeyPath) -> Node:
        if len(keys) > DEEPEST_NESTING:
            raise _TooDeep
        if isinstance(value, dict):
            return self.mapping(value, keys)
        if isinstance(value, list):
            return Sequence(tuple(self.node(item, (*keys, str(i))) for i, item in enumerate(value)), self.place(keys))
        return self.scalar(value, keys)

    def mapping(self, table: dict[str, object], keys: _KeyPath) -> Mapping:
        pairs = (
            (Scalar(key, key, plain=True, place=self.place((*keys, key))), self.node(value, (*keys, key)))
            for key, value in table.items()
        )
        return Mapping(tuple(pairs), self.place(keys))

    def scalar(self, value: object, keys: _KeyPath) -> Scalar:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        known = value if isinstance(value, str | int | float) else text
        return Scalar(known, text, plain=not isinstance(value, str), place=self.place(keys))

    def place(self, keys: _KeyPath) -> Place:
        """Where the key stands, or else the innermost key around it that was found."""
        around = (keys[:length] for length in range(len(keys), 0, -1))
        line, column = next((self.places[outer] for outer in around if outer in self.places), (1, 1))
        pointer = ""
        for key in keys:
            pointer = child_pointer(pointer, key)
        return Place(self.path, line, column, pointer)


def _too_deep(path: str) -> Finding:
    return Finding(
        "toml-too-deep",
        Severity.ERROR,
        Place(path),
        f"tables and lists stand in each other more than {DEEPEST_NESTING} deep",
        "a declaration needs six levels at most",
    )


def _syntax(path: str, text: str, error: ValueError) -> Finding:
    found = _PLACE_IN_MESSAGE.search(str(error))
    place = Place(path, int(found[1]), int(found[2])) if found else Place(path, text.count("\n") + 1)
    known = " (at " in str(error)
    problem = str(error).split(" (at ")[0] if known else "a number has too many digits"
    return Finding(
        "toml-syntax", Severity.ERROR, place, f"this is not TOML: {problem}", "see https://toml.io for how to write it"
    )
