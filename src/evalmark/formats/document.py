"""YAML as the Hub reads it: version 1.2, core scalars, and nothing that makes a reader work.

Refused as findings are anchors, aliases, tags, merge keys, duplicate keys, keys that are not text,
directives, several documents, more than 64 kB and more than eight levels. The tree is made from the
parser's events, which come one at a time, so a bomb is refused before anything is built from it.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from evalmark.finding import Finding, Place, Severity, by_place
from evalmark.formats.nodes import Mapping, Node, Scalar, Sequence, child_pointer, shown
from evalmark.formats.scalars import resolve
from evalmark.formats.text import DEEPEST_NESTING, place_at, read_text

# The C parser is about ten times faster; a PyYAML built without it has only the other.
PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

NextEvent: TypeAlias = Callable[[], Any]

_STANDARD_TAG = "tag:yaml.org,2002:"

# U+0085, U+2028 and U+2029 end a line in YAML 1.1 and are letters in 1.2, so readers would disagree.
_NOT_ALLOWED = (
    "[^\\t\\n\\r\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)
# Nearly all files are ASCII; to compile the whole set takes as long as to check fifty files.
_NOT_ALLOWED_IN_ASCII = re.compile("[^\\t\\n\\r\\x20-\\x7e]")


class Document(NamedTuple):
    """A YAML file as a tree. `root` is None if the file could not be read to its end."""

    root: Node | None
    findings: tuple[Finding, ...]


class _Unreadable(Exception):
    """Reading cannot go on; the argument is the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_document(path: str, content: bytes | str, largest: int | None = None) -> Document:
    """Read one YAML file. Whatever is wrong with it becomes a finding, never an exception.

    An empty file has a null scalar for its root, as the Hub reads it. The root is there also when
    the findings are errors, so that a caller can use the parts that they do not touch.
    """
    file = read_text(path, content, "yaml", largest)
    if file.text is None:
        return Document(None, file.findings)
    tree = _Tree(path, list(file.findings))
    try:
        _refuse_characters(path, file.text)
        root = tree.build(PARSER(file.text).get_event)
    except _Unreadable as unreadable:
        return Document(None, by_place([*tree.findings, unreadable.finding]))
    except yaml.YAMLError as error:
        return Document(None, by_place([*tree.findings, _syntax(path, error)]))
    return Document(root, by_place(tree.findings))


class _Tree:
    """Makes nodes of a parser's events and collects what is refused on the way.

    Every scalar of every file passes through `node`, so the usual case is asked for first.
    """

    def __init__(self, path: str, findings: list[Finding]) -> None:
        self.path = path
        self.findings = findings

    def build(self, next_event: NextEvent) -> Node:
        next_event()
        start = next_event()
        if isinstance(start, StreamEndEvent):
            return Scalar(None, "", plain=True, place=Place(self.path))
        if start.version or start.tags:
            self.refuse("yaml-directive", start, "", "a `%` directive changes how the file is read", "delete the line")
        root = self.node(next_event(), next_event, "", 1)
        next_event()
        after = next_event()
        if isinstance(after, DocumentStartEvent):
            self.refuse(
                "yaml-several-documents",
                after,
                "",
                "a second YAML document begins here, and a file may have only one",
                "delete the `---` line, or move what follows it to a file of its own",
            )
        return root

    def node(self, event: Any, next_event: NextEvent, pointer: str, depth: int) -> Node:
        """The node that `event` begins, read to its end."""
        if isinstance(event, ScalarEvent) and event.anchor is None and event.tag is None:
            return self.scalar(event, pointer)
        if isinstance(event, AliasEvent):
            self.refuse_alias(event, pointer)
            return Scalar(None, f"*{event.anchor}", plain=True, place=self.place(event, pointer))
        if event.anchor is not None or event.tag is not None:
            self.refuse_properties(event, pointer)
        if isinstance(event, ScalarEvent):
            return self.scalar(event, pointer)
        if depth > DEEPEST_NESTING:
            raise _Unreadable(_too_deep(self.place(event, pointer)))
        if isinstance(event, SequenceStartEvent):
            return self.sequence(event, next_event, pointer, depth)
        return self.mapping(event, next_event, pointer, depth)

    def scalar(self, event: Any, pointer: str) -> Scalar:
        text, plain, start, end = event.value, not event.style, event.start_mark, event.end_mark
        value = resolve(text) if plain else text
        place = Place(self.path, start.line + 1, start.column + 1, pointer)
        return Scalar(value, text, plain, place, (end.line + 1, end.column + 1))

    def sequence(self, start: Any, next_event: NextEvent, pointer: str, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next_event(), SequenceEndEvent):
            items.append(self.node(event, next_event, child_pointer(pointer, len(items)), depth + 1))
        return Sequence(tuple(items), self.place(start, pointer))

    def mapping(self, start: Any, next_event: NextEvent, pointer: str, depth: int) -> Mapping:
        """The pairs whose key can be used. A key that cannot be is a finding, and its value is read but left out."""
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next_event(), MappingEndEvent):
            below = child_pointer(pointer, event.value) if isinstance(event, ScalarEvent) else pointer
            key = self.node(event, next_event, below, depth + 1)
            usable = self.usable_key(key, pairs)
            value = self.node(next_event(), next_event, below, depth + 1)
            if usable is not None:
                pairs[usable.text] = (usable, value)
        return Mapping(tuple(pairs.values()), self.place(start, pointer))

    def usable_key(self, key: Node, pairs: dict[str, tuple[Scalar, Node]]) -> Scalar | None:
        """The key itself if it is text, no merge key, and not there already."""
        if not isinstance(key, Scalar) or not isinstance(key.value, str):
            self.refuse_key(key)
        elif key.plain and key.text == "<<":
            self.refuse_merge(key)
        elif key.text in pairs:
            self.refuse_duplicate(key, pairs[key.text][0])
        else:
            return key
        return None

    def refuse_properties(self, event: Any, pointer: str) -> None:
        if event.anchor is not None:
            self.refuse(
                "yaml-anchor",
                event,
                pointer,
                f"the anchor `&{shown(event.anchor)}` is not allowed",
                "delete it and write the value out where it is needed",
            )
        if event.tag is not None:
            self.refuse(
                "yaml-tag",
                event,
                pointer,
                f"the tag `{shown(event.tag.replace(_STANDARD_TAG, '!!'))}` is not allowed",
                "delete it; put a text in quotes, and write a number without them",
            )

    def refuse_alias(self, event: Any, pointer: str) -> None:
        self.refuse(
            "yaml-alias",
            event,
            pointer,
            f"the alias `*{shown(event.anchor)}` is not allowed",
            "write the value out instead",
        )

    def refuse_key(self, key: Node) -> None:
        what = f"`{shown(key.text)}`" if isinstance(key, Scalar) else "a collection"
        self.add("yaml-key", key.place, f"a key must be text, but it is {what}", "use a word, or put it in quotes")

    def refuse_merge(self, key: Scalar) -> None:
        self.add(
            "yaml-merge-key",
            key.place,
            "the merge key `<<` is not part of YAML 1.2, and the Hub does not merge",
            "write the keys out where they are needed",
        )

    def refuse_duplicate(self, key: Scalar, first: Scalar) -> None:
        self.add(
            "yaml-duplicate-key",
            key.place,
            f"the key `{shown(key.text)}` is there twice; the first is on line {first.place.line}",
            "keep one of them",
        )

    def refuse(self, rule: str, event: Any, pointer: str, message: str, advice: str) -> None:
        self.add(rule, self.place(event, pointer), message, advice)

    def add(self, rule: str, place: Place, message: str, advice: str) -> None:
        self.findings.append(Finding(rule, Severity.ERROR, place, message, advice))

    def place(self, event: Any, pointer: str) -> Place:
        return Place(self.path, event.start_mark.line + 1, event.start_mark.column + 1, pointer)


def _refuse_characters(path: str, text: str) -> None:
    """Control characters, and those that are a line end to some readers only."""
    if (match := re.search(_NOT_ALLOWED_IN_ASCII if text.isascii() else _NOT_ALLOWED, text)) is not None:
        raise _Unreadable(
            Finding(
                "yaml-character",
                Severity.ERROR,
                place_at(path, text, match.start()),
                f"the character U+{ord(match[0]):04X} is not allowed: YAML readers differ about it, or refuse it",
                "delete it; it is often invisible and came with a copy and paste",
            )
        )


def _too_deep(place: Place) -> Finding:
    return Finding(
        "yaml-too-deep",
        Severity.ERROR,
        place,
        f"lists and mappings stand in each other more than {DEEPEST_NESTING} deep",
        "files of this kind need five levels; check the indentation and the brackets",
    )


def _syntax(path: str, error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
    problem = getattr(error, "problem", None) or "it cannot be decoded"
    if "nesting depth" in problem:  # libyaml's own limit, met when it looks ahead for a colon
        return _too_deep(place)
    return Finding("yaml-syntax", Severity.ERROR, place, f"this is not YAML: {problem}", _advice_for(problem))


_ADVICE = {
    "mapping values are not allowed": "put a value that contains a colon and a space in quotes",
    "cannot start any token": "indent with spaces, and put a value that begins with a special character in quotes",
    "could not find expected ':'": "write `key: value`, with a space after the colon",
    "did not find expected": "check the indentation, and that every quote and bracket is closed",
}


def _advice_for(problem: str) -> str:
    matching = (advice for part, advice in _ADVICE.items() if part in problem)
    return next(matching, "check the quotes, brackets and indentation near this place")
