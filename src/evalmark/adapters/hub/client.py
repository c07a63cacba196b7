"""The Hub (or the embedded one) through huggingface_hub: benchmarks and model repos, each at one commit."""

import math
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

import httpx2
from huggingface_hub import HfApi, get_session
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError, RepositoryNotFoundError
from huggingface_hub.hf_api import DatasetLeaderboardEntry, RepoFile, RepoSibling

# Documented for others to use, though not in `__all__`.
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status  # type: ignore[attr-defined]

from evalmark.adapters.hub.eval_results import shown
from evalmark.adapters.hub.kept import Kept, is_commit
from evalmark.adapters.hub.trouble import (
    TROUBLE,
    in_words,
    missing_benchmark,
    no_answer,
    patiently,
    says_that_nothing_is_there,
)
from evalmark.checks.places import BENCHMARK_FILE, DECLARATION
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ModelFacts, RefusedFile, ResultsFile, ShownScore
from evalmark.formats.card import LARGEST_CARD
from evalmark.formats.text import LARGEST_FILE
from evalmark.ports import BenchmarkFiles
from evalmark.receipt import weights_digest
from evalmark.record import HubRowRecord

CARD = "README.md"
LARGEST: Final = {BENCHMARK_FILE: LARGEST_FILE, DECLARATION: LARGEST_FILE, CARD: LARGEST_CARD}
TIMEOUT_SECONDS = 10
# A model with more open pull requests or files than that is looked at in part: the newest first.
MOST_PULL_REQUESTS = 20
MOST_FILES = 100
CHANGED_RESULTS = re.compile(r"^\+\+\+ b/(\.eval_results/[^/\n\t]+\.yaml)$", re.MULTILINE)


class HubClient:
    """The `Hub` behind `endpoint`. Files are cached below `cache` by commit.

    Of a model's open pull requests the newest `most_pull_requests` are looked at; all, if it is None.
    """

    def __init__(
        self,
        endpoint: str,
        cache: Path,
        token: str | None = None,
        *,
        most_pull_requests: int | None = MOST_PULL_REQUESTS,
    ) -> None:
        self._api = HfApi(endpoint=endpoint, token=token or False)
        self._endpoint = endpoint
        self._cache = cache
        self._kept = Kept(cache, endpoint)
        self._most_pull_requests = most_pull_requests

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Resolve the revision to a commit once, then read both files at that commit."""
        where = f"`{ref.dataset_id}`" + (f" at `{ref.revision}`" if ref.revision else "")
        try:
            revision = self._commit_of(ref)
            sizes = self._sizes(ref.dataset_id, revision)
            if BENCHMARK_FILE not in sizes:
                return BenchmarkMissing(
                    f"{where} has no eval.yaml at its root, so it is not a benchmark",
                    "claim a score on a dataset that defines a benchmark",
                    surely=True,
                )
            if large := [name for name, size in sizes.items() if size > LARGEST[name]]:
                return BenchmarkMissing(
                    f"{where} has a {large[0]} of over {LARGEST[large[0]]} bytes, which evalmark does not download",
                    "the benchmark's owner can make it smaller: such a file needs a few kilobytes",
                    surely=True,
                )
            files = {name: self._file(ref.dataset_id, name, revision) for name in sizes}
            return BenchmarkFiles(revision, files[BENCHMARK_FILE] or b"", files.get(DECLARATION), files.get(CARD))
        except TROUBLE as error:
            return missing_benchmark(where, self._endpoint, error)

    def model(self, name: str, revision: str) -> ModelFacts:
        """The repo's commit and the sha256 of its large files.

        Without a network what was said before counts: of a commit for ever, of a branch until it can be asked again.
        Raises `UsageProblem`, `Forbidden` or `CouldNotFinish`.
        """
        known = self._kept.get("model facts", name, revision)
        if known is not None and is_commit(revision):
            return ModelFacts(name, revision, known["weights"], known.get("digest"))
        try:
            info = self._api.model_info(name, revision=revision, files_metadata=True, timeout=TIMEOUT_SECONDS)
        except TROUBLE as error:
            if known is not None and isinstance(error, httpx2.TransportError):
                return ModelFacts(name, known["commit"], known["weights"], known.get("digest"))
            raise in_words(error, f"the model {name}", self._endpoint) from error
        large = {file.rfilename: file.lfs.sha256 for file in info.siblings or [] if file.lfs is not None}
        digest = weights_digest({file.rfilename: _name_of(file) for file in info.siblings or []})
        facts = ModelFacts(name, str(info.sha), large, digest)
        for named in (revision, facts.revision):
            self._kept.put("model facts", name, named, {"commit": facts.revision, "weights": large, "digest": digest})
        return facts

    def _commit_of(self, ref: BenchmarkRef) -> str:
        """The commit of a benchmark; without a network the one that was read last. Raises what the client raises."""
        if ref.revision is not None and self._kept.get("sizes", ref.dataset_id, ref.revision) is not None:
            return ref.revision
        named = ref.revision or "main"
        try:
            info = self._api.dataset_info(ref.dataset_id, revision=ref.revision, timeout=TIMEOUT_SECONDS)
        except httpx2.TransportError:
            known = self._kept.get("commit", ref.dataset_id, named)
            if known is None:
                raise
            return str(known)
        self._kept.put("commit", ref.dataset_id, named, str(info.sha))
        return str(info.sha)

    def _sizes(self, dataset_id: str, revision: str) -> dict[str, int]:
        """Which of a benchmark's files there are and how large: asked before any of them is downloaded."""
        known: dict[str, int] | None = self._kept.get("sizes", dataset_id, revision)
        if known is None:
            listed = self._api.get_paths_info(dataset_id, list(LARGEST), revision=revision, repo_type="dataset")
            known = {file.path: file.size for file in listed if isinstance(file, RepoFile)}
            self._kept.put("sizes", dataset_id, revision, known)
        return known

    def models_of(self, author: str) -> tuple[str, ...]:
        """The names of all models of a person or organisation. Raises `CouldNotFinish`."""
        try:
            return tuple(str(info.id) for info in patiently(lambda: list(self._api.list_models(author=author))))
        except TROUBLE as error:
            raise no_answer(f"the models of {author}", self._endpoint, error) from error

    def models_found(self, search: str, most: int) -> tuple[str, ...]:
        """The names of models that the Hub's own search finds. Raises `CouldNotFinish`."""
        try:
            found = patiently(lambda: list(self._api.list_models(search=search, limit=most)))
        except TROUBLE as error:
            raise no_answer(f"models by {search!r}", self._endpoint, error) from error
        return tuple(str(info.id) for info in found)

    def card(self, model: str) -> bytes | None:
        """A model's README on main; None if it has none, or one that is too large. Raises `CouldNotFinish`."""
        try:
            commit = str(self._api.model_info(model, timeout=TIMEOUT_SECONDS).sha)
            listed = self._api.get_paths_info(model, [CARD], revision=commit)
            if not listed or not isinstance(listed[0], RepoFile) or listed[0].size > LARGEST_CARD:
                return None
            return self._file(model, CARD, commit, "model")
        except TROUBLE as error:
            raise in_words(error, f"the card of {model}", self._endpoint) from error

    def benchmarks(self) -> tuple[str, ...]:
        """The names of the Hub's official benchmarks. Raises `CouldNotFinish`."""
        try:
            patiently(self._ask_for_one_dataset)
            found = patiently(lambda: list(self._api.list_datasets(benchmark=True)))
        except TROUBLE as error:
            raise no_answer("the official benchmarks", self._endpoint, error) from error
        return tuple(str(info.id) for info in found)

    def _ask_for_one_dataset(self) -> None:
        """Fail if the Hub is silent: the client's own paging would try for minutes."""
        address, headers = f"{self._endpoint}/api/datasets", build_hf_headers(token=self._api.token)
        hf_raise_for_status(get_session().get(address, params={"limit": 1}, headers=headers, timeout=TIMEOUT_SECONDS))

    def parameters(self, model: str) -> int | None:
        """How many parameters its safetensors files have; None if the Hub does not tell. Raises what `model` raises."""
        try:
            info = patiently(lambda: self._api.model_info(model, expand=["safetensors"], timeout=TIMEOUT_SECONDS))
        except TROUBLE as error:
            raise in_words(error, f"the model {model}", self._endpoint) from error
        total = info.safetensors.total if info.safetensors is not None else None
        return total if isinstance(total, int) else None

    def leaderboard(self, dataset_id: str) -> tuple[HubRowRecord, ...]:
        """The Hub's own leaderboard of a benchmark, of all its tasks. Raises `CouldNotFinish`."""
        return tuple(_hub_row(dataset_id, row) for row in self._leaderboard(dataset_id))

    def models_on_board(self, dataset_id: str) -> tuple[str, ...]:
        """The names of all models on a leaderboard, those of open pull requests too. Raises `CouldNotFinish`."""
        return tuple(dict.fromkeys(row.model for row in self.board(dataset_id)))

    def shown_scores(self, model: str) -> tuple[ShownScore | RefusedFile, ...]:
        """What the Hub itself shows of a model's scores. Raises what `model` raises.

        The client's own reading of `evalResults` drops the file, the badge and the pull request, and fails for all if
        one row is not as it should be; so the answer is read here.
        """
        try:
            return tuple(map(shown, patiently(lambda: self._eval_results(model))))
        except TROUBLE as error:
            raise in_words(error, f"the scores of {model}", self._endpoint) from error

    def _eval_results(self, model: str) -> list[Any]:
        response = get_session().get(
            f"{self._endpoint}/api/models/{model}",
            params={"expand": ["evalResults"]},
            headers=build_hf_headers(token=self._api.token),
            timeout=TIMEOUT_SECONDS,
        )
        hf_raise_for_status(response)
        rows = response.json().get("evalResults") or []
        return rows if isinstance(rows, list) else []

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        """The leaderboard, also with models that were made from others. Raises `CouldNotFinish`."""
        return tuple(BoardRow(str(row.model_id), float(row.value)) for row in self._leaderboard(dataset_id))

    def _leaderboard(self, dataset_id: str) -> list[DatasetLeaderboardEntry]:
        try:
            rows = self._api.get_dataset_leaderboard(dataset_id, base_model_only=False, timeout=TIMEOUT_SECONDS)
            return [row for row in rows if math.isfinite(float(row.value))]
        except TROUBLE as error:
            if says_that_nothing_is_there(error):
                return []
            raise no_answer(f"the leaderboard of {dataset_id}", self._endpoint, error) from error

    def results_files(self, model: str) -> tuple[ResultsFile, ...]:
        """Those of main, then those of the newest open pull requests. Raises `CouldNotFinish`."""
        try:
            return (*self._on_main(model), *self._in_pull_requests(model))
        except RepositoryNotFoundError:
            return ()
        except TROUBLE as error:
            raise no_answer(f"what {model} already reports", self._endpoint, error) from error

    def _on_main(self, model: str) -> Iterator[ResultsFile]:
        commit = str(self._api.model_info(model, timeout=TIMEOUT_SECONDS).sha)
        try:
            listed = list(self._api.list_repo_tree(model, RESULTS_FOLDER, revision=commit))
        except EntryNotFoundError:
            return
        paths = [item.path for item in listed if isinstance(item, RepoFile) and item.size <= LARGEST_FILE]
        yield from self._results(model, paths, commit, None)

    def _in_pull_requests(self, model: str) -> Iterator[ResultsFile]:
        open_ones = self._api.get_repo_discussions(model, discussion_type="pull_request", discussion_status="open")
        numbers = [discussion.num for discussion in islice(open_ones, self._most_pull_requests)]
        heads = {
            ref.ref: ref.target_commit
            for ref in (
                self._api.list_repo_refs(model, include_pull_requests=True).pull_requests or () if numbers else ()
            )
        }
        for number in numbers:
            commit = heads.get(f"refs/pr/{number}")
            diff = getattr(self._api.get_discussion_details(model, number), "diff", None)
            if commit is not None and diff is not None:
                yield from self._results(model, CHANGED_RESULTS.findall(diff), commit, number)

    def _results(self, model: str, paths: list[str], commit: str, number: int | None) -> Iterator[ResultsFile]:
        for path in [path for path in paths if path.endswith(".yaml")][:MOST_FILES]:
            content = self._file(model, path, commit, "model")
            if content is not None and len(content) <= LARGEST_FILE:
                yield ResultsFile(path, content, commit, number)

    def _file(self, repo: str, name: str, revision: str, repo_type: str = "dataset") -> bytes | None:
        try:
            path = self._api.hf_hub_download(repo, name, repo_type=repo_type, revision=revision, cache_dir=self._cache)
        except LocalEntryNotFoundError:  # a kind of "entry not found" that means: no network
            raise
        except EntryNotFoundError:
            return None
        return Path(path).read_bytes()


def _name_of(file: RepoSibling) -> str:
    """As a receipt names a file."""
    return f"sha256:{file.lfs.sha256}" if file.lfs is not None else f"gitblob:{file.blob_id}"


def _hub_row(dataset_id: str, row: DatasetLeaderboardEntry) -> HubRowRecord:
    return HubRowRecord(
        dataset_id=dataset_id,
        task_id=None,
        model=str(row.model_id),
        rank=int(row.rank),
        value=float(row.value),
        file=str(row.filename),
        verified=row.verified is True,
        pull_request=row.pull_request if isinstance(row.pull_request, int) else None,
    )
