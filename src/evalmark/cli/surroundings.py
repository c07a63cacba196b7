"""What a verification stands on: the repos of this machine behind the embedded Hub, all others behind the real one."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evalmark.adapters.hub import HubClient
from evalmark.cli.settings import Settings
from evalmark.facts import BenchmarkMissing, BenchmarkRef, ModelFacts
from evalmark.localhub import LocalHub, RepoId
from evalmark.ports import BenchmarkFiles


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A `Hub` that asks the embedded Hub for what lies on this machine, and the real one for the rest."""

    local: HubClient
    remote: HubClient
    local_endpoint: str
    remote_endpoint: str
    local_benchmarks: frozenset[str]

    def benchmark(self, ref: BenchmarkRef) -> BenchmarkFiles | BenchmarkMissing:
        """Read a benchmark where it lies."""
        hub = self.local if ref.dataset_id in self.local_benchmarks else self.remote
        return hub.benchmark(ref)

    def model(self, name: str, revision: str) -> ModelFacts:
        """Look the model up: it is the folder that is verified."""
        return self.local.model(name, revision)

    def endpoint_of(self, dataset_id: str) -> str:
        """The address of the Hub that holds a benchmark."""
        return self.local_endpoint if dataset_id in self.local_benchmarks else self.remote_endpoint


@contextlib.contextmanager
def surroundings(
    benchmarks: Mapping[str, Path], settings: Settings, models: Mapping[str, Path] | None = None
) -> Iterator[Surroundings]:
    """Serve the folders of benchmarks and models, by name, while the context is open."""
    sources = {RepoId("models", name): path for name, path in (models or {}).items()}
    sources |= {RepoId("datasets", name): path for name, path in benchmarks.items()}
    cache = settings.cache / "hub"
    with LocalHub(sources) as hub:
        yield Surroundings(
            local=HubClient(hub.url, cache),
            remote=HubClient(settings.endpoint, cache, settings.token),
            local_endpoint=hub.url,
            remote_endpoint=settings.endpoint,
            local_benchmarks=frozenset(benchmarks),
        )
