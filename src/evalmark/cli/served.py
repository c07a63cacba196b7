"""A dataset on this machine as it would be on the Hub, before it is pushed or committed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evalmark.adapters.copies import copied
from evalmark.checks.places import BENCHMARK_FILE
from evalmark.cli.settings import Settings
from evalmark.localhub import LocalHub, RepoId


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset's files on this machine. `follow`: they are links, because they are a download of ours."""

    folder: Path
    dataset_id: str
    follow: bool = False


@contextmanager
def served(dataset: Dataset, files: Mapping[str, bytes], settings: Settings) -> Iterator[tuple[str, str]]:
    """The dataset, with `files` among its own, on an embedded Hub: its address, and the commit.

    An older eval.yaml is left out: `datasets` could take it for rows.
    """
    repo = RepoId("datasets", dataset.dataset_id)
    changed = {BENCHMARK_FILE: None, **files}
    with (
        copied(dataset.folder, changed, settings.cache / "trials", follow=dataset.follow) as copy,
        LocalHub({repo: copy}, read_only=True) as hub,
    ):
        yield hub.url, hub.checked_out(repo)
