"""The commits of a repo that reports scores: of a checkout on this machine, or fetched from a host."""

from evalmark.adapters.git.commits import GitCommits
from evalmark.adapters.git.fetching import Remote, checkout, fetched

__all__ = ["GitCommits", "Remote", "checkout", "fetched"]
