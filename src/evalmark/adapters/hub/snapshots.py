"""A dataset of the Hub, downloaded whole at one commit."""

from pathlib import Path
from typing import Final

from evalmark.adapters.hub.caller import HubCaller
from evalmark.errors import UsageProblem

LARGEST: Final = 2 << 30


class HubSnapshots(HubCaller):
    """Datasets that the holder of the token may read. All raise `UsageProblem`, `Forbidden` or `CouldNotFinish`."""

    def download(self, dataset: str, cache: Path) -> Path:
        """The folder with the files of a dataset's newest commit: links into the cache. Refuses over 2 GB."""
        what = f"the dataset {dataset}"
        info = self._ask(what, lambda: self._api.dataset_info(dataset, files_metadata=True))
        size = sum(file.size or 0 for file in info.siblings or ())
        if size > LARGEST:
            raise UsageProblem(
                f"{dataset} has {size / (1 << 30):.1f} GB, which evalmark does not download for this",
                "download the part that the benchmark needs, and give the folder",
            )
        folder = self._ask(
            what,
            lambda: self._api.snapshot_download(
                dataset, repo_type="dataset", revision=str(info.sha), cache_dir=cache / "snapshots"
            ),
        )
        return Path(folder)
