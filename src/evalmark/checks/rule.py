"""What a rule is."""

from typing import NamedTuple

from evalmark.finding import Severity


class Rule(NamedTuple):
    """One thing that can be wrong. Its id is words, stable once released, and its heading in `docs/rules.md`.

    `title` says what is wrong in general. `milder` is a second severity, for places where it does less harm.
    `needs_facts` marks a rule that must know what the Hub says, `mends` one for which `--fix` has an edit.
    """

    id: str
    severity: Severity
    title: str
    milder: Severity | None = None
    needs_facts: bool = False
    mends: bool = False
