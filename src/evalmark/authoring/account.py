"""What a Hub token may do, as far as the Hub tells: never the token itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evalmark.authoring.readiness import Line

MAY_WRITE: Final = frozenset({"write", "admin", "contributor"})
TOKENS: Final = "https://huggingface.co/settings/tokens"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose token it is; the token's role (`read`, `write`, `fineGrained` or what else the Hub says); the person's role
    in each organisation.
    """

    name: str
    role: str
    orgs: tuple[tuple[str, str], ...] = ()

    def may_write(self, owner: str) -> bool | None:
        """Whether it may push to repos of `owner`; None if only the Hub knows."""
        if self.role == "read":
            return False
        roles = {self.name: "admin", **dict(self.orgs)}
        if owner not in roles:
            return False
        return None if self.role != "write" or roles[owner] not in MAY_WRITE else True


def account_lines(account: Account | None, repo: str | None) -> Iterator[Line]:
    """Who is known to the Hub, and what they may do with `repo`, if that is known. None: there is no token."""
    if account is None:
        yield Line("note", "token", "there is no Hub token, so nothing can be submitted", f"set HF_TOKEN ({TOKENS})")
        return
    yield Line("ok", "token", f"it is {account.name}'s, with the role {account.role}")
    if repo is None:
        what = "which repo on the Hub this is, is not known"
        yield Line("unknown", "permissions", what, "add --repo owner/name, or set the git remote `origin`")
        return
    owner = repo.partition("/")[0]
    may = account.may_write(owner)
    if account.role == "read":
        yield Line(
            "fix",
            "permissions",
            "the token can only read",
            f"make one that can write, or open pull requests ({TOKENS})",
        )
    elif may:
        yield Line("ok", "permissions", f"{account.name} may push to {repo}")
    elif may is None:
        what = f"whether the token may push to {repo} depends on what it was made for"
        yield Line("unknown", "permissions", what, f"look at its rights ({TOKENS})")
    else:
        what = f"{account.name} is not of {owner}: changes go by pull request"
        yield Line("note", "permissions", what, "evalmark submit opens one; for that the token needs no more")
