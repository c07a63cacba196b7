"""What GitHub says of its things: its own examples, with the values of the fake in them."""

import base64
import copy
from typing import Any, TypeAlias

from tests.github.contract import HOST, description
from tests.github.objects import Entry, Objects
from tests.github.state import Pull, Repo, StoredComment, StoredStatus

Json: TypeAlias = dict[str, Any]


def example(name: str) -> Json:
    """A copy of one of GitHub's examples."""
    value: Json = copy.deepcopy(description()["components"]["examples"][name]["value"])
    return value


def user(login: str, *, bot: bool) -> Json | None:
    """An account; none for one that has been deleted."""
    if not login:
        return None
    account: Json = example("issue-comment")["user"]
    return account | {"login": login, "type": "Bot" if bot else "User", "html_url": f"https://github.com/{login}"}


def comment(repo: Repo, stored: StoredComment) -> Json:
    """An issue comment."""
    page = f"https://github.com/{repo.name}/pull/{stored.number}"
    return example("issue-comment") | {
        "id": stored.id,
        "body": stored.body,
        "user": user(stored.author, bot=stored.bot),
        "created_at": stored.created,
        "updated_at": stored.created,
        "html_url": f"{page}#issuecomment-{stored.id}",
        "issue_url": f"{HOST}/repos/{repo.name}/issues/{stored.number}",
        "url": f"{HOST}/repos/{repo.name}/issues/comments/{stored.id}",
    }


def status(stored: StoredStatus, *, bot: bool) -> Json:
    """A commit status."""
    return example("status") | {
        "id": stored.id,
        "context": stored.context,
        "state": stored.state,
        "description": stored.description,
        "target_url": stored.target_url,
        "creator": user(stored.creator, bot=bot),
    }


def pull_request(repo: Repo, pull: Pull) -> Json:
    """A pull request."""
    told = example("pull-request")
    told |= {
        "number": pull.number,
        "state": "open" if pull.is_open else "closed",
        "html_url": f"https://github.com/{repo.name}/pull/{pull.number}",
        "requested_teams": [],  # those of the example break GitHub's own schema
    }
    repository: Json = told["base"]["repo"]
    told["head"] |= {"sha": pull.head, "repo": None}
    if pull.head_repository is not None:
        told["head"]["repo"] = _repository(repository, pull.head_repository, fork=pull.head_repository != repo.name)
    told["base"] |= {"sha": pull.base, "repo": _repository(repository, repo.name, fork=False)}
    return told


def pull_request_in_list(repo: Repo, pull: Pull) -> Json:
    """A pull request as a list has it: without what takes GitHub time to find out."""
    items: list[Json] = copy.deepcopy(description()["components"]["examples"]["pull-request-simple-items"]["value"])
    told, whole = items[0], pull_request(repo, pull)
    return told | {
        "number": pull.number,
        "state": whole["state"],
        "html_url": whole["html_url"],
        "requested_teams": [],
        "head": told["head"] | {"sha": pull.head},
        "base": told["base"] | {"sha": pull.base},
        "merged_at": pull.merged_at,
        "closed_at": pull.closed_at,
        "merge_commit_sha": pull.merge_commit,
    }


def _repository(template: Json, full_name: str, *, fork: bool) -> Json:
    owner, name = full_name.split("/")
    return template | {
        "full_name": full_name,
        "name": name,
        "owner": template["owner"] | {"login": owner},
        "fork": fork,
    }


def comparison(repo: Repo, base: str, head: str, merge_base: str) -> Json:
    """Two commits compared; never with their files, which only the first page of GitHub's answer has."""
    objects = repo.objects
    ahead, behind = (_commits_since(objects, tip, merge_base) for tip in (head, base))
    told = example("commit-comparison")
    commit = told["base_commit"]
    kind = {(False, False): "identical", (True, False): "ahead", (False, True): "behind", (True, True): "diverged"}
    return told | {
        "base_commit": commit | {"sha": base},
        "merge_base_commit": commit | {"sha": merge_base},
        "status": kind[bool(ahead), bool(behind)],
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [],
        "files": [],
    }


def _commits_since(objects: Objects, tip: str, start: str) -> int:
    return next(count for count, commit in enumerate(objects.history(tip)) if commit == start)


def tree(repo: Repo, sha: str, entries: tuple[Entry, ...]) -> Json:
    """A tree; only blobs have a size."""
    return {
        "sha": sha,
        "url": f"{HOST}/repos/{repo.name}/git/trees/{sha}",
        "tree": [_entry(repo, entry) for entry in entries],
        "truncated": False,
    }


def _entry(repo: Repo, entry: Entry) -> Json:
    told: Json = {"path": entry.name, "mode": entry.mode.zfill(6), "type": entry.kind, "sha": entry.sha}
    if entry.kind == "blob":
        told["size"] = len(repo.objects.blobs[entry.sha])
    if entry.kind != "commit":
        told["url"] = f"{HOST}/repos/{repo.name}/git/{entry.kind}s/{entry.sha}"
    return told


def blob(repo: Repo, sha: str) -> Json:
    """A blob, in base64 with a line break after 60 letters, as GitHub sends it."""
    data = repo.objects.blobs[sha]
    letters = base64.b64encode(data).decode()
    lines = [letters[start : start + 60] + "\n" for start in range(0, len(letters), 60)]
    return {
        "sha": sha,
        "node_id": "QmxvYg==",
        "size": len(data),
        "url": f"{HOST}/repos/{repo.name}/git/blobs/{sha}",
        "content": "".join(lines),
        "encoding": "base64",
    }
