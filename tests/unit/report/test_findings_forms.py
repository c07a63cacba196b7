"""Findings as annotations, SARIF, JSON and text with source lines."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from evalmark.finding import Finding, Place, Severity
from evalmark.report.findings import FORMATS, Shown

SARIF_SCHEMA = Path(__file__).parents[2] / "data" / "sarif-2.1.0-rtm.5.json"
HOSTILE = "100%\n::error::forged,: \x1b[31m"


def finding(
    severity: Severity = Severity.ERROR, line: int = 1, message: str = "wrong", path: str = "a.yaml"
) -> Finding:
    return Finding("value-missing", severity, Place(path, line, 3, "[0].value"), message, "write it")


def form(name: str, findings: list[Finding], **files: bytes) -> str:
    contents = {path.replace("_", "."): content for path, content in files.items()}
    return FORMATS[name](findings, Shown("1.2.3", contents))


def test_annotations__are_workflow_commands_worst_first() -> None:
    text = form("github", [finding(Severity.WARNING), finding(Severity.INFO), finding(Severity.ERROR, 7)])

    assert text.splitlines() == [
        "::error file=a.yaml,line=7,col=3,title=value-missing::wrong — write it",
        "::warning file=a.yaml,line=1,col=3,title=value-missing::wrong — write it",
        "::notice file=a.yaml,line=1,col=3,title=value-missing::wrong — write it",
    ]


def test_annotations__more_than_ten_are_counted() -> None:
    lines = form("github", [finding(line=line) for line in range(1, 14)]).splitlines()

    assert len(lines) == 11
    assert "3 more findings" in lines[-1]


def test_annotations__foreign_text_forges_no_command() -> None:
    text = form("github", [finding(message=HOSTILE, path=f"{HOSTILE}.yaml")])

    assert len(text.splitlines()) == 1
    assert "100%25 ::error::forged" in text
    assert "file=100%25 %3A%3Aerror%3A%3Aforged%2C%3A [31m.yaml,line=1" in text


@pytest.mark.parametrize("findings", [[], [finding()], [finding(severity, message=HOSTILE) for severity in Severity]])
def test_sarif__passes_its_schema(findings: list[Finding]) -> None:
    body = json.loads(form("sarif", findings))

    Draft4Validator(json.loads(SARIF_SCHEMA.read_text())).validate(body)
    assert len(body["runs"][0]["results"]) == len(findings)


def test_json__has_the_documented_keys() -> None:
    assert json.loads(form("json", [finding()])) == {
        "findings": [
            {
                "rule": "value-missing",
                "severity": "error",
                "path": "a.yaml",
                "line": 1,
                "column": 3,
                "pointer": "[0].value",
                "message": "wrong",
                "help": "write it",
            }
        ]
    }


@pytest.mark.parametrize(
    ("content", "source"),
    [
        pytest.param(b"- value:\n", ["    - value:", "      ^"], id="line and caret"),
        pytest.param(b"\xef\xbb\xbf- value:\r\n", ["    - value:", "      ^"], id="byte order mark"),
        pytest.param(b"- \x1b[31m\n", [], id="control characters"),
        pytest.param(b"x" * 300, [], id="long line"),
        pytest.param(b"", [], id="no line"),
    ],
)
def test_text__shows_the_line_with_a_caret_if_it_can_be_shown(content: bytes, source: list[str]) -> None:
    lines = form("text", [finding()], a_yaml=content).splitlines()

    assert lines == ["a.yaml:1:3: error value-missing wrong", *source, "    write it ([0].value)"]


def test_sarif__a_finding_about_the_whole_file_has_no_field() -> None:
    whole = Finding("file-suffix", Severity.ERROR, Place("a b.yml"), "wrong suffix")

    result = json.loads(form("sarif", [whole]))["runs"][0]["results"][0]

    assert result["locations"][0] == {
        "physicalLocation": {"artifactLocation": {"uri": "a%20b.yml"}, "region": {"startLine": 1, "startColumn": 1}}
    }
