"""A question about a repo with everything that is needed to answer it, after the rights to ask it were looked at."""

from dataclasses import dataclass, replace

from evalmark.localhub.message import Denied, Request
from evalmark.localhub.names import RepoId
from evalmark.localhub.people import Person
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.routes import RepoRoute
from evalmark.localhub.state import HubState


@dataclass(frozen=True)
class Call:
    """A request about a repo that `person` (None: nobody known) may read; `sha` is the commit of the revision."""

    hub: HubState
    request: Request
    route: RepoRoute
    person: Person | None
    repository: GitRepository
    sha: str

    @property
    def repo(self) -> RepoId:
        """The repo's id."""
        return self.route.repo

    def writing(self) -> "Call":
        """The call in the repo where it may be written; its lock is held."""
        return replace(self, repository=self.hub.repositories.writable(self.repo))

    def need_person(self) -> Person:
        """Who asks. Raises `Denied` for nobody and for a token that only reads."""
        return self.hub.need_person(self.request)

    def need_right(self) -> Person:
        """Who asks, if they may write to the repo. Raises `Denied` (401 or 403) otherwise."""
        person = self.need_person()
        if not self.hub.may_write(person, self.repo):
            raise Denied(403, f"Forbidden: {person.name} may not write to {self.repo}; open a pull request instead")
        return person


def readable(hub: HubState, person: Person | None, repo: RepoId) -> GitRepository:
    """The repo. Raises `Denied` if there is none, and in the same words if the person may not know of it."""
    repository = hub.repositories.get(repo)
    if repository is None or not hub.may_read(person, repo):
        known = sorted(other for other in hub.repositories if hub.may_read(person, other))
        served = ", ".join(str(other) for other in known) or "none"
        raise Denied(404, f"there is no repo {repo} here (served: {served})", "RepoNotFound")
    return repository


def check_gate(hub: HubState, person: Person | None, repo: RepoId) -> None:
    """Raises `Denied` if the files of a repo are not for that person."""
    if not hub.may_download(person, repo):
        who = person.name if person else "who sends no token"
        raise Denied(403, f"Access to {repo} is restricted and {who} is not in the authorized list", "GatedRepo")
