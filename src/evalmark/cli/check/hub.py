"""`evalmark check owner/name[@revision|#12]`: the files as they lie on the Hub. It needs the extra `hub`."""

import importlib.util
import sys

from evalmark.adapters.tree.checked import CheckedFiles
from evalmark.checks.links import refusal_findings
from evalmark.checks.places import Listed
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli.hub_names import OnHub
from evalmark.cli.settings import read_settings
from evalmark.errors import MissingExtra, UsageProblem
from evalmark.facts import RefusedFile, ShownScore
from evalmark.finding import Finding


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


def findings_of_hub(name: OnHub) -> tuple[Finding, ...]:
    """What the Hub says of the files on main; and, for people, what it shows of the rest."""
    if name.number is not None or name.revision is not None:
        return ()
    from evalmark.adapters.hub import HubClient  # noqa: PLC0415 - as above

    settings = read_settings()
    rows = HubClient(settings.endpoint, settings.cache / "hub", settings.token).shown_scores(name.repo)
    scores = [row for row in rows if isinstance(row, ShownScore)]
    verified = sum(score.verified for score in scores)
    proposed = sum(score.pull_request is not None for score in scores)
    print(
        f"{name}: the Hub shows {len(scores)} scores, {verified} with its badge, {proposed} of open pull requests",
        file=sys.stderr,
    )
    return refusal_findings(row for row in rows if isinstance(row, RefusedFile))
