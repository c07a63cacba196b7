"""The JSON that the Hub says about repos, as its client reads it. Pure, given a repository."""

from datetime import UTC, datetime

from evalmark.localhub.lfs import LfsPointer
from evalmark.localhub.names import RepoId, hub_id
from evalmark.localhub.people import Token, person_id
from evalmark.localhub.repository import Commit, Entry, GitRepository


def whoami(token: Token) -> dict[str, object]:
    """What `/api/whoami-v2` says to the bearer of a token."""
    person = token.person
    return {
        "type": "user",
        "id": person.id,
        "name": person.name,
        "fullname": person.name,
        "isPro": False,
        "orgs": [_org(name) for name in person.orgs],
        "auth": {"type": "access_token", "accessToken": {"displayName": person.name, "role": token.role}},
    }


def overview(name: str, kind: str) -> dict[str, object]:
    """What everybody may know of a person or an organisation: above all, which id belongs to the name."""
    return {
        "_id": person_id(name),
        "id": person_id(name),
        "user": name,
        "name": name,
        "fullname": name,
        "type": kind,
        "avatarUrl": "",
        "isPro": False,
    }


def _org(name: str) -> dict[str, object]:
    return {"type": "org", "id": person_id(name), "name": name, "fullname": name, "avatarUrl": "", "roleInOrg": "write"}


def repo_info(repo: RepoId, repository: GitRepository, sha: str, *, blobs: bool) -> dict[str, object]:
    """What `/api/models/<id>` says; with `blobs` every file comes with its size and oid."""
    date = hub_date(repository.commit(sha).date)
    files = [entry for entry in repository.tree(sha) or () if entry.kind == "file"]
    return {
        "_id": hub_id(repo.kind, repo.name),
        "id": repo.name,
        **({"modelId": repo.name} if repo.kind == "models" else {}),
        "author": repo.name.partition("/")[0],
        "sha": sha,
        "lastModified": date,
        "createdAt": date,
        "private": False,
        "gated": False,
        "disabled": False,
        "downloads": 0,
        "likes": 0,
        "tags": [],
        "siblings": [_sibling(repository, entry, blobs=blobs) for entry in files],
    }


def tree_item(repository: GitRepository, sha: str, entry: Entry, *, expand: bool) -> dict[str, object]:
    """A file or a folder as in a tree or in paths-info; with `expand` also the last commit that changed it."""
    item: dict[str, object] = {"type": entry.kind, "oid": entry.oid, "size": entry.size, "path": entry.path}
    pointer = repository.pointer(entry)
    if pointer is not None:
        item |= {"size": pointer.size, "lfs": _lfs(pointer)}
    if expand:
        commit = repository.last_commit(sha, entry.path)
        item["lastCommit"] = {"id": commit.sha, "title": commit.title, "date": hub_date(commit.date)}
    return item


def refs(repository: GitRepository, *, pull_requests: bool) -> dict[str, object]:
    """All refs, sorted into the Hub's groups; pull requests only if they are asked for."""
    groups = {"branches": "refs/heads/", "tags": "refs/tags/", "converts": "refs/convert/"}
    if pull_requests:
        groups["pullRequests"] = "refs/pr/"
    every = repository.refs()
    return {
        group: [
            {"name": ref.name.removeprefix(prefix), "ref": ref.name, "targetCommit": ref.sha}
            for ref in every
            if ref.name.startswith(prefix)
        ]
        for group, prefix in groups.items()
    }


def commit_item(commit: Commit) -> dict[str, object]:
    """A commit as in the list of commits."""
    return {
        "id": commit.sha,
        "title": commit.title,
        "message": commit.message,
        "date": hub_date(commit.date),
        "authors": [{"user": commit.author}],
    }


def _sibling(repository: GitRepository, entry: Entry, *, blobs: bool) -> dict[str, object]:
    sibling: dict[str, object] = {"rfilename": entry.path}
    pointer = repository.pointer(entry)
    if blobs:
        sibling |= {"size": pointer.size if pointer else entry.size, "blobId": entry.oid}
    if pointer is not None:
        sibling["lfs"] = _lfs(pointer) | {"sha256": pointer.sha256}
    return sibling


def _lfs(pointer: LfsPointer) -> dict[str, object]:
    return {"oid": pointer.sha256, "size": pointer.size, "pointerSize": pointer.pointer_size}


def hub_date(when: datetime) -> str:
    """The only form of a date that the Hub's client reads: with a Z."""
    when = when.astimezone(UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"
