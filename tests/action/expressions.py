"""The few expressions that our action.yml may use: a value by its path, and an `if` of one term."""

import re
from collections.abc import Mapping

from tests.action.refusal import Refused

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
COMPARISON = re.compile(r"(\S+)\s*(==|!=)\s*'([^']*)'")
NEEDS = {"success()": (True, False), "failure()": (False, True), "always()": (True, True), "!cancelled()": (True, True)}
"""Whether a step with this condition runs while all is well, and after a failure."""

Context = Mapping[str, str]
"""Every value by its whole path, such as `steps.python.outputs.python-path`."""


def filled(text: str, context: Context) -> str:
    """The text with every expression replaced by its value; a value that holds `${{` is not looked at again."""
    return EXPRESSION.sub(lambda match: value(match[1], context), text)


def value(path: str, context: Context) -> str:
    """What stands at a path. GitHub answers an unknown one with nothing, which hides a slip; so this refuses it."""
    if path not in context:
        raise Refused(f"there is no value `{path}`")
    return context[path]


def holds(condition: str, context: Context, *, failed: bool) -> bool:
    """Does a step with this `if` run?"""
    term = EXPRESSION.sub(lambda match: match[1], condition).strip()
    if term in NEEDS:
        return NEEDS[term][failed]
    comparison = COMPARISON.fullmatch(term)
    if not comparison:
        raise Refused(f"the harness does not understand `if: {condition}`")
    equal = value(comparison[1], context).lower() == comparison[3].lower()
    return not failed and equal == (comparison[2] == "==")
