"""What a verification stands on: the repos of this machine behind the embedded Hub, all others behind the real one."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evalmark.adapters.hub import HubClient
from evalmark.cli.settings import Settings
from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow, ModelFacts
from evalmark.localhub import LocalHub, RepoId
from evalmark.ports import BenchmarkFiles


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A `Hub` that asks the embedded Hub for what lies on this machine, and the real one for the rest."""

    local: HubClient
    remote: HubClient
    local_endpoint: str
    remote_endpoint: str
    checked_out: Mapping[RepoId, str]
    """The commit that each folder is on: what its owner means by it, also on another branch than main."""

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Read a benchmark where it lies; one in a folder as it is checked out, if no revision is named."""
        if not self._is_local(ref.dataset_id):  # also a name that is no repo's: the real Hub says so
            return self.remote.benchmark(ref)
        commit = self.checked_out[RepoId("datasets", ref.dataset_id)]
        return self.local.benchmark(BenchmarkRef(ref.dataset_id, ref.revision or commit))

    def board(self, dataset_id: str) -> tuple[BoardRow, ...]:
        """The leaderboard of a benchmark that the real Hub holds; one in a folder has none."""
        return () if self._is_local(dataset_id) else self.remote.board(dataset_id)

    def model(self, name: str, revision: str) -> ModelFacts:
        """Look up a model that lies on this machine."""
        return self.local.model(name, revision)

    def checked_out_model(self, name: str) -> ModelFacts:
        """The model in a folder, at the commit that the folder is on."""
        return self.model(name, self.checked_out[RepoId("models", name)])

    def endpoint_of(self, dataset_id: str) -> str:
        """The address of the Hub that holds a benchmark."""
        return self.local_endpoint if self._is_local(dataset_id) else self.remote_endpoint

    def _is_local(self, dataset_id: str) -> bool:
        return any(repo.kind == "datasets" and repo.name == dataset_id for repo in self.checked_out)


@contextlib.contextmanager
def surroundings(
    benchmarks: Mapping[str, Path], settings: Settings, models: Mapping[str, Path] | None = None
) -> Iterator[Surroundings]:
    """Serve the folders of benchmarks and models, by name, while the context is open."""
    sources = {RepoId("models", name): path for name, path in (models or {}).items()}
    sources |= {RepoId("datasets", name): path for name, path in benchmarks.items()}
    cache = settings.cache / "hub"
    with LocalHub(sources, read_only=True) as hub:
        yield Surroundings(
            local=HubClient(hub.url, cache),
            remote=HubClient(settings.endpoint, cache, settings.token),
            local_endpoint=hub.url,
            remote_endpoint=settings.endpoint,
            checked_out={repo: hub.checked_out(repo) for repo in sources},
        )
