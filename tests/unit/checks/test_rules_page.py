"""The examples in docs/rules.md: the wrong one gives the rule, the right one nothing but notes."""

import re
from dataclasses import dataclass

import pytest

from evalmark.checks.places import Listed, place_findings
from evalmark.checks.registry import RULE_BY_ID, RULES
from evalmark.checks.rule import Rule
from evalmark.finding import Finding, Severity
from evalmark.flows.check import check
from tests.corpus.cases import TODAY
from tests.unit.checks.test_registry import DOCS, WITHOUT_A_CASE

_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEAD = "name: GPQA\ndescription: Hard questions.\nevaluation_framework: inspect-ai\n"

# What stands in the same folder, as the section says.
BESIDE = {"declared-task-unknown": {"eval.yaml": f"{HEAD.replace('inspect-ai', 'mteb')}tasks: [{{id: diamond}}]\n"}}

# An example would be bytes, invisible, or two hundred lines long.
NOT_SHOWN = {
    "yaml-encoding", "yaml-byte-order-mark", "yaml-too-large", "yaml-character", "results-too-many", "toml-encoding",
    "toml-byte-order-mark", "toml-too-large",
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One fenced block of a rule's section."""

    rule: str
    path: str
    text: str


def sections() -> dict[str, str]:
    return dict(_SECTION.findall(DOCS.read_text("utf-8")))


def examples() -> list[tuple[Example, Example]]:
    return [
        (Example(rule, *found[0]), Example(rule, *found[1]))
        for rule, section in sections().items()
        if (found := _EXAMPLE.findall(section))
    ]


def findings_in(example: Example) -> tuple[Finding, ...]:
    if example.path == "paths":
        lines = (line.partition(" -> ") for line in example.text.splitlines())
        return place_findings([Listed(path, bool(target)) for path, _, target in lines])
    text = HEAD + example.text if example.text.startswith("tasks:") else example.text
    files = {**BESIDE.get(example.rule, {}), example.path: text}
    return check({path: text.encode() for path, text in files.items()}, TODAY)


@pytest.mark.parametrize(("wrong", "right"), examples(), ids=lambda example: example.rule)
def test_example__wrong_breaks_the_rule_and_right_does_not(wrong: Example, right: Example) -> None:
    assert wrong.rule in {finding.rule for finding in findings_in(wrong)}
    assert {finding.severity for finding in findings_in(right)} <= {Severity.INFO}
    assert right.rule not in {finding.rule for finding in findings_in(right)}


def test_examples__are_there_for_every_rule_that_can_have_one() -> None:
    shown = {wrong.rule for wrong, _ in examples()}

    assert set(RULE_BY_ID) - shown == NOT_SHOWN | set(WITHOUT_A_CASE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_section__says_the_severity_and_whether_fix_mends_it(rule: Rule) -> None:
    severity = f"{rule.severity} or {rule.milder}" if rule.milder else str(rule.severity)
    mended = " · mended by `--fix`" if rule.mends else ""
    facts = " · needs facts" if rule.needs_facts else ""

    assert f"*{severity}{mended}{facts}*" in sections()[rule.id].splitlines()
