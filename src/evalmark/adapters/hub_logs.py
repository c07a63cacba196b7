"""Inspect logs that lie in a repo of the configured Hub: resolved to a commit, weighed, then downloaded."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile, RepoFolder

from evalmark.errors import CouldNotFinish, Refused, UsageProblem
from evalmark.report.escape import plain

TIMEOUT_SECONDS = 10
MIB = 1024 * 1024
SUFFIXES = frozenset({".eval", ".json"})
VIEWS = frozenset({"blob", "raw", "resolve", "tree"})
SHOWN = "https://…/datasets/owner/name/blob/main/logs/run.eval"
TROUBLE = (HfHubHTTPError, HFValidationError, httpx2.HTTPError, OSError, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Address:
    """A file or folder in a repo: `path` is empty for the whole repo."""

    kind: str
    repo: str
    revision: str
    path: str


@dataclass(frozen=True, slots=True)
class Most:
    """What is downloaded at most from one address."""

    logs: int = 100
    bytes: int = 1024 * MIB


class HubLogs:
    """Fetches logs from the Hub at `endpoint`, and from nowhere else. They are kept below `cache` by commit."""

    def __init__(self, endpoint: str, cache: Path, token: str | None = None, most: Most | None = None) -> None:
        self._api = HfApi(endpoint=endpoint, token=token or False)
        self._endpoint = endpoint
        self._cache = cache
        self._most = most or Most()

    def fetch(self, url: str) -> Path:
        """Download the logs at an address; where they are on this machine.

        Raises `Refused` for another host, `UsageProblem` for an address that holds no log, `CouldNotFinish`.
        """
        address = read_address(url, self._endpoint)
        try:
            commit = self._commit(address)
            files = self._weighed(address, commit)
            folder = self._folder(address, commit)
            for file in files:
                self._download(address, commit, file.path, folder)
        except TROUBLE as error:
            raise _trouble(address, self._endpoint, error) from error
        return folder / address.path

    def _commit(self, address: Address) -> str:
        info = self._api.repo_info(
            address.repo, repo_type=address.kind, revision=address.revision, timeout=TIMEOUT_SECONDS
        )
        return str(info.sha)

    def _weighed(self, address: Address, commit: str) -> list[RepoFile]:
        """The logs at the address, whose listed sizes are within the limit. Nothing is downloaded before."""
        most = self._most
        files = list(islice(self._logs(address, commit), most.logs + 1))
        if not files:
            raise UsageProblem(f"{_shown(address)} holds no Inspect log", "a log ends in .eval or .json")
        if len(files) > most.logs:
            raise UsageProblem(f"{_shown(address)} holds over {most.logs} logs", "give the address of one log")
        size = sum(file.size for file in files)
        if size > most.bytes:
            raise Refused(
                f"the logs at {_shown(address)} have {size // MIB} MiB, over the limit of {most.bytes // MIB} MiB",
                "give the address of one log, or download it yourself and give the file",
            )
        return files

    def _logs(self, address: Address, commit: str) -> Iterator[RepoFile]:
        kind, repo = address.kind, address.repo
        if address.path:
            found = self._api.get_paths_info(repo, [address.path], revision=commit, repo_type=kind)
            yield from (item for item in found if isinstance(item, RepoFile) and _is_log(item.path))
            if not any(isinstance(item, RepoFolder) for item in found):
                return
        tree = self._api.list_repo_tree(repo, address.path or None, recursive=True, revision=commit, repo_type=kind)
        yield from (item for item in tree if isinstance(item, RepoFile) and _is_log(item.path))

    def _folder(self, address: Address, commit: str) -> Path:
        name = hashlib.sha256(f"{address.kind}/{address.repo}@{commit}".encode()).hexdigest()
        return self._cache / "logs" / name

    def _download(self, address: Address, commit: str, path: str, folder: Path) -> None:
        self._api.hf_hub_download(address.repo, path, repo_type=address.kind, revision=commit, local_dir=folder)


def read_address(url: str, endpoint: str) -> Address:
    """Read the address of a repo, folder or file of the Hub at `endpoint`.

    Raises `Refused` for any other place, `UsageProblem` for an address of the Hub that is not a repo's.
    """
    asked, ours = urlsplit(url), urlsplit(endpoint)
    if (asked.scheme, asked.netloc) != (ours.scheme, ours.netloc):
        raise Refused(
            f"logs are fetched from {endpoint} only, and not from {plain(url, 80)}",
            "download the log yourself and give the file, or set HF_ENDPOINT to the Hub that holds it",
        )
    parts = [unquote(part) for part in asked.path.split("/") if part]
    if parts[:1] in (["buckets"], ["spaces"]):
        raise UsageProblem(f"logs are read from dataset and model repos, and not from {parts[0]}", f"give {SHOWN}")
    kind = "dataset" if parts[:1] == ["datasets"] else "model"
    return _in_repo(kind, parts[1:] if kind == "dataset" or parts[:1] == ["models"] else parts, url)


def _in_repo(kind: str, parts: list[str], url: str) -> Address:
    owner_and_name, view, rest = parts[:2], parts[2:3], parts[3:]
    strange = any(part in {".", ".."} or "\\" in part for part in parts)
    if len(owner_and_name) < 2 or strange or (view and (view[0] not in VIEWS or not rest)):
        raise UsageProblem(f"{plain(url, 80)} is not the address of a repo, folder or file", f"give {SHOWN}")
    return Address(kind, "/".join(owner_and_name), rest[0] if rest else "main", "/".join(rest[1:]))


def _is_log(path: str) -> bool:
    parts = PurePosixPath(path)
    return parts.suffix in SUFFIXES and ".." not in parts.parts and not parts.is_absolute()


def _shown(address: Address) -> str:
    return plain(f"{address.repo}/{address.path}".rstrip("/"))


def _trouble(address: Address, endpoint: str, error: Exception) -> CouldNotFinish:
    match error:
        case GatedRepoError():
            return CouldNotFinish(f"{address.repo} is gated", "ask for access on its page, then set HF_TOKEN")
        case RevisionNotFoundError():
            return CouldNotFinish(f"{address.repo} has no revision {plain(address.revision, 80)}", "check the address")
        case RepositoryNotFoundError() | HFValidationError():
            return CouldNotFinish(
                f"there is no {address.kind} {plain(address.repo, 80)} at {endpoint}",
                "check the address; if it is private, set HF_TOKEN",
            )
        case _:
            return CouldNotFinish(
                f"the logs at {_shown(address)} could not be had from {endpoint}: {plain(str(error), 160)}",
                "check the address and the network",
            )
