"""Every rule has its page and its cases, and nothing is found that is no rule."""

import ast
import re
from pathlib import Path

import pytest

from evalmark import checks, formats
from evalmark.checks.registry import RULE_BY_ID, RULES, found, known_rules
from evalmark.checks.rule import Rule
from evalmark.errors import UsageProblem
from evalmark.finding import Finding, Place, Severity
from tests.corpus.cases import INVALID, VALID, case_name, findings_of

RULE_IDS = [rule.id for rule in RULES]
DOCS = Path(__file__).parents[3] / "docs" / "rules.md"

# Rules that no folder of files can break.
WITHOUT_A_CASE = {
    "dataset-id-hf": "needs the name of the repo, which its files do not hold",
    **{rule.id: "needs facts" for rule in RULES if rule.needs_facts},
}


def headings() -> list[str]:
    return re.findall(r"^## (.+)$", DOCS.read_text("utf-8"), re.MULTILINE)


def allowed_severities(finding: Finding) -> set[Severity | None]:
    rule = RULE_BY_ID[finding.rule]
    return {rule.severity, rule.milder}


def test_ids__are_words_and_unique() -> None:
    assert len(set(RULE_IDS)) == len(RULE_IDS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule) for rule in RULE_IDS)


def test_titles__are_sentences() -> None:
    assert [rule.id for rule in RULES if not rule.title.endswith(".")] == []


def test_docs__have_one_heading_a_rule_in_the_same_order() -> None:
    assert headings() == RULE_IDS


@pytest.mark.parametrize("cases", [INVALID, VALID], ids=["invalid", "valid"])
def test_every_rule__has_a_case(cases: list[Path]) -> None:
    covered = {case.parent.name for case in cases}

    assert covered - {"any"} == set(RULE_IDS) - set(WITHOUT_A_CASE)


@pytest.mark.parametrize("case", [*INVALID, *VALID], ids=case_name)
def test_every_finding__is_of_a_rule_with_its_severity(case: Path) -> None:
    for finding in findings_of(case):
        assert finding.severity in allowed_severities(finding)


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.needs_facts], ids=lambda rule: rule.id)
def test_mends__is_said_exactly_of_rules_that_offer_a_fix(rule: Rule) -> None:
    fixes = [item.fix for case in INVALID for item in findings_of(case) if item.rule == rule.id]

    assert any(fix is not None for fix in fixes) == rule.mends


def test_milder__is_said_of_rules_with_two_severities_in_the_corpus() -> None:
    found_with = {(item.rule, item.severity) for case in INVALID for item in findings_of(case)}

    assert all((rule.id, rule.milder) in found_with for rule in RULES if rule.milder)


def rule_ids_in_source() -> set[str]:
    """Every text in the sources of `formats` and `checks` that is the first argument of a finding or a wording."""
    calls = (
        node
        for package in (formats, checks)
        for file in Path(package.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    )
    names = {"Finding", "Wording", "found", "_warning", "refuse", "add"}
    return {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in names and isinstance(call.args[0], ast.Constant)
        if isinstance(call.args[0].value, str)
    }


def test_every_id_in_the_sources__is_registered() -> None:
    ids = rule_ids_in_source()

    assert len(ids) > 60
    assert ids <= set(RULE_IDS)


def test_found__takes_the_severity_of_the_rule() -> None:
    assert found("judge-paid", Place("eval.yaml"), "m", "h").severity is Severity.INFO


def test_known_rules__takes_ids() -> None:
    assert known_rules(["yaml-tag", "yaml-tag"]) == {"yaml-tag"}


@pytest.mark.parametrize(
    ("rule", "advice"),
    [("yaml-tags", "did you mean `yaml-tag`?"), ("zzz", "the rules are listed in docs/rules.md")],
)
def test_known_rules__says_what_was_meant(rule: str, advice: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        known_rules([rule])

    assert problem.value.advice == advice
