"""`.evalmark.toml`: text in; a typed model and findings out. Nothing here raises for what a file contains."""

from collections.abc import Iterator
from typing import NamedTuple

from evalmark.finding import Finding, Severity, by_place, has_error
from evalmark.formats.declaration import Declaration
from evalmark.formats.nodes import Mapping, Scalar, shown
from evalmark.formats.toml import read_toml
from evalmark.formats.translate import validate
from evalmark.formats.variants import usual_notes
from evalmark.formats.wording_declaration import DECLARATION_KIND

# The table of `.evalmark.toml` that holds the linter's own settings.
SETTINGS_TABLE = "check"


class ParsedDeclaration(NamedTuple):
    """The declaration, or None if there is an error. `root` is the whole file; None if it is not TOML."""

    declaration: Declaration | None
    findings: tuple[Finding, ...]
    root: Mapping | None = None


def parse_declaration(path: str, text: bytes) -> ParsedDeclaration:
    """Read an `.evalmark.toml` file; its table `[check]` is left to the linter."""
    document = read_toml(path, text, ignored=SETTINGS_TABLE)
    if document.root is None:
        return ParsedDeclaration(None, document.findings)
    validated = validate(Declaration, document.root, DECLARATION_KIND)
    names = [finding for table in parts_of(document.root) for finding in _name_findings(table)]
    findings = by_place([*document.findings, *validated.findings, *names])
    return ParsedDeclaration(None if has_error(findings) else validated.model, findings, document.root)


def parts_of(root: Mapping) -> Iterator[Mapping]:
    """The whole file, and the table of each task: what may hold the keys of a task."""
    yield root
    tasks = root.get("tasks")
    if isinstance(tasks, Mapping):
        yield from (table for _, table in tasks.pairs if isinstance(table, Mapping))


def _name_findings(table: Mapping) -> Iterator[Finding]:
    """Names of variants that no entry can have, or that two variants share."""
    variants = table.get("variants")
    first: dict[str, Scalar] = {}
    for name, _ in variants.pairs if isinstance(variants, Mapping) else ():
        usual = usual_notes(name.text)
        if not usual:
            yield _variant_name(
                name,
                f"`{shown(name.text)}` is the usual set-up, which is no variant",
                "declare it outside of `variants`: the `[settings]` of the file or of the task",
            )
        elif usual in first:
            yield _variant_name(
                name,
                f"`{shown(name.text)}` is the variant `{shown(first[usual].text)}` once more",
                "keep one of them",
            )
        first.setdefault(usual, name)


def _variant_name(name: Scalar, message: str, advice: str) -> Finding:
    return Finding("variant-name", Severity.ERROR, name.place, message, advice)
