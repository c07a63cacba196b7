"""Scalars that the Hub and the Python tools read differently, anywhere in a file."""

import math
from collections.abc import Iterable, Iterator

from evalmark.checks.registry import found
from evalmark.finding import Finding, Replace, Severity
from evalmark.formats.edits import quoted, replaced
from evalmark.formats.nodes import Node, Scalar, Sequence, described
from evalmark.formats.older_yaml import MAY_DIFFER, OlderReading, older_reading


def _candidates(node: Node) -> Iterator[Scalar]:
    """Every key and value without quotes at or below `node` that may differ by its first character."""
    if isinstance(node, Scalar):
        if node.plain and node.text[:1] in MAY_DIFFER:
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _candidates(item)
    else:
        for key, value in node.pairs:
            if key.text[:1] in MAY_DIFFER and key.plain:
                yield key
            if not isinstance(value, Scalar) or (value.plain and value.text[:1] in MAY_DIFFER):
                yield from _candidates(value)


def pointers_of_errors(findings: Iterable[Finding]) -> frozenset[str]:
    """The fields that are wrong already: what two readers make of them does not matter."""
    return frozenset(finding.place.pointer for finding in findings if finding.severity is Severity.ERROR)


def version_findings(root: Node, wrong: frozenset[str]) -> Iterator[Finding]:
    """`yaml-versions-differ` in a results file: an error where two readers see two scores, else a warning.

    A date is left to `date-not-quoted`, a field with a pointer in `wrong` to what is wrong with it.
    """
    for scalar in _candidates(root):
        older = older_reading(scalar.text)
        pointer = scalar.place.pointer
        if older is None or pointer in wrong or (older.is_date and pointer.endswith("].date")):
            continue
        worst = older.number is not None and pointer.endswith("].value")
        yield _differs(scalar, older, Severity.ERROR if worst else Severity.WARNING)


def benchmark_version_findings(root: Node, wrong: frozenset[str], *, inspect: bool) -> Iterator[Finding]:
    """`yaml-versions-differ` in a benchmark: an error in what Inspect reads, which is the tasks."""
    for scalar in _candidates(root):
        older = older_reading(scalar.text)
        if older is not None and scalar.place.pointer not in wrong:
            read_by_inspect = inspect and scalar.place.pointer.startswith("tasks[")
            yield _differs(scalar, older, Severity.ERROR if read_by_inspect else Severity.WARNING)


def _differs(scalar: Scalar, older: OlderReading, severity: Severity) -> Finding:
    finding = found(
        "yaml-versions-differ",
        scalar.place,
        f"{described(scalar)} is {older.words} to readers of YAML 1.1, such as Inspect and huggingface_hub",
        _advice(scalar),
        _fix(scalar, older),
    )
    return finding._replace(severity=severity)


def _advice(scalar: Scalar) -> str:
    if isinstance(scalar.value, int | float):
        return f"write {read_by_both(scalar.value)}, which both read alike"
    return "put it in quotes if it is a text; else write it in the way that both read"


def _fix(scalar: Scalar, older: OlderReading) -> Replace | None:
    """Quote a text. What is two numbers, or true for Inspect where the Hub has a text, has no one right answer."""
    if ".args" in scalar.place.pointer:
        return None
    if isinstance(scalar.value, int | float):
        return None if older.number is not None else replaced(scalar, read_by_both(scalar.value))
    return quoted(scalar)


def read_by_both(value: float) -> str:
    """A number in the form that both versions read: with an exponent, YAML 1.1 needs a point and a sign."""
    if math.isinf(value):
        return f"{'-' if value < 0 else ''}.inf"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    mantissa, exponent, power = str(value).partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}" if exponent else mantissa
