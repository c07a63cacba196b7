"""How a model repo on the Hub, a revision of it, or a pull request on it is named on the command line."""

import re
from dataclasses import dataclass

HUB_NAME = re.compile(
    r"(?P<repo>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})(?:@(?P<revision>[^\s#]{1,200})|#(?P<number>[1-9]\d{0,8}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class OnHub:
    """A model repo on the Hub: main, a revision, or a pull request."""

    repo: str
    revision: str | None = None
    number: int | None = None

    @property
    def root(self) -> str:
        """Nothing stands before the paths of its files."""
        return ""

    def __str__(self) -> str:
        return self.repo + (f"@{self.revision}" if self.revision else f"#{self.number}" if self.number else "")


def hub_name(target: str) -> OnHub | None:
    """What `owner/name`, `owner/name@revision` or `owner/name#12` means; None for anything else."""
    match = HUB_NAME.fullmatch(target)
    if match is None:
        return None
    return OnHub(match["repo"], match["revision"], int(match["number"]) if match["number"] else None)
