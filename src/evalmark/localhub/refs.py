"""Which refs may be moved, and by whom."""

import re

from evalmark.localhub.message import Denied
from evalmark.localhub.names import RepoId, is_commit_sha, refs_that_may_be_meant
from evalmark.localhub.people import Person
from evalmark.localhub.pulls import discussion_of
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.state import HubState
from evalmark.localhub.writing import ref_behind_main

_PULL_REQUEST = re.compile(r"refs/pr/([1-9][0-9]{0,8})")


def target_ref(repository: GitRepository, revision: str) -> str | None:
    """The branch or pull request that a commit to `revision` goes to; None if there is none, or it is a tag or sha."""
    if is_commit_sha(revision):
        return None
    if revision in {"main", "refs/heads/main"}:
        return ref_behind_main(repository.git_dir)
    may_move = (ref for ref in refs_that_may_be_meant(revision) if ref.startswith(("refs/heads/", "refs/pr/")))
    return next((ref for ref in may_move if repository.resolve(ref) is not None), None)


def number_of(ref: str) -> int | None:
    """The number of the pull request that a ref belongs to."""
    found = _PULL_REQUEST.fullmatch(ref)
    return int(found[1]) if found is not None else None


def may_push(hub: HubState, person: Person, repo: RepoId, ref: str) -> None:
    """Raises `Denied` if a person may not move a ref: their own pull requests are open to them, else it takes a right.

    Pull requests that are closed or merged stay as they are.
    """
    number = number_of(ref)
    pull_request = discussion_of(repo, hub.repositories[repo], hub.community, number) if number else None
    owns = pull_request is not None and pull_request.by.author == person.name
    if not owns and not hub.may_write(person, repo):
        raise Denied(403, f"Forbidden: {person.name} may not write to {ref} of {repo}; open a pull request instead")
    if pull_request is not None and not pull_request.is_open:
        raise Denied(403, f"pull request {number} of {repo} is {pull_request.status}; open a new one")
    if ref.startswith("refs/pr/") and pull_request is None:
        raise Denied(403, f"there is no pull request {ref} in {repo}; open it first, over the API")
