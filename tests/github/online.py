"""The real GitHub, for the tests marked `online`: only if the environment names a repo, a token and a pull request."""

import os
from dataclasses import dataclass

import pytest

from evalmark.adapters.github import GitHubClient

NEEDED = ("EVALMARK_ONLINE_GITHUB_REPOSITORY", "EVALMARK_ONLINE_GITHUB_TOKEN", "EVALMARK_ONLINE_PULL_REQUEST")


@dataclass(frozen=True, slots=True)
class Online:
    """Where the tests may read, and comment once."""

    client: GitHubClient
    repository: str
    pull_request: int


def online() -> Online:
    """Skips the test with a sentence if it is not said where."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.skip(f"asks the real GitHub only if these are set: {', '.join(missing)}")
    repository, token, number = (os.environ[name] for name in NEEDED)
    client = GitHubClient(os.environ.get("GITHUB_API_URL", "https://api.github.com"), token)
    return Online(client, repository, int(number))
