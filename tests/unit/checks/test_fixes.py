"""The edits that come with findings: applied, the finding is gone and nothing new is wrong."""

from pathlib import Path

import pytest
import yaml

from evalmark.finding import Finding, Rename, Replace, Severity
from evalmark.flows.check import check
from tests.corpus.cases import INVALID, TODAY, case_name, files_of, findings_of, listing_of
from tests.fuzz_check import mutated_files

PATH = ".eval_results/scores.yaml"
HEAD = "- dataset: {id: cais/hle, task_id: hle}\n"
INSPECT = "name: GPQA\ndescription: Hard.\nevaluation_framework: inspect-ai\ntasks:\n"


def offset(text: str, line: int, column: int) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + column - 1


def applied(text: str, fix: Replace) -> str:
    start, end = offset(text, fix.line, fix.column), offset(text, fix.end_line, fix.end_column)
    return text[:start] + fix.text + text[end:]


def mended(text: str, findings: tuple[Finding, ...]) -> str:
    """The text after all edits, from its end to its beginning, so that no place moves."""
    fixes = [finding.fix for finding in findings if isinstance(finding.fix, Replace)]
    for fix in sorted(fixes, key=lambda fix: (fix.line, fix.column), reverse=True):
        text = applied(text, fix)
    return text


def fixed(text: str, path: str = PATH) -> str:
    return mended(text, check({path: text.encode()}, TODAY))


def edited_files() -> list[tuple[str, str]]:
    return [
        (case_name(case), path)
        for case in INVALID
        for path in files_of(case)
        if any(isinstance(finding.fix, Replace) and finding.place.path == path for finding in findings_of(case))
    ]


@pytest.mark.parametrize(("case", "path"), edited_files())
def test_fix__takes_its_finding_away_and_brings_no_error(case: str, path: str) -> None:
    folder = next(folder for folder in INVALID if case_name(folder) == case)
    text = files_of(folder)[path].decode()
    before = check({path: text.encode()}, TODAY)
    kept = {(finding.rule, finding.place.line) for finding in before if finding.fix is None}

    after = check({path: mended(text, before).encode()}, TODAY)

    assert [finding for finding in after if finding.fix is not None] == []
    assert {(item.rule, item.place.line) for item in after if item.severity is Severity.ERROR} <= kept


@pytest.mark.parametrize(("case", "path"), edited_files())
def test_fix__does_nothing_the_second_time(case: str, path: str) -> None:
    folder = next(folder for folder in INVALID if case_name(folder) == case)
    once = fixed(files_of(folder)[path].decode(), path)

    assert fixed(once, path) == once


@pytest.mark.parametrize(
    ("written", "mended_line"),
    [
        ("  date: 2026-01-15  # measured\n", '  date: "2026-01-15"  # measured\n'),
        ("  date: 2026-01-15T10:30:00Z\n", '  date: "2026-01-15T10:30:00Z"\n'),
        ("  date: '2026/1/5'\n", '  date: "2026-01-05"\n'),
        ("  verify_token: a.b.c\n", "  verifyToken: a.b.c\n"),
        ("  notes: 'w/ tools' # as reported\n", '  notes: "With tools" # as reported\n'),
        ("  notes: no-tools # as reported\n", ""),
        ("  notes: yes\n", '  notes: "yes"\n'),
        ("  source: {url: https://a.org/b, user: '@ada'}\n", '  source: {url: https://a.org/b, user: "ada"}\n'),
        ("  source: {url: https://a.org/b, user: mteb}\n", "  source: {url: https://a.org/b, org: mteb}\n"),
    ],
)
def test_fix__of_a_line_in_an_entry(written: str, mended_line: str) -> None:
    assert fixed(f"{HEAD}  value: 20.9\n{written}") == f"{HEAD}  value: 20.9\n{mended_line}"


@pytest.mark.parametrize(
    ("value", "number"),
    [("'20.9%'", "20.9"), ("20,9", "20.9"), ('" 20 %"', "20"), ("1e1", "10"), ("-.5", "-0.5"), ("0o17", "15")],
)
def test_fix__of_a_value(value: str, number: str) -> None:
    assert fixed(f"{HEAD}  value: {value}\n") == f"{HEAD}  value: {number}\n"


@pytest.mark.parametrize("value", ["7,250", "012", "about 20", "'0x1F%'", "yes", "1:30"])
def test_fix__value_without_one_right_answer_stays(value: str) -> None:
    text = f"{HEAD}  value: {value}\n"

    assert fixed(text) == text


@pytest.mark.parametrize(
    "entry",
    [
        "  value: 20.9\n  score: 21\n",
        "  metrics: [{value: 3}]\n",
        "  score: high\n",
        "  score: .inf\n",
        "  value: 20.9\n  verify_token: 5\n",
        "  value: 20.9\n  note: With tools\n",
        "  value: 20.9\n  notes:\n    no-tools\n",
        "  value: 20.9\n  date: |\n    2026/1/5\n",
        "  value: 20.9\n  date: 01/02/2026\n",
        "  value: 20.9\n  source: {url: 'https://a.org/b', user: '@ a'}\n",
    ],
)
def test_fix__without_one_right_answer_stays(entry: str) -> None:
    assert fixed(HEAD + entry) == HEAD + entry


def test_fix__renames_a_key_whose_value_fits() -> None:
    assert fixed(f"{HEAD}  score: 20.9\n") == f"{HEAD}  value: 20.9\n"


def test_fix__in_a_benchmark() -> None:
    task = (
        "  - id: {}\n    {}: main\n    field_spec: {{}}\n    solvers: [{{name: generate}}]\n    {}: [{{name: match}}]\n"
    )

    once = fixed(INSPECT + task.format("no", "subset", "scores"), "eval.yaml")

    assert once == INSPECT + task.format('"no"', "config", "scorers")


def test_fix__leaves_arguments_of_inspect_to_people() -> None:
    text = (
        INSPECT + "  - field_spec: {}\n    solvers: [{name: multiple_choice, args: {cot: yes}}]\n"
        "    scorers: [{name: choice}]\n"
    )

    assert fixed(text, "eval.yaml") == text


def test_edits__leave_a_file_that_both_versions_read_alike() -> None:
    once = fixed(f"{HEAD}  value: 20.9\n  date: 2026-01-15\n  notes: on\n")

    assert yaml.safe_load(once)[0] == {
        "dataset": {"id": "cais/hle", "task_id": "hle"},
        "value": 20.9,
        "date": "2026-01-15",
        "notes": "on",
    }


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_rename__goes_where_nothing_is(case: Path) -> None:
    moves = [finding.fix.path for finding in findings_of(case) if isinstance(finding.fix, Rename)]

    assert len(set(moves)) == len(moves)
    assert not {file.path for file in listing_of(case)} & set(moves)


def errors_in(findings: tuple[Finding, ...]) -> int:
    return sum(finding.severity is Severity.ERROR for finding in findings)


def test_fix__of_mutated_files_brings_no_more_errors_and_leaves_nothing_to_mend() -> None:
    mended_files = 0
    for path, content in mutated_files(6_000, seed=9):
        before = check({path: content}, TODAY)
        fixable = any(isinstance(finding.fix, Replace) for finding in before)
        if not fixable or any(finding.rule.startswith("yaml-") and finding.fix is None for finding in before):
            continue
        mended_files += 1
        once = mended(content.decode(), before)
        after = check({path: once.encode()}, TODAY)
        # A key that got its right name can have a value to mend: `subset: yes`.
        twice = check({path: mended(once, after).encode()}, TODAY)

        assert errors_in(after) <= errors_in(before)
        assert [finding for finding in twice if finding.fix is not None] == []

    assert mended_files > 80
