"""`.evalmark.toml`: text in; a typed model and findings out. Nothing here raises for what a file contains."""

from typing import NamedTuple

from evalmark.finding import Finding, by_place, has_error
from evalmark.formats.declaration import Declaration
from evalmark.formats.toml import read_toml
from evalmark.formats.translate import validate
from evalmark.formats.wording_declaration import DECLARATION_KIND

# The table of `.evalmark.toml` that holds the linter's own settings.
SETTINGS_TABLE = "check"


class ParsedDeclaration(NamedTuple):
    """The declaration, or None if there is an error."""

    declaration: Declaration | None
    findings: tuple[Finding, ...]


def parse_declaration(path: str, text: bytes) -> ParsedDeclaration:
    """Read an `.evalmark.toml` file; its table `[check]` is left to the linter."""
    document = read_toml(path, text, ignored=SETTINGS_TABLE)
    if document.root is None:
        return ParsedDeclaration(None, document.findings)
    validated = validate(Declaration, document.root, DECLARATION_KIND)
    findings = by_place([*document.findings, *validated.findings])
    return ParsedDeclaration(None if has_error(findings) else validated.model, findings)
