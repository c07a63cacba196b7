"""Findings in the form that is asked for. `FORMATS` is the one list of forms."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from evalmark.finding import Finding, as_data
from evalmark.report.annotations import findings_as_annotations
from evalmark.report.findings_text import findings_as_text
from evalmark.report.sarif import findings_as_sarif


class Shown(NamedTuple):
    """What a form may need beside the findings: the files' bytes for source lines, whether to colour, our version."""

    version: str
    files: Mapping[str, bytes] = MappingProxyType({})
    colour: bool = False


def findings_as_json(findings: Sequence[Finding]) -> str:
    """`{"findings": [{"rule", "severity", "path", "line", "column", "pointer", "message", "help"}]}`."""
    body = {"findings": [as_data(finding) for finding in findings]}
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


def _text(findings: Sequence[Finding], shown: Shown) -> str:
    return findings_as_text(findings, files=shown.files, colour=shown.colour)


FORMATS: Mapping[str, Callable[[Sequence[Finding], Shown], str]] = MappingProxyType(
    {
        "text": _text,
        "json": lambda findings, _shown: findings_as_json(findings),
        "github": lambda findings, _shown: findings_as_annotations(findings),
        "sarif": lambda findings, shown: findings_as_sarif(findings, shown.version),
    }
)
