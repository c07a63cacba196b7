"""What the Hub says of a repo as a whole, alone or in a list."""

from evalmark.localhub import eval_results, payloads
from evalmark.localhub.message import Request
from evalmark.localhub.names import RepoId
from evalmark.localhub.pulls import not_open
from evalmark.localhub.repository import GitRepository
from evalmark.localhub.safetensors import parameters
from evalmark.localhub.state import HubState

OFFICIAL = "benchmark:official"


def summary(hub: HubState, repo: RepoId, repository: GitRepository, sha: str, request: Request) -> dict[str, object]:
    """`/api/models/<id>`; with `expand=evalResults` also the scores that its files report."""
    said = payloads.repo_info(repo, repository, sha, blobs=request.flag("blobs"))
    said |= {
        "private": hub.is_private(repo),
        "gated": "manual" if str(repo) in hub.users.gated else False,
        "tags": tags(repo, repository, sha),
    }
    if repo.kind == "models" and "evalResults" in request.query.get("expand", []):
        found = eval_results.scores(repository, not_open(hub.community.of(repo)))
        said["evalResults"] = [eval_results.row(score) for score in found]
    if repo.kind == "models" and "safetensors" in request.query.get("expand", []):
        counted = parameters(repository, sha)
        said |= {"safetensors": counted} if counted else {}
    return said


def tags(repo: RepoId, repository: GitRepository, sha: str) -> list[str]:
    """A dataset that has an `eval.yaml` is a benchmark here; the real Hub has a list of them."""
    is_benchmark = repo.kind == "datasets" and repository.entry(sha, "eval.yaml") is not None
    return [OFFICIAL] if is_benchmark else []
