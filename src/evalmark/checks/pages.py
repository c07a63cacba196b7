"""The page of a rule: its part of `rules.md`, which `docs/rules.md` is a copy of."""

import pkgutil
import re

from evalmark.checks.registry import known_rules


def rules_page() -> str:
    """All rules, as Markdown."""
    return (pkgutil.get_data("evalmark.checks", "rules.md") or b"").decode()


def page_of(rule: str) -> str:
    """One rule, from its heading to the next. Raises `UsageProblem` for an id that no rule has."""
    known_rules([rule])
    page = re.search(rf"^## {re.escape(rule)}$.*?(?=^#|\Z)", rules_page(), re.MULTILINE | re.DOTALL)
    return f"{page[0].rstrip()}\n" if page else ""
