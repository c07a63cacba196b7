"""Check files: parse each by what its name says it is."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from evalmark.finding import Finding, by_place
from evalmark.formats.parse import parse_benchmark, parse_declaration, parse_results


def check(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Findings of all files (bytes by path), sorted by place."""
    return by_place(finding for path, content in files.items() for finding in _findings(path, content))


def _findings(path: str, content: bytes) -> tuple[Finding, ...]:
    match PurePosixPath(path).name:
        case "eval.yaml":
            return parse_benchmark(path, content).findings
        case ".evalmark.toml":
            return parse_declaration(path, content).findings
        case _:
            return parse_results(path, content).findings
