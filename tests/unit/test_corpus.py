"""The corpus: folders of files, with the expected findings beside each bad one. A new case needs no Python.

`valid/<name>/` holds files without any finding. `invalid/<rule-id>/<case>/` holds one file and
`expected.txt`, one finding a line: `line:column rule-id message`. Files are told by their names: what
stands in `.eval_results/` has results, `eval.yaml` a benchmark, `.evalmark.toml` a declaration.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evalmark.finding import Finding, by_place
from evalmark.formats.parse import parse_benchmark, parse_declaration, parse_results
from evalmark.formats.wording import BENCHMARK_KIND, DECLARATION_KIND, ENTRY_KIND, INSPECT_KIND

CORPUS = Path(__file__).parents[1] / "corpus"
VALID = sorted((CORPUS / "valid").iterdir())
INVALID = sorted((CORPUS / "invalid").glob("*/*"))

Findings = tuple[Finding, ...]


def parser_of(file: Path) -> Callable[[str, bytes], Findings] | None:
    if file.parent.name == ".eval_results":
        return lambda path, text: parse_results(path, text).findings
    return {
        "eval.yaml": lambda path, text: parse_benchmark(path, text).findings,
        ".evalmark.toml": lambda path, text: parse_declaration(path, text).findings,
    }.get(file.name)


def findings_by_file(case: Path) -> Iterator[tuple[Path, Findings]]:
    for file in sorted(case.rglob("*")):
        if file.is_file() and (parse := parser_of(file)) is not None:
            yield file, parse(str(file.relative_to(case)), file.read_bytes())


def case_name(case: Path) -> str:
    return str(case.relative_to(CORPUS))


def as_expected(findings: Findings) -> str:
    return "".join(f"{item.place.line}:{item.place.column} {item.rule} {item.message}\n" for item in findings)


@pytest.mark.parametrize("case", VALID, ids=case_name)
def test_valid_case__has_no_finding(case: Path) -> None:
    found = dict(findings_by_file(case))

    assert found
    assert "".join(map(as_expected, found.values())) == ""


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_invalid_case__has_exactly_the_expected_findings(case: Path) -> None:
    ((_, findings),) = findings_by_file(case)

    assert as_expected(findings) == (case / "expected.txt").read_text("utf-8")
    assert case.parent.name in {finding.rule for finding in findings}


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_invalid_case__is_sorted_and_says_how_to_fix_it(case: Path) -> None:
    ((_, findings),) = findings_by_file(case)

    assert findings == by_place(findings)
    assert all(finding.help for finding in findings)


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_invalid_case__does_not_speak_of_python(case: Path) -> None:
    ((_, findings),) = findings_by_file(case)
    text = " ".join(f"{finding.message} {finding.help}" for finding in findings)

    assert not [word for word in ("Input should", "NoneType", "pydantic", "dict", "tuple", "str,") if word in text]


@pytest.mark.parametrize("kind", [ENTRY_KIND, BENCHMARK_KIND, INSPECT_KIND, DECLARATION_KIND])
def test_every_rule_about_a_field__has_a_case(kind: object) -> None:
    rules = {wording.rule for wording in kind.wordings.values()}  # type: ignore[attr-defined]

    assert rules <= {case.parent.name for case in INVALID}
