"""The rules for a declaration beyond what the parser finds."""

from collections.abc import Iterator

from evalmark.checks.fields import items_in, mapping_in, text_in
from evalmark.checks.registry import found
from evalmark.checks.rerun import pinned_findings
from evalmark.finding import Finding, Place
from evalmark.formats.declaration import LOOSE_ABOVE
from evalmark.formats.edits import is_score
from evalmark.formats.nodes import Mapping, Scalar, Sequence, shown
from evalmark.formats.parse_declaration import ParsedDeclaration, parts_of


def declaration_findings(parsed: ParsedDeclaration) -> Iterator[Finding]:
    """All findings of an `.evalmark.toml`, the parser's too."""
    yield from parsed.findings
    for table in parts_of(parsed.root) if parsed.root is not None else ():
        yield from _tolerance(table)
        yield from _judges(table)
    for key in items_in(parsed.root, "keys") if parsed.root is not None else ():
        yield from _period(key)


def _period(key: Mapping) -> Iterator[Finding]:
    since, until = text_in(key, "since"), text_in(key, "until")
    # Days that are none are found by the parser; written like this, the others are in the order of their text.
    if since is not None and until is not None and until.text < since.text:
        yield found(
            "trusted-key-period",
            until.place,
            f"the key is trusted until {shown(until.text)}, which is before it is trusted: from {shown(since.text)}",
            "swap `since` and `until`, or correct one; to refuse all receipts of a key, write `revoked`",
        )


def _tolerance(table: Mapping) -> Iterator[Finding]:
    tolerance = table.get("tolerance")
    if isinstance(tolerance, Scalar) and is_score(tolerance.value) and LOOSE_ABOVE < tolerance.value <= 1:
        yield found(
            "tolerance-loose",
            tolerance.place,
            f"scores that differ by {tolerance.value * 100:g} points would count as the same",
            "declare the `noise` instead, if runs differ so much; every report says that the tolerance is loose",
        )


def _judges(table: Mapping) -> Iterator[Finding]:
    judges = table.get("judges")
    for judge in judges.items if isinstance(judges, Sequence) else ():
        if isinstance(judge, Scalar) and "/" in judge.text:
            yield from pinned_findings(judge)


def tasks_named(root: Mapping) -> Iterator[tuple[str, Place]]:
    """The tasks of `eval.yaml` that a declaration names, with the places where it does."""
    tasks = mapping_in(root, "tasks")
    for task_id, _ in tasks.pairs if tasks is not None else ():
        yield task_id.text, task_id.place
    for table in parts_of(root):
        variants = mapping_in(table, "variants")
        for _, variant in variants.pairs if variants is not None else ():
            task = text_in(variant, "task") if isinstance(variant, Mapping) else None
            if task is not None:
                yield task.text, task.place
