"""Lines about a repo: files, hooks, workflows, the account; and whether it is ready."""

import pytest

from evalmark.authoring.account import Account, account_lines
from evalmark.authoring.files import MOST, file_lines
from evalmark.authoring.readiness import Line, State, must_be_fixed, summary
from evalmark.authoring.setup import Setup, setup_lines
from evalmark.finding import Finding, Place, Severity
from evalmark.report.readiness import as_data, as_text

VERSION = "0.1.0"
COMMIT = "a" * 40
CONFIG = """\
repos:
  - repo: https://github.com/evalmark/evalmark
    rev: v0.1.0
    hooks:
      - id: check-eval-results
"""


def states(lines: list[Line]) -> list[tuple[State, str]]:
    return [(line.state, line.about) for line in lines]


@pytest.mark.parametrize(
    ("setup", "expected"),
    [
        pytest.param(Setup(), [("note", "hook")], id="nothing"),
        pytest.param(Setup(hooks="repos: []"), [("note", "hook")], id="other hooks"),
        pytest.param(Setup(hooks=CONFIG), [("note", "hook")], id="no git"),
        pytest.param(Setup(hooks=CONFIG, in_git=True), [("fix", "hook")], id="not installed"),
        pytest.param(Setup(CONFIG, "#!/bin/sh\nmake", in_git=True), [("fix", "hook")], id="another hook runs"),
        pytest.param(Setup(CONFIG, "exec pre-commit", in_git=True), [("ok", "hook")], id="installed"),
        pytest.param(Setup(None, "evalmark check .", in_git=True), [("ok", "hook")], id="git's own"),
        pytest.param(
            Setup(CONFIG.replace("v0.1.0", "v0.0.9"), "exec pre-commit", in_git=True),
            [("note", "hook"), ("ok", "hook")],
            id="an older one",
        ),
        pytest.param(
            Setup(CONFIG.replace("    rev: v0.1.0\n", ""), "exec pre-commit", in_git=True),
            [("ok", "hook")],
            id="no pin",
        ),
    ],
)
def test_setup_lines__hooks(setup: Setup, expected: list[tuple[State, str]]) -> None:
    assert [each for each in states(list(setup_lines(setup, VERSION, is_model=True))) if each[1] == "hook"] == expected


@pytest.mark.parametrize(
    ("workflows", "expected"),
    [
        ({}, "note"),
        ({"ci.yml": "uses: actions/checkout@v5"}, "note"),
        ({"e.yml": f"      - uses: evalmark/evalmark@{COMMIT} # v0.1.0"}, "ok"),
        ({"e.yml": "      - uses: evalmark/evalmark@v1\n"}, "fix"),
        ({"e.yml": f"      - uses: evalmark/evalmark@{COMMIT}\n        hub-repo: acme/acme-7b\n"}, "fix"),
    ],
)
def test_setup_lines__workflows_of_a_model_repo(workflows: dict[str, str], expected: State) -> None:
    setup = Setup(workflows=workflows)

    assert ("workflow", expected) in [(line.about, line.state) for line in setup_lines(setup, VERSION, is_model=True)]
    assert "workflow" not in [line.about for line in setup_lines(setup, VERSION, is_model=False)]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (None, [("note", "token")]),
        (Account("eve", "read"), [("ok", "token"), ("fix", "permissions")]),
        (Account("acme", "write"), [("ok", "token"), ("ok", "permissions")]),
        (Account("eve", "write", (("acme", "write"),)), [("ok", "token"), ("ok", "permissions")]),
        (Account("eve", "write", (("acme", "read"),)), [("ok", "token"), ("unknown", "permissions")]),
        (Account("eve", "fineGrained", (("acme", "admin"),)), [("ok", "token"), ("unknown", "permissions")]),
        (Account("eve", "write"), [("ok", "token"), ("note", "permissions")]),
    ],
)
def test_account_lines(account: Account | None, expected: list[tuple[State, str]]) -> None:
    assert states(list(account_lines(account, "acme/adder"))) == expected


def test_account_lines__of_a_repo_without_a_name() -> None:
    assert states(list(account_lines(Account("eve", "write"), None))) == [("ok", "token"), ("unknown", "permissions")]


def finding(severity: Severity, help_text: str = "mend it") -> Finding:
    return Finding("a-rule", severity, Place("eval.yaml", 3), "it is wrong", help_text)


def test_file_lines__worst_first_and_not_all() -> None:
    many = [*[finding(Severity.INFO)] * MOST, finding(Severity.ERROR, "")]
    lines = list(file_lines(many, 1))

    assert [line.state for line in lines] == ["fix", *["note"] * (MOST - 1), "fix"]
    assert (lines[0].what, lines[0].fix) == ("eval.yaml:3:1: a-rule: it is wrong", "evalmark check")
    assert list(file_lines([finding(Severity.WARNING)] * (MOST + 1), 1))[-1].state == "note"
    assert states(list(file_lines([finding(Severity.WARNING)], 1))) == [("note", "files")]
    assert states(list(file_lines([], 2))) == [("ok", "files")]


LINES = [
    Line("ok", "files", "fine"),
    Line("fix", "hook", "\x1b[2Jbad", "do this"),
    Line("note", "a", "b", "c"),
    Line("unknown", "d", "e"),
]


def test_as_text__each_line_with_its_fix_and_no_foreign_control_characters() -> None:
    assert as_text(LINES, colour=False).splitlines() == [
        "ok       files: fine",
        "fix      hook: [2Jbad",
        "         → do this",
        "note     a: b",
        "         → c",
        "unknown  d: e",
        "",
        "not ready: 1 to fix; 1 to think about; 1 not known",
    ]
    assert "\x1b[31mfix" in as_text(LINES, colour=True)


def test_ready() -> None:
    assert must_be_fixed(LINES)
    assert summary(LINES[:1]) == "ready"
    assert as_data(LINES[:1]) == {
        "ready": True,
        "lines": [{"state": "ok", "about": "files", "what": "fine", "fix": ""}],
    }
