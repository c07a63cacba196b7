"""pydantic decides whether a tree fits a model; here its errors become findings with our words."""

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evalmark.finding import Finding, Place, Replace, Severity, by_place
from evalmark.formats import nodes
from evalmark.formats.edits import renamed_key
from evalmark.formats.nodes import Node, Scalar

M = TypeVar("M", bound=BaseModel)

ANY_ERROR = "*"


class Wording(NamedTuple):
    """How a finding of one rule reads. `{field}` and `{found}` in `message` and `help` are filled in.

    `fix` gives the edit for a node with one right answer.
    """

    rule: str
    message: str
    help: str | Callable[[Node], str]
    fix: Callable[[Node], Replace | None] | None = None


class Part(NamedTuple):
    """A mapping inside a file: what people call it, and the model that knows its keys."""

    name: str
    model: type[BaseModel]


class FileKind(NamedTuple):
    """The words for one kind of file.

    A field is named by its pattern: its pointer without numbers (`tasks[].field_spec.input`), and
    with `*` for a key that the file's author chooses (`tasks.*.unit` below `free_keys` `tasks`).
    `wordings` is asked for (pattern, pydantic's error type), then for (pattern, `missing`) if the
    field is null, then (pattern, `*`), (`*`, type) and (`*`, `*`). `refused` has the words, by pattern, for keys
    that are left out of the format for a reason that is worth telling.
    """

    parts: Mapping[str, Part]
    wordings: Mapping[tuple[str, str], Wording]
    renamed: Mapping[str, str] = MappingProxyType({})
    free_keys: frozenset[str] = frozenset()
    refused: Mapping[str, Wording] = MappingProxyType({})


class Validated(NamedTuple, Generic[M]):
    """A model, or None and the findings that say why. Warnings can come with a model."""

    model: M | None
    findings: tuple[Finding, ...]


def validate(model: type[M], root: Node, kind: FileKind) -> Validated[M]:
    """Make a model of a tree."""
    unknown = list(unknown_keys(root, kind))
    try:
        return Validated(model.model_validate(nodes.plain_data(root)), by_place(unknown))
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    found = (_finding(detail, root, kind) for detail in details if not _is_echo(detail, root, kind))
    # A union reports an error for each of its members; in our words they are one.
    return Validated(None, by_place(dict.fromkeys([*unknown, *found])))


def unknown_keys(root: Node, kind: FileKind) -> Iterator[Finding]:
    """Keys that no model knows: errors where the model forbids them, else warnings."""
    yield from _unknown_keys(root, "", kind)


def did_you_mean(word: str, names: Collection[str]) -> str | None:
    """The one of `names` that `word` was probably meant to be."""
    return next(iter(difflib.get_close_matches(nodes.shown(word), names, n=1, cutoff=0.6)), None)


def one_of(names: Collection[str], renamed: Mapping[str, str] = MappingProxyType({})) -> Callable[[Node], str]:
    """Help for a field with a closed list of values; `renamed` has what others call them."""

    def help_text(node: Node) -> str:
        written = node.text if isinstance(node, Scalar) else ""
        meant = renamed.get(written) or did_you_mean(written, names)
        return f"did you mean `{meant}`?" if meant else f"use one of: {', '.join(names)}"

    return help_text


def _unknown_keys(node: Node, pattern: str, kind: FileKind) -> Iterator[Finding]:
    if isinstance(node, nodes.Sequence):
        for item in node.items:
            yield from _unknown_keys(item, f"{pattern}[]", kind)
    elif isinstance(node, nodes.Mapping):
        yield from _unknown_keys_of(node, pattern, kind)


def _unknown_keys_of(node: nodes.Mapping, pattern: str, kind: FileKind) -> Iterator[Finding]:
    part = kind.parts.get(pattern)
    known = _known_keys(part.model) if part is not None else None
    for key, value in node.pairs:
        below = _child_pattern(pattern, key.text, kind)
        if part is not None and known is not None and key.text not in known:
            refused = kind.refused.get(below)
            yield _refused(value, key.place, refused) if refused else _unknown_key(key, node, part, kind)
        elif not isinstance(value, Scalar):
            yield from _unknown_keys(value, below, kind)


@cache
def _known_keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _unknown_key(key: Scalar, around: nodes.Mapping, part: Part, kind: FileKind) -> Finding:
    known = _known_keys(part.model)
    renamed = kind.renamed.get(key.text)
    meant = renamed if renamed in known else did_you_mean(key.text, known)
    forbidden = part.model.model_config.get("extra") == "forbid"
    return Finding(
        "unknown-key",
        Severity.ERROR if forbidden else Severity.WARNING,
        key.place,
        f"`{nodes.shown(key.text)}` is not a key of {part.name}",
        f"did you mean `{meant}`?" if meant else f"the keys are: {', '.join(known)}",
        renamed_key(key, around, renamed) if renamed in known else None,
    )


def _refused(value: Node, place: Place, wording: Wording) -> Finding:
    advice = wording.help if isinstance(wording.help, str) else wording.help(value)
    return Finding(wording.rule, Severity.ERROR, place, wording.message, advice)


def _child_pattern(pattern: str, key: str, kind: FileKind) -> str:
    if pattern in kind.free_keys:
        return f"{pattern}.*"
    return f"{pattern}.{key}" if pattern else key


def _finding(detail: ErrorDetails, root: Node, kind: FileKind) -> Finding:
    node, pattern, pointer = _walk(detail, root, kind)
    wording = _wording(pattern, detail["type"], node, kind)
    place = Place(node.place.path, node.place.line, node.place.column, pointer)
    filled = {"field": pointer[len(root.place.pointer) :].lstrip("."), "found": nodes.described(node)}
    advice = wording.help.format(**filled) if isinstance(wording.help, str) else wording.help(node)
    fix = wording.fix(node) if wording.fix is not None else None
    return Finding(wording.rule, Severity.ERROR, place, wording.message.format(**filled), advice, fix)


def _is_echo(detail: ErrorDetails, root: Node, kind: FileKind) -> bool:
    """Whether an error only repeats another: unknown keys are ours, and pydantic counts good items only."""
    node, _, _ = _walk(detail, root, kind)
    too_short_without_the_bad = detail["type"] == "too_short" and isinstance(node, nodes.Sequence) and bool(node.items)
    return too_short_without_the_bad or detail["type"] == "extra_forbidden"


def _walk(detail: ErrorDetails, root: Node, kind: FileKind) -> tuple[Node, str, str]:
    """The node that an error is about, its pattern and its pointer.

    A missing field is shown at the mapping that lacks it. pydantic also puts the member of a union
    into the path; there the walk ends.
    """
    node, pattern, pointer = root, "", root.place.pointer
    for part in detail["loc"]:
        child = nodes.child_at(node, part)
        if child is None and detail["type"] != "missing":
            break
        node = child or node
        pattern = f"{pattern}[]" if isinstance(part, int) else _child_pattern(pattern, part, kind)
        pointer = nodes.child_pointer(pointer, part)
    return node, pattern, pointer


def _wording(pattern: str, error_type: str, node: Node, kind: FileKind) -> Wording:
    candidates = [(pattern, error_type), (pattern, ANY_ERROR), (ANY_ERROR, error_type), (ANY_ERROR, ANY_ERROR)]
    if nodes.is_null(node):
        candidates.insert(1, (pattern, "missing"))
    return next(kind.wordings[candidate] for candidate in candidates if candidate in kind.wordings)
