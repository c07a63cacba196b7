"""`--explain`: the page of one rule."""

import pytest

from evalmark.checks.pages import page_of
from evalmark.checks.registry import RULES
from evalmark.errors import UsageProblem


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_page_of__begins_with_its_heading_and_has_no_other(rule: str) -> None:
    page = page_of(rule)

    assert page.startswith(f"## {rule}\n")
    assert page.count("\n## ") == 0


def test_page_of__unknown_rule() -> None:
    with pytest.raises(UsageProblem, match="there is no rule `zzz`"):
        page_of("zzz")
