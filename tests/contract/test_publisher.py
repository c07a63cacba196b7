"""What every `Publisher` must do: the fake, the real adapter on the fake GitHub, and on the real one if asked for.

On the real one (`-m online`, see `test_reviews.py`) a single comment is written, changed and deleted again.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import pytest

from evalmark.adapters.github import GitHubClient, GitHubPublisher
from evalmark.errors import CouldNotFinish, Forbidden
from evalmark.ports import Publisher, Statuses
from evalmark.review import Status
from tests.fake_reviews import FakePublisher
from tests.github.fake import FakeGitHub
from tests.github.online import online


class Speaker(Publisher, Statuses, Protocol):
    """GitHub has both."""


JOB = "github-actions[bot]"
COMMIT = "c" * 40
RIGHTS = ("contents: read", "pull-requests: write", "statuses: write")


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub() as running:
        repo = running.repository("acme/model")
        repo.pull_request(repo.commit({"a": b"1"}), repo.commit({}))
        yield running


def on_github(github: FakeGitHub, *rights: str) -> GitHubPublisher:
    client = GitHubClient(github.url, github.token(*rights), sleep=lambda _: None)
    return GitHubPublisher(client, "acme/model", JOB)


@pytest.fixture(params=["fake", "github"])
def publisher(request: pytest.FixtureRequest) -> Speaker:
    if request.param == "fake":
        return FakePublisher(JOB)
    return on_github(request.getfixturevalue("github"), *RIGHTS)


@pytest.fixture(params=["fake", "github"])
def reader(request: pytest.FixtureRequest) -> Speaker:
    """One who may not write, as on a pull request from a fork."""
    if request.param == "fake":
        return FakePublisher(JOB, forbidden=True)
    return on_github(request.getfixturevalue("github"), "contents: read", "pull-requests: read")


@pytest.fixture(params=["fake", "github", pytest.param("online", marks=pytest.mark.online)])
def anywhere(request: pytest.FixtureRequest) -> tuple[Publisher, int]:
    if request.param == "online":
        there = online()
        return GitHubPublisher(there.client, there.repository, JOB), there.pull_request
    if request.param == "fake":
        return FakePublisher(JOB), 1
    return on_github(request.getfixturevalue("github"), *RIGHTS), 1


def test_comment__is_created_listed_changed_and_deleted(anywhere: tuple[Publisher, int]) -> None:
    publisher, number = anywhere
    before = publisher.comments(number)
    body = "A test of evalmark's: `<!-- ünï -->` 🎉"

    created = publisher.create_comment(number, body)
    try:
        listed = publisher.comments(number)
        updated = publisher.update_comment(number, created.id, f"{body} again")
        relisted = publisher.comments(number)
    finally:
        publisher.delete_comment(number, created.id)
        publisher.delete_comment(number, created.id)

    assert created.author
    assert created.url.startswith("https://")
    assert created.body == body
    assert listed == (*before, created)
    assert updated == replace(created, body=f"{body} again")
    assert relisted == (*before, updated)
    assert publisher.comments(number) == before


def test_me__writes_the_comments(publisher: Speaker) -> None:
    assert publisher.create_comment(1, "x").author == publisher.me() == JOB


def test_comments__oldest_first(publisher: Speaker) -> None:
    created = tuple(publisher.create_comment(1, body) for body in ("one", "two", "three"))

    assert publisher.comments(1) == created


def test_update__of_a_comment_that_is_gone(publisher: Speaker) -> None:
    with pytest.raises(CouldNotFinish, match=r"7 .*gone") as raised:
        publisher.update_comment(1, "7", "x")

    assert not isinstance(raised.value, Forbidden)


def test_status__is_set(publisher: Speaker, github: FakeGitHub) -> None:
    commit = next(iter(github.repository_named("acme/model").objects.commits))

    publisher.set_status(commit, Status("evalmark", "success", "x" * 140, "https://github.com/acme/model/actions"))
    publisher.set_status(commit, Status("evalmark", "failure", ""))


def test_status__too_long_a_description_is_our_bug(publisher: Speaker) -> None:
    with pytest.raises(ValueError, match="140"):
        publisher.set_status(COMMIT, Status("evalmark", "success", "x" * 141))


def test_writing__that_is_not_allowed(reader: Speaker) -> None:
    assert reader.comments(1) == ()
    with pytest.raises(Forbidden) as comment:
        reader.create_comment(1, "x")
    with pytest.raises(Forbidden):
        reader.set_status(COMMIT, Status("evalmark", "success", "fine"))
    assert "permissions: pull-requests: write" in comment.value.advice
