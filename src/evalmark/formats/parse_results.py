"""`.eval_results/*.yaml`: text in; entries, places and findings out. Nothing here raises for what a file contains."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from evalmark.finding import Finding, Place, Severity, by_place, has_error
from evalmark.formats import nodes
from evalmark.formats.document import read_document
from evalmark.formats.nodes import Node
from evalmark.formats.results import MOST_ENTRIES, Entry
from evalmark.formats.translate import validate
from evalmark.formats.wording_results import ENTRY_KIND

_ENTRY_POINTER = re.compile(r"\[[0-9]+\]")


class LocatedEntry(NamedTuple):
    """An entry and where it stands.

    `position` is its index in the list, `node` what the file says, `value_text` the score's digits as
    written (`57.0`; decimal always).
    """

    entry: Entry
    position: int
    node: Node
    value_text: str

    @property
    def place(self) -> Place:
        """Where the entry begins."""
        return self.node.place

    @property
    def places(self) -> Mapping[str, Place]:
        """The place of every field that is there, by its pointer inside the entry: `dataset.id`."""
        return nodes.places_below(self.node)


class ParsedResults(NamedTuple):
    """The entries without an error, and everything that was found, sorted by place.

    `root` is the whole file, good or bad, for rules of their own; None if it cannot be read as entries.
    """

    entries: tuple[LocatedEntry, ...]
    findings: tuple[Finding, ...]
    root: nodes.Sequence | None = None


Parse: TypeAlias = Callable[[str, bytes], ParsedResults]


def parse_results(path: str, text: bytes) -> ParsedResults:
    """Read a `.eval_results/*.yaml` file.

    Each entry is judged by itself, so a bad one hides no good one. YAML that cannot be read, or not
    in one way only, hides what it touches: the entry, or the file.
    """
    document = read_document(path, text)
    if document.root is None or has_error(finding for finding in document.findings if not finding.place.pointer):
        return ParsedResults((), document.findings)
    if not isinstance(document.root, nodes.Sequence) or not document.root.items:
        return ParsedResults((), by_place([*document.findings, _no_entries(document.root)]))
    if len(document.root.items) > MOST_ENTRIES:
        return ParsedResults((), by_place([*document.findings, _too_many(document.root)]))
    return _parse_entries(document.root, document.findings)


def _parse_entries(root: nodes.Sequence, document_findings: tuple[Finding, ...]) -> ParsedResults:
    errors = (finding for finding in document_findings if finding.severity is Severity.ERROR)
    matches = (_ENTRY_POINTER.match(finding.place.pointer) for finding in errors)
    unsure = {match[0] for match in matches if match is not None}
    entries: list[LocatedEntry] = []
    findings = list(document_findings)
    for position, node in enumerate(root.items):
        if node.place.pointer in unsure:
            continue
        validated = validate(Entry, node, ENTRY_KIND)
        findings.extend(validated.findings)
        if validated.model is not None:
            entries.append(_located(validated.model, position, node))
    return ParsedResults(tuple(entries), by_place(findings), root)


def _located(entry: Entry, position: int, node: nodes.Node) -> LocatedEntry:
    value = nodes.child_at(node, "value")
    written = value.text if isinstance(value, nodes.Scalar) else ""
    decimal = str(int(entry.value)) if written[:2] in ("0x", "0o") else written
    return LocatedEntry(entry, position, node, decimal)


def _no_entries(root: nodes.Node) -> Finding:
    if nodes.is_null(root) or isinstance(root, nodes.Sequence):
        return Finding(
            "results-empty",
            Severity.ERROR,
            root.place,
            "the file has no entries",
            "add an entry with `dataset` and `value`, or delete the file",
        )
    return Finding(
        "results-not-a-list",
        Severity.ERROR,
        root.place,
        f"the file must be a list of entries, but it is {nodes.described(root)}",
        "begin each entry with `- `, and indent its keys below it by two spaces",
    )


def _too_many(root: nodes.Sequence) -> Finding:
    return Finding(
        "results-too-many",
        Severity.ERROR,
        root.items[MOST_ENTRIES].place,
        f"the file has {len(root.items)} entries; {MOST_ENTRIES} are allowed",
        "write one file a benchmark",
    )
