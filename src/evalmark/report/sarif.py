"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors read."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from evalmark.finding import Finding, Severity
from evalmark.report.escape import plain

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
LONGEST = 1000


def findings_as_sarif(findings: Sequence[Finding], version: str) -> str:
    """One run of evalmark of this version, with the rules that found something."""
    rules = sorted({finding.rule for finding in findings})
    driver = {
        "name": "evalmark",
        "semanticVersion": version,
        "rules": [{"id": rule, "helpUri": f"docs/rules.md#{rule}"} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules.index(finding.rule)) for finding in findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    place = finding.place
    text = f"{finding.message}. {finding.help}" if finding.help else finding.message
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.path)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }
    if place.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(place.pointer)}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": plain(text, LONGEST)},
        "locations": [location],
    }
