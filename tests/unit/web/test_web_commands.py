"""Commands in comments, and who may give them."""

import pytest

from evalmark.web.commands import Allowed, command_in


@pytest.mark.parametrize(
    ("content", "command"),
    [
        ("/verify", "verify"),
        ("/explain", "explain"),
        ("/verify\nplease, the card was wrong", "verify"),
        ("\n\n  /verify  \r\nmore", "verify"),
        ("/verify please", None),
        ("please /verify", None),
        ("please\n/verify", None),
        ("`/verify`", None),
        ("> /verify", None),
        ("/Verify", None),
        ("/verify\u200b", None),
        ("/ verify", None),
        ("/merge", None),
        ("/", None),
        ("", None),
        ("[//]: # (evalmark:sticky:v1:default sha=… run=1 attempt=1)\n\n/verify", None),
    ],
)
def test_command(content: str, command: str | None) -> None:
    assert command_in(content) == command


@pytest.mark.parametrize(
    ("author", "listed", "may"),
    [
        ("acme", (), True),
        ("Acme", (), True),
        ("eve", (), False),
        ("eve", ("Eve", "ada"), True),
        ("adder", (), False),
        ("acme/adder", (), False),
        ("", (), False),
        ("deleted", ("deleted",), False),
    ],
)
def test_allowed__the_owner_and_who_is_listed(author: str, listed: tuple[str, ...], may: bool) -> None:
    assert Allowed(frozenset(listed)).surely(author, "acme/adder") is may


def test_allowed__a_deleted_account_is_not_its_namesake() -> None:
    assert not Allowed().surely("deleted", "deleted/model")
