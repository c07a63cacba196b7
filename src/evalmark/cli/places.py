"""Where claims are collected from: model repos on the Hub, repos on GitHub, folders and checkouts of this machine."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evalmark.adapters.git import GitCommits, Remote, checkout, fetched
from evalmark.adapters.git.fetching import GITHUB_REFS, HUB_REFS
from evalmark.adapters.github import GitHubClient, GitHubPulls
from evalmark.adapters.hub import HubClient, HubPulls
from evalmark.adapters.tree.model import results_files
from evalmark.adapters.tree.receipts import receipts_in
from evalmark.cli import options
from evalmark.cli.settings import Settings
from evalmark.errors import CouldNotFinish
from evalmark.facts import RefusedFile, ShownScore
from evalmark.flows.histories import NOTHING, guessed_states
from evalmark.history import Heads, RepoName, pull_number
from evalmark.review import Ending

GITHUB_API, GITHUB = "https://api.github.com", "https://github.com"
GITHUB_MAINS = ("refs/heads/main", "refs/heads/master")


@dataclass
class HubPlace:
    """A model repo on the Hub, with its pull requests."""

    model: str
    settings: Settings
    client: HubClient

    @property
    def name(self) -> RepoName:
        """The model itself."""
        return RepoName("hub", self.model, self.model)

    @cached_property
    def _pulls(self) -> HubPulls:
        return HubPulls(self.settings.endpoint, self.settings.token, self.model)

    def heads(self) -> Heads:
        """Two questions to the Hub, one where there is no pull request."""
        refs = self._pulls.refs()
        return Heads(refs, self._pulls.states() if any(pull_number(ref) for ref in refs) else ())

    def commits(self) -> GitCommits:
        """Fetched by git: the Hub's API has no history of a file."""
        address = f"{self.settings.endpoint}/{self.model}"
        return fetched(self.settings.cache, Remote(address, HUB_REFS, self.settings.token))

    def files(self) -> Mapping[str, bytes]:
        """It has commits."""
        return {}

    def receipts(self) -> Mapping[str, bytes]:
        """It has commits."""
        return {}

    def ending(self, number: int) -> Ending:
        """Who merged or closed it, and when."""
        return self._pulls.ending(number)

    def parameters(self) -> int | None:
        """As the Hub counts them."""
        return self.client.parameters(self.model)

    def shown(self) -> tuple[ShownScore | RefusedFile, ...]:
        """What the Hub shows of the model's scores."""
        return self.client.shown_scores(self.model)


@dataclass
class GitHubPlace:
    """A repo on GitHub that holds the scores of a model, with its pull requests."""

    repository: str
    model: str
    address: str
    client: GitHubClient
    settings: Settings
    token: str | None = None

    @cached_property
    def _pulls(self) -> GitHubPulls:
        return GitHubPulls(self.client, self.repository)

    @cached_property
    def _commits(self) -> GitCommits:
        return fetched(self.settings.cache, Remote(f"{self.address}/{self.repository}", GITHUB_REFS, self.token))

    @cached_property
    def name(self) -> RepoName:
        """The model that it is about; `master` is main where there is no `main`."""
        known = self._commits.refs()
        main = next((ref for ref in GITHUB_MAINS if ref in known), GITHUB_MAINS[0])
        return RepoName("github", self.repository, self.model, main)

    def heads(self) -> Heads:
        """What was fetched, and what GitHub says of its pull requests."""
        refs = self._commits.refs()
        main = {ref: commit for ref, commit in refs.items() if ref == self.name.main}
        pulls = {ref: commit for ref, commit in refs.items() if pull_number(ref) is not None}
        return Heads(main | pulls, self._pulls.states() if pulls else ())

    def commits(self) -> GitCommits:
        """What was fetched."""
        return self._commits

    def files(self) -> Mapping[str, bytes]:
        """It has commits."""
        return {}

    def receipts(self) -> Mapping[str, bytes]:
        """It has commits."""
        return {}

    def ending(self, number: int) -> Ending:
        """When it was merged or closed."""
        return self._pulls.ending(number)

    def parameters(self) -> None:
        """GitHub does not count them."""

    def shown(self) -> tuple[ShownScore | RefusedFile, ...]:
        """GitHub shows no scores."""
        return ()


def on_github(named: str, settings: Settings) -> GitHubPlace:
    """The repo that `owner/name` or `owner/name=owner/model` means. Raises `UsageProblem`."""
    repository, _, model = named.partition("=")
    options.repo_name(repository, "--github")
    token = settings.environment.get("GITHUB_TOKEN") or None
    client = GitHubClient(settings.environment.get("GITHUB_API_URL", GITHUB_API), token or "")
    address = settings.environment.get("GITHUB_SERVER_URL", GITHUB).rstrip("/")
    name = options.repo_name(model, "--github") if model else repository
    return GitHubPlace(repository, name, address, client, settings, token)


@dataclass
class FolderPlace:
    """A folder of this machine: a checkout with its history as far as HEAD, or files without any."""

    path: Path
    model: str

    @property
    def name(self) -> RepoName:
        """The folder, as it was named."""
        return RepoName("folder", self.path.as_posix(), self.model, "HEAD")

    def heads(self) -> Heads:
        """HEAD and the pull requests that were fetched; or a digest of the files."""
        commits = checkout(self.path)
        if commits is None:
            told = hashlib.sha256()
            for path, content in sorted({**self.files(), **self.receipts()}.items()):
                told.update(f"{path} {len(content)}\0".encode() + content)
            return Heads({"HEAD": told.hexdigest()})
        head = commits.head()
        if head is None:
            raise CouldNotFinish(f"{self.path} has no commit yet", "commit its files, or remove its .git")
        refs = {ref: commit for ref, commit in commits.refs().items() if pull_number(ref) is not None}
        return Heads({"HEAD": head, **refs}, guessed_states(commits, refs, head))

    def commits(self) -> GitCommits | None:
        """The checkout's, if it is one."""
        return checkout(self.path)

    def files(self) -> Mapping[str, bytes]:
        """The results files as they lie there."""
        return results_files(self.path)

    def receipts(self) -> Mapping[str, bytes]:
        """The receipts as they lie there."""
        return receipts_in(self.path)

    def ending(self, _number: int) -> Ending:
        """Nobody knows here."""
        return NOTHING

    def parameters(self) -> None:
        """Nobody counts them here."""

    def shown(self) -> tuple[ShownScore | RefusedFile, ...]:
        """Nobody shows them here."""
        return ()
