"""Commands in a comment on a pull request: what they are, and who may give them. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

Command: TypeAlias = Literal["verify", "explain"]
COMMANDS: Final[tuple[Command, ...]] = get_args(Command)
DELETED: Final = "deleted"
"""What the Hub's client calls the author of a comment whose account is gone."""


def command_in(content: str) -> Command | None:
    """`/verify` or `/explain`, if the comment's first line is that and nothing else."""
    first = content.lstrip("\r\n").splitlines()[:1]
    word = first[0].strip(" \t") if first else ""
    return next((command for command in COMMANDS if word == f"/{command}"), None)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may give commands.

    The Hub tells nobody but a repo's own people who may write to it. What can be known for sure is the name of the
    owner of the repo, if that is a person; and who belongs to an organisation, some of whom may only read.
    """

    listed: frozenset[str] = frozenset()
    members: bool = False
    """Whether all members of the organisation that owns the repo may."""

    def may(self, author: str, model: str, members_of: Callable[[str], Iterable[str]]) -> bool:
        """Whether somebody may. `members_of` is asked, for the names in an organisation, only if they count."""
        if self.surely(author, model):
            return True
        owner = model.partition("/")[0]
        return self.members and author.lower() in {name.lower() for name in members_of(owner)}

    def surely(self, author: str, model: str) -> bool:
        """Whether that is known without asking the Hub. Names are the same whatever their case."""
        name = author.lower()
        known = {model.partition("/")[0].lower(), *(each.lower() for each in self.listed)}
        return bool(name) and name != DELETED and name in known
