"""What `evalmark doctor` looks up: benchmarks, their rows, the Hub's word on them. It needs extras."""

import contextlib
import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from evalmark.adapters.dataset_rows.rows import Source, opened
from evalmark.adapters.hub import HubClient, HubReviews
from evalmark.adapters.hub.standing import HubStanding
from evalmark.authoring.account import Account
from evalmark.checks.places import BENCHMARK_FILE, DECLARATION
from evalmark.checks.results import RESULTS_FOLDER
from evalmark.cli.hub_names import OnHub
from evalmark.cli.served import Dataset, served
from evalmark.cli.settings import Settings
from evalmark.cli.surroundings import Surroundings, surroundings
from evalmark.errors import CouldNotFinish, EvalmarkError, UsageProblem
from evalmark.facts import BenchmarkMissing, BenchmarkRef
from evalmark.flows.doctor import LOOK_UP
from evalmark.flows.doctor_benchmark import Columns, Rows
from evalmark.flows.proposed import readable
from evalmark.ports import BenchmarkFiles

NOT_INSTALLED = "the extra `verify`, which loads rows, is not installed"
MAYBE_MORE = "there are more than can be counted in a few seconds"


@dataclass(frozen=True, slots=True)
class World:
    """Benchmarks on this machine, and with `online` those on the Hub."""

    places: Surroundings
    folders: Mapping[str, Path]
    settings: Settings
    online: bool

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Look one up, or say that nobody asked for it."""
        if not self.online and ref.dataset_id not in self.folders:
            return BenchmarkMissing("it was not looked up", LOOK_UP, surely=False)
        return self.places.benchmark(ref)

    def count(self, dataset_id: str, revision: str, config: str, split: str) -> int | str:
        """How many rows a split has, or why that is not known."""
        if importlib.util.find_spec("datasets") is None:
            return NOT_INSTALLED
        source = _source(dataset_id, revision, self.places.endpoint_of(dataset_id), self.settings)
        try:
            with opened(source) as rows:
                total = rows.split(config, split).total
        except CouldNotFinish as trouble:
            return trouble.message
        return MAYBE_MORE if total is None else total


@dataclass(frozen=True, slots=True)
class RepoOnHub:
    """The files of a repo that evalmark reads, bytes by path, at one commit."""

    files: Mapping[str, bytes]
    revision: str
    is_benchmark: bool
    card: bytes | None = None


@contextmanager
def world(folders: Mapping[str, Path], settings: Settings, *, online: bool) -> Iterator[World]:
    """Serve the folders of benchmarks, as they are committed, while the context is open."""
    with surroundings(folders, settings) as places:
        yield World(places, folders, settings, online)


@contextmanager
def rows_of_folder(folder: Path, repo: str, ours: Mapping[str, bytes], settings: Settings) -> Iterator[Rows]:
    """The rows of a benchmark in a folder, as they lie there, committed or not."""
    with (
        served(Dataset(folder, repo), ours, settings) as (endpoint, revision),
        _rows(_source(repo, revision, endpoint, settings)) as rows,
    ):
        yield rows


def rows_on_hub(repo: str, revision: str, settings: Settings) -> AbstractContextManager[Rows]:
    """The rows of a benchmark on the Hub that anybody may read: the child holds no token."""
    return _rows(_source(repo, revision, settings.endpoint, settings))


@contextmanager
def _rows(source: Source) -> Iterator[Rows]:
    with opened(source) as child:

        def rows(config: str, split: str) -> Columns | str:
            try:
                found = child.split(config, split)
            except CouldNotFinish as trouble:
                return trouble.message
            names = tuple(column.name for column in found.columns)
            return Columns(names, MAYBE_MORE if found.total is None else found.total)

        yield rows


def _source(repo: str, revision: str, endpoint: str, settings: Settings) -> Source:
    return Source(repo, revision, endpoint, settings.cache / "rerun", settings.environment)


def repo_on_hub(name: OnHub, settings: Settings) -> RepoOnHub:
    """A benchmark, else a model repo. Raises `UsageProblem` if it is neither, and what the Hub raises."""
    client = HubClient(settings.endpoint, settings.cache / "hub", settings.token)
    found = client.benchmark(BenchmarkRef(name.repo, name.revision))
    if isinstance(found, BenchmarkFiles):
        files = {BENCHMARK_FILE: found.eval_yaml}
        if found.declaration is not None:
            files[DECLARATION] = found.declaration
        return RepoOnHub(files, found.revision, is_benchmark=True, card=found.card)
    reviews = HubReviews(settings.endpoint, settings.cache / "hub", settings.token, name.repo)
    try:
        commit = client.model(name.repo, name.revision or "main").revision
    except UsageProblem:
        raise UsageProblem(f"{name}: {found.reason}, and there is no model of that name", found.advice) from None
    return RepoOnHub(readable(reviews, commit, RESULTS_FOLDER), commit, is_benchmark=False)


def account(settings: Settings) -> Account | None:
    """Whose token it is; None without one. Raises what the Hub raises."""
    return HubStanding(settings.endpoint, settings.token).account() if settings.token else None


def tags(repo: str, settings: Settings) -> frozenset[str]:
    """The Hub's tags of a dataset; none if it is not there, or cannot be asked."""
    with contextlib.suppress(EvalmarkError):
        return HubStanding(settings.endpoint, settings.token).tags(repo)
    return frozenset()
