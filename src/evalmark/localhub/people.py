"""Who may do what on this Hub: people, their tokens and rights. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from evalmark.localhub.names import RepoId, hub_id

Role = Literal["read", "write"]


def person_id(name: str) -> str:
    """The id of whoever has that name, 24 hex digits: webhooks carry only ids, and it is the same everywhere."""
    return hub_id("people", name)


@dataclass(frozen=True)
class Person:
    """A user: the organisations they belong to, and what they may write: `owner/*`, `owner/name` or `*`.

    Everybody may write to `<their name>/*`, whatever `write` says.
    """

    name: str
    orgs: tuple[str, ...] = ()
    write: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """24 hex digits."""
        return person_id(self.name)


@dataclass(frozen=True)
class Token:
    """What a token lets its bearer do: all that the person may, or (`read`) only look."""

    person: Person
    role: Role = "write"


@dataclass(frozen=True)
class Users:
    """People by their tokens, and which repos are not open to all.

    `private` and `gated` map a repo, written `models/owner/name`, to the people who may read it, besides those who
    may write to it. Of a gated repo everybody sees that it is there, and what it holds.
    """

    tokens: Mapping[str, Token] = field(default_factory=dict)
    private: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def token(self, text: str) -> Token | None:
        """The token that is written so; None if nobody has it."""
        return self.tokens.get(text)

    def named(self, name: str) -> Person | None:
        """The person of that name; None if nobody is called so."""
        return next((token.person for token in self.tokens.values() if token.person.name == name), None)

    def orgs(self) -> frozenset[str]:
        """The names of all organisations."""
        return frozenset(org for token in self.tokens.values() for org in token.person.orgs)


LOCAL = Person("local", write=("*",))


@dataclass(frozen=True)
class AnyToken(Users):
    """Without a list of people: whoever has any token is `local`, the owner of everything."""

    def token(self, text: str) -> Token | None:
        """Any token."""
        return Token(LOCAL) if text else None

    def named(self, name: str) -> Person | None:
        """There is only `local`."""
        return LOCAL if name == LOCAL.name else None


def may_write(person: Person | None, repo: RepoId) -> bool:
    """Whether a person may push to a repo, merge its pull requests, and close and hide in its discussions."""
    if person is None:
        return False
    owner = repo.name.partition("/")[0]
    allowed = {f"{person.name}/*", *person.write}
    return not allowed.isdisjoint({"*", f"{owner}/*", repo.name, str(repo)})


def may_read(person: Person | None, repo: RepoId, listed: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a person may read a repo, if those in `listed` are open only to the people named there."""
    if str(repo) not in listed or may_write(person, repo):
        return True
    return person is not None and person.name in listed[str(repo)]
