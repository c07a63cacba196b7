"""The Hub (or the embedded one) through huggingface_hub: benchmarks and model repos, each at one commit."""

from pathlib import Path

import httpx2
from huggingface_hub import HfApi
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from evalmark.errors import CouldNotFinish
from evalmark.facts import BenchmarkMissing, BenchmarkRef, ModelFacts
from evalmark.ports import BenchmarkFiles

EVAL_YAML = "eval.yaml"
DECLARATION = ".evalmark.toml"
TIMEOUT_SECONDS = 10
# What a service or a network can do to the client: an answer that is no JSON, or not the JSON it promises, included.
TROUBLE = (HfHubHTTPError, httpx2.HTTPError, OSError, ValueError, KeyError, TypeError)


class HubClient:
    """The `Hub` behind `endpoint`. Files are cached below `cache` by commit."""

    def __init__(self, endpoint: str, cache: Path, token: str | None = None) -> None:
        self._api = HfApi(endpoint=endpoint, token=token or False)
        self._endpoint = endpoint
        self._cache = cache

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Resolve the revision to a commit once, then read both files at that commit."""
        where = f"`{ref.dataset_id}`" + (f" at `{ref.revision}`" if ref.revision else "")
        try:
            info = self._api.dataset_info(ref.dataset_id, revision=ref.revision, timeout=TIMEOUT_SECONDS)
            revision = str(info.sha)
            eval_yaml = self._file(ref.dataset_id, EVAL_YAML, revision)
            if eval_yaml is None:
                return BenchmarkMissing(
                    f"{where} has no eval.yaml at its root, so it is not a benchmark",
                    "claim a score on a dataset that defines a benchmark",
                    surely=True,
                )
            return BenchmarkFiles(revision, eval_yaml, self._file(ref.dataset_id, DECLARATION, revision))
        except TROUBLE as error:
            return _missing(where, self._endpoint, error)

    def model(self, name: str, revision: str) -> ModelFacts:
        """The repo's commit and the sha256 of its large files. Raises `CouldNotFinish`."""
        try:
            info = self._api.model_info(name, revision=revision, files_metadata=True, timeout=TIMEOUT_SECONDS)
        except TROUBLE as error:
            raise CouldNotFinish(
                f"cannot look {name} up at {self._endpoint}: {_said(error)}", "check the name and the network"
            ) from error
        large = {file.rfilename: file.lfs.sha256 for file in info.siblings or [] if file.lfs is not None}
        return ModelFacts(name, str(info.sha), large)

    def _file(self, dataset_id: str, name: str, revision: str) -> bytes | None:
        try:
            path = self._api.hf_hub_download(
                dataset_id, name, repo_type="dataset", revision=revision, cache_dir=self._cache
            )
        except LocalEntryNotFoundError:  # a kind of "entry not found" that means: no network
            raise
        except EntryNotFoundError:
            return None
        return Path(path).read_bytes()


def _missing(where: str, endpoint: str, error: Exception) -> BenchmarkMissing:
    match error:
        case GatedRepoError():
            return BenchmarkMissing(
                f"the benchmark {where} is gated", "ask for access on its page, then set HF_TOKEN", surely=False
            )
        case RevisionNotFoundError():
            return BenchmarkMissing(
                f"the benchmark {where} has no such revision", "name a commit that the benchmark has", surely=True
            )
        case RepositoryNotFoundError() | HFValidationError():
            return BenchmarkMissing(
                f"there is no benchmark {where} at {endpoint}",
                "check its name; if it is private, set HF_TOKEN; if it lies on this machine, give it with "
                "--benchmark owner/name=DIR",
                surely=True,
            )
        case _:
            return BenchmarkMissing(
                f"the benchmark {where} could not be looked up at {endpoint}: {_said(error)}",
                "check the network, or give the benchmark with --benchmark owner/name=DIR",
                surely=False,
            )


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
