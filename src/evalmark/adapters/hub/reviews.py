"""Pull requests of a model repo on the Hub, read at exact commits through the Hub's API: nothing is checked out."""

from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path
from typing import Final

from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError
from huggingface_hub.hf_api import RepoFile, RepoFolder

from evalmark.adapters.hub.caller import HubCaller
from evalmark.adapters.hub.kept import Kept, is_commit
from evalmark.adapters.hub.trouble import TROUBLE, in_words, patiently, says_that_nothing_is_there
from evalmark.errors import Refused, UsageProblem
from evalmark.review import ListedFile, OpenPullRequest, PullRequest

TIMEOUT_SECONDS: Final = 20
OPEN: Final = frozenset({"open", "draft"})


class HubReviews(HubCaller):
    """The pull requests of the model repo `model` (`owner/name`). Files are cached below `cache` by commit."""

    def __init__(self, endpoint: str, cache: Path, token: str | None, model: str) -> None:
        super().__init__(endpoint, token)
        self._cache = cache
        self._kept = Kept(cache, endpoint)
        self.model = model
        self._commits: dict[str, str] = {}
        """Blob → a commit that has it: the Hub gives files by path and commit, not by digest."""

    def pull_request(self, number: int) -> PullRequest:
        """Look a pull request up, and where its branch left main. Anyone may open one: each counts as a fork's."""
        what = f"pull request {number} of {self.model}"
        try:
            details = patiently(lambda: self._api.get_discussion_details(self.model, number))
        except TROUBLE as error:
            if says_that_nothing_is_there(error) and not isinstance(error, RepositoryNotFoundError):
                raise UsageProblem(f"{what}: there is none", "check the number on the repo's community page") from error
            raise in_words(error, what, self._endpoint) from error
        if not details.is_pull_request:
            raise UsageProblem(f"{what}: this is a discussion that proposes no change", "name a pull request")
        refs = self._ask(what, lambda: self._api.list_repo_refs(self.model, include_pull_requests=True))
        heads = {ref.ref: ref.target_commit for ref in (*refs.branches, *(refs.pull_requests or ()))}
        head, target = heads.get(f"refs/pr/{number}"), heads.get("refs/heads/main")
        if head is None or target is None:
            raise UsageProblem(f"{what}: its commits are no longer there", "open it again, or name another")
        base = self.merge_base(target, head)
        return PullRequest(number, head, base, target, from_fork=True, is_open=details.status in OPEN)

    def open_ones(self) -> tuple[OpenPullRequest, ...]:
        """The open pull requests and their heads, newest first. Two questions, however many there are."""
        what = f"the pull requests of {self.model}"
        listed = self._ask(
            what,
            lambda: list(
                self._api.get_repo_discussions(self.model, discussion_type="pull_request", discussion_status="open")
            ),
        )
        if not listed:
            return ()
        refs = self._ask(what, lambda: self._api.list_repo_refs(self.model, include_pull_requests=True))
        heads = {ref.ref: ref.target_commit for ref in refs.pull_requests or ()}
        return tuple(
            OpenPullRequest(each.num, heads[each.git_reference])
            for each in listed
            if each.git_reference is not None and each.git_reference in heads
        )

    def merge_base(self, tip: str, head: str) -> str:
        """The newest commit that both have in their history."""
        what = f"the history of {self.model}"
        ours = {
            commit.commit_id
            for commit in self._ask(what, lambda: self._api.list_repo_commits(self.model, revision=tip))
        }
        theirs = self._ask(what, lambda: self._api.list_repo_commits(self.model, revision=head))
        common = next((commit.commit_id for commit in theirs if commit.commit_id in ours), None)
        if common is None:
            raise Refused(f"{self.model}: the pull request has no history in common with main", "open a new one")
        return common

    def listing(self, commit: str, folder: str) -> tuple[ListedFile, ...]:
        """What lies directly in a folder. The Hub lists no links, and a submodule as nothing."""
        what = f"the files of {self.model} at {commit[:12]}"
        known = self._kept.get(f"listing {folder}", self.model, commit)
        if known is not None:
            return self._with_commit(commit, (ListedFile(*file) for file in known))
        try:
            items = patiently(lambda: list(self._api.list_repo_tree(self.model, folder or None, revision=commit)))
        except EntryNotFoundError:
            return ()
        except TROUBLE as error:
            raise in_words(error, what, self._endpoint) from error
        found = self._with_commit(commit, (_listed(item) for item in items))
        if is_commit(commit):
            self._kept.put(f"listing {folder}", self.model, commit, [astuple(file) for file in found])
        return found

    def content(self, file: ListedFile) -> bytes:
        """The bytes of a listed file; downloaded once for each commit."""
        what = f"{file.path} of {self.model}"
        commit = self._commits[file.digest]
        path = self._ask(
            what, lambda: self._api.hf_hub_download(self.model, file.path, revision=commit, cache_dir=self._cache)
        )
        content = Path(path).read_bytes()
        if len(content) != file.size:
            raise Refused(f"{what} is not what was listed: {len(content)} bytes, not {file.size}", "run it again")
        return content

    def _with_commit(self, commit: str, files: Iterable[ListedFile]) -> tuple[ListedFile, ...]:
        found = tuple(sorted(files))
        self._commits |= {file.digest: commit for file in found}
        return found


def _listed(item: RepoFile | RepoFolder) -> ListedFile:
    if isinstance(item, RepoFolder):
        return ListedFile(item.path, "folder", 0, item.tree_id)
    return ListedFile(item.path, "file", item.size, item.blob_id)
