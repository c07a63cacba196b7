"""What is verified: a model repo in a folder, one on the Hub, or a pull request on one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from evalmark.adapters.hub import HubReviews
from evalmark.adapters.tree.model import repo_name_of, results_files
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli import options
from evalmark.cli.hub_names import OnHub, hub_name
from evalmark.cli.settings import Settings
from evalmark.cli.surroundings import Surroundings
from evalmark.errors import UsageProblem
from evalmark.facts import ModelFacts
from evalmark.flows.allowed import HubWithBoards, OnlyAllowed
from evalmark.flows.proposed import Proposed, proposed, readable
from evalmark.flows.pull_request import About, prepare_changes
from evalmark.flows.verify import Linked, Prepared, Terms, claimed_in, prepare
from evalmark.plan.allowed import Allowed


@dataclass(frozen=True, slots=True)
class Folder:
    """A model repo in a folder, under the name that it has on the Hub."""

    path: Path
    repo: str
    files: Mapping[str, bytes]

    @property
    def root(self) -> str:
        """What stands before the paths of its files, as the user knows them."""
        return "" if self.path == Path() else f"{self.path.as_posix()}/"


Subject: TypeAlias = Folder | OnHub


def subject_of(target: str, repo: str | None) -> Subject:
    """What TARGET names. `repo` is the name of a folder's repo, if it is given. Raises `UsageProblem`."""
    path = Path(target)
    named = hub_name(target)
    if path.exists() or named is None:
        name = options.repo_name(repo, "--repo") if repo else None
        files = results_files(path)
        return Folder(path, name or repo_name_of(path), files)
    if repo is not None:
        raise UsageProblem(
            f"`--repo {repo}` names the repo of a folder, and {target} is one on the Hub", "leave it out"
        )
    return named


@dataclass(frozen=True, slots=True)
class Ready:
    """What will be done about a subject, whose model it is, and the pull request, if it is one."""

    prepared: Prepared
    model: ModelFacts
    proposal: Proposed | None = None


def prepare_subject(
    subject: Subject,
    places: Surroundings,
    settings: Settings,
    terms: Terms,
    linked: Linked | None = None,
    allowed: Allowed | None = None,
) -> Ready:
    """Read what is claimed, and plan. `allowed` None: any benchmark may run. Raises what the ports raise."""
    hub: HubWithBoards = places if allowed is None else OnlyAllowed(places, places, allowed)
    if isinstance(subject, Folder):
        model = places.checked_out_model(subject.repo)
        return Ready(prepare(claimed_in(subject.files), model, hub, terms, linked, hub), model)
    reviews = HubReviews(settings.endpoint, settings.cache / "hub", settings.token, subject.repo)
    if subject.number is None:
        model = places.remote.model(subject.repo, subject.revision or "main")
        files = readable(reviews, model.revision, RESULTS_FOLDER)
        if not files:
            raise UsageProblem(f"{subject} reports no scores at {model.revision[:12]}", "name a model that does")
        return Ready(prepare(claimed_in(files), model, hub, terms, linked, hub), model)
    # The model is that of the pull request's head: what would be merged, weights and all.
    proposal = proposed(reviews, reviews.pull_request(subject.number))
    model = places.remote.model(subject.repo, proposal.pull_request.head)
    prepared = prepare_changes(proposal, proposal.changes, About(subject.repo, model), hub, terms, linked)
    return Ready(prepared, model, proposal)
