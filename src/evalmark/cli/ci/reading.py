"""Reads the action's inputs, each by its own rule: an unknown value is told with those that are allowed."""

import re
from collections.abc import Mapping
from typing import NoReturn

from evalmark.errors import UsageProblem
from evalmark.formats.nodes import shown
from evalmark.formats.translate import did_you_mean

PREFIX = "EVALMARK_INPUT_"


def _hint(name: str, names: tuple[str, ...]) -> str:
    close = did_you_mean(name, names)
    return f"did you mean `{close}`?" if close else f"the inputs are {', '.join(names)}"


class Reader:
    """The inputs by the names that they have in action.yml. Empty is the same as left out. Raises `UsageProblem`."""

    def __init__(self, environment: Mapping[str, str], names: tuple[str, ...]) -> None:
        known = {f"{PREFIX}{name.upper().replace('-', '_')}": name for name in names}
        for variable in environment:
            if variable.startswith(PREFIX) and variable not in known:
                name = variable.removeprefix(PREFIX).lower().replace("_", "-")
                raise UsageProblem(f"there is no input `{shown(name)}`", _hint(name, names))
        self._values = {name: environment.get(variable, "").strip() for variable, name in known.items()}

    def text(self, name: str, default: str = "") -> str:
        """As it stands."""
        return self._values[name] or default

    def matching(self, name: str, form: re.Pattern[str], example: str, default: str = "") -> str:
        """Text of a certain form."""
        value = self.text(name, default)
        if value and not form.fullmatch(value):
            self.refuse(name, f"write for example {example}")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of some words."""
        value = self.text(name, default)
        if value not in allowed:
            self.refuse(name, f"write one of: {', '.join(allowed)}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """`true` or `false`."""
        return self.choice(name, ("true", "false"), "true" if default else "false") == "true"

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number from 1; empty or `none` where there is no limit."""
        value = self.text(name)
        if not value:
            return default
        if not re.fullmatch(r"[1-9][0-9]{0,11}", value):
            self.refuse(name, "write a whole number from 1, or leave it out")
        return int(value)

    def lines(self, name: str) -> tuple[str, ...]:
        """One item a line; empty lines and those that begin with # do not count."""
        lines = (line.strip() for line in self.text(name).splitlines())
        return tuple(line for line in lines if line and not line.startswith("#"))

    def words(self, name: str, allowed: tuple[str, ...], default: str) -> frozenset[str]:
        """Words separated by commas; `never` alone means none of them."""
        words = [word.strip() for word in self.text(name, default).split(",") if word.strip()]
        if words == ["never"]:
            return frozenset()
        if any(word not in allowed for word in words):
            self.refuse(name, f"write some of: {', '.join(allowed)}; or never")
        return frozenset(words)

    def refuse(self, name: str, advice: str) -> NoReturn:
        """Say that an input is not what it must be."""
        raise UsageProblem(f"the input `{name}: {shown(self.text(name))}` is none that evalmark knows", advice)
