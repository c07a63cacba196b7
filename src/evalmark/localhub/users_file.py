"""`--users FILE`: people, their tokens and rights, in TOML."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evalmark.errors import UsageProblem
from evalmark.localhub.people import Person, Token, Users

_NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}$"
_Name = Annotated[str, Field(pattern=_NAME)]
_Secret = Annotated[str, Field(pattern=r"^[!-~]+$")]
_Writable = Annotated[str, Field(pattern=r"^(\*|[A-Za-z0-9_][A-Za-z0-9_.-]*/(\*|[A-Za-z0-9_./-]+))$")]
_Repo = Annotated[str, Field(pattern=r"^(models|datasets)/[A-Za-z0-9_][A-Za-z0-9_.-]*/[A-Za-z0-9_][A-Za-z0-9_.-]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PersonEntry(_Strict):
    token: _Secret
    read_token: _Secret | None = None
    orgs: tuple[_Name, ...] = ()
    write: tuple[_Writable, ...] = ()


class _RepoEntry(_Strict):
    private: bool = False
    gated: bool = False
    readers: tuple[_Name, ...] = ()


class _File(_Strict):
    people: Mapping[_Name, _PersonEntry]
    repos: Mapping[_Repo, _RepoEntry] = Field(default_factory=dict)


def read_users(path: Path) -> Users:
    """The people in a file. Raises `UsageProblem` if it cannot be read or says something that is not meant.

    >>> read_users(Path("users.toml")).named("ada")   # doctest: +SKIP
    Person(name='ada', orgs=('acme',), write=('acme/*',))
    """
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as problem:
        raise UsageProblem(f"cannot read {path}: {problem.strerror}", "name a TOML file that exists") from problem
    except ValidationError as problem:
        raise UsageProblem(f"{path}: {_first(problem)}", "docs/localhub.md shows what such a file holds") from problem
    except ValueError as problem:
        raise UsageProblem(f"{path} is not TOML: {problem}", "docs/localhub.md shows what it holds") from problem
    tokens = list(_tokens(file))
    if len({text for text, _ in tokens}) != len(tokens):
        raise UsageProblem(f"{path} has one token twice", "give every person a token of their own")
    return Users(
        tokens=dict(tokens),
        private={name: repo.readers for name, repo in file.repos.items() if repo.private},
        gated={name: repo.readers for name, repo in file.repos.items() if repo.gated},
    )


def _tokens(file: _File) -> Iterator[tuple[str, Token]]:
    for name, entry in file.people.items():
        person = Person(name, entry.orgs, entry.write)
        yield entry.token, Token(person)
        if entry.read_token is not None:
            yield entry.read_token, Token(person, "read")


def _first(problem: ValidationError) -> str:
    """What is wrong, and where; without the value, which may be a token."""
    error = problem.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
