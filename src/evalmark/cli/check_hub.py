"""`evalmark check owner/name[@revision|#12]`: the files as they lie on the Hub. It needs the extra `hub`."""

import importlib.util

from evalmark.adapters.tree.checked import CheckedFiles
from evalmark.checks.places import Listed
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli.hub_names import OnHub
from evalmark.cli.settings import read_settings
from evalmark.errors import MissingExtra, UsageProblem


def files_on_hub(name: OnHub) -> CheckedFiles:
    """A model repo's results files at one commit. Raises `UsageProblem` if it has none, and what the Hub raises."""
    if importlib.util.find_spec("huggingface_hub") is None:
        raise MissingExtra("hub", f"check {name}")
    from evalmark.adapters.hub import HubClient, HubReviews  # noqa: PLC0415 - heavy, and most files lie here
    from evalmark.flows.proposed import readable  # noqa: PLC0415

    settings = read_settings()
    reviews = HubReviews(settings.endpoint, settings.cache / "hub", settings.token, name.repo)
    if name.number is not None:
        commit = reviews.pull_request(name.number).head
    else:
        client = HubClient(settings.endpoint, settings.cache / "hub", settings.token)
        commit = client.model(name.repo, name.revision or "main").revision
    files = readable(reviews, commit, RESULTS_FOLDER)
    if not files:
        raise UsageProblem(
            f"{name} has no {RESULTS_FOLDER}/*.yaml at {commit[:12]}, so it reports no scores",
            "name a model repo that does, or a folder or file of this machine",
        )
    return CheckedFiles("", files, tuple(Listed(path) for path in files))
