"""The Hub (or the embedded one) through huggingface_hub: what it holds, its pull requests, and what is said on them."""

# Documented for others to use, though not in `__all__`.
from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

from evalmark.adapters.hub.account import HubAccount
from evalmark.adapters.hub.client import HubClient
from evalmark.adapters.hub.datasets import HubDatasets
from evalmark.adapters.hub.jobs import HubJobs
from evalmark.adapters.hub.publisher import HubPublisher
from evalmark.adapters.hub.pulls import HubPulls
from evalmark.adapters.hub.reviews import HubReviews
from evalmark.adapters.hub.submissions import HubSubmissions
from evalmark.adapters.hub.uploads import HubUploads

__all__ = [
    "HubAccount",
    "HubClient",
    "HubDatasets",
    "HubJobs",
    "HubPublisher",
    "HubPulls",
    "HubReviews",
    "HubSubmissions",
    "HubUploads",
]

# The files are small: a bar for each would only stand between a question and its answer.
disable_progress_bars()
