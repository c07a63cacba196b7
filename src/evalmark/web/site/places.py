"""Where a claim stands outside of the dashboard: its file, commit and pull request on the Hub or on GitHub."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from evalmark.record import ClaimRecord, EventRecord
from evalmark.report.escape import plain
from evalmark.web.site.addresses import is_commit, is_repo, outside

GITHUB: Final = "https://github.com"
HUB: Final = "https://huggingface.co"
_SHORT: Final = 10


@dataclass(frozen=True, slots=True)
class Link:
    """Words, and where they lead if that is known and safe."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Hosts:
    """The services that claims are collected from."""

    hub: str = HUB
    github: str = GITHUB

    def model(self, name: str) -> str | None:
        """A model's page on the Hub."""
        return f"{self.hub}/{name}" if is_repo(name) else None

    def dataset(self, name: str) -> str | None:
        """A benchmark's page on the Hub."""
        return f"{self.hub}/datasets/{name}" if is_repo(name) else None

    def repo(self, origin: str, repo: str) -> str | None:
        """A repo's page; a folder on somebody's machine has none."""
        root = {"hub": self.hub, "github": self.github}.get(origin)
        return f"{root}/{repo}" if root and is_repo(repo) else None

    def pull_request(self, origin: str, repo: str, number: int | None) -> Link | None:
        """A pull request's page."""
        if number is None:
            return None
        base = self.repo(origin, repo)
        return Link(f"#{number}", f"{base}/{'discussions' if origin == 'hub' else 'pull'}/{number}" if base else None)

    def commit(self, origin: str, repo: str, commit: str | None) -> Link | None:
        """A commit's page."""
        if commit is None:
            return None
        base = self.repo(origin, repo) if is_commit(commit) else None
        return Link(plain(commit, _SHORT + 1)[:_SHORT], f"{base}/commit/{commit}" if base else None)

    def line(self, claim: ClaimRecord) -> Link:
        """The line of the file that says the score."""
        base = self.repo(claim.origin, claim.repo)
        at = next((commit for commit in (claim.commit, claim.revision) if is_commit(commit)), None)
        text = f"{plain(claim.file)}, line {claim.line}"
        return Link(text, f"{base}/blob/{at}/{quote(claim.file)}#L{claim.line}" if base and at else None)

    def of_event(self, event: EventRecord) -> tuple[Link, ...]:
        """The commit and the pull request of an event, as far as it has them."""
        found = (
            self.commit(event.origin, event.repo, event.commit),
            self.pull_request(event.origin, event.repo, event.pull_request),
        )
        return tuple(link for link in found if link is not None)


REAL: Final = Hosts()


def source(url: str | None, name: str | None) -> Link | None:
    """What supports a score: a link if it is one of the web, else text."""
    if url is None and name is None:
        return None
    href = outside(url)
    host = href.split("/")[2] if href else None
    return Link(plain(name or host or url or "", 60) or "source", href)
