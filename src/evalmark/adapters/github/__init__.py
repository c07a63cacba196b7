"""GitHub: pull requests read as data (`GitHubReviews`), and what is said on them (`GitHubPublisher`)."""

from evalmark.adapters.github.client import GitHubClient
from evalmark.adapters.github.publisher import GitHubPublisher
from evalmark.adapters.github.pulls import GitHubPulls
from evalmark.adapters.github.reviews import GitHubReviews

__all__ = ["GitHubClient", "GitHubPublisher", "GitHubPulls", "GitHubReviews"]
