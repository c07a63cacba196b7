"""Datasets of our own on the Hub: a folder of files in one commit."""

from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete
from huggingface_hub.hf_api import RepoFile

from evalmark.adapters.hub.caller import HubCaller


class HubDatasets(HubCaller):
    """Dataset repos that the holder of the token may write to. Raises `Forbidden` or `CouldNotFinish`."""

    def put(self, dataset: str, folder: Path) -> str:
        """Make the dataset hold exactly the files of `folder` (beside `.gitattributes`); the commit.

        It is made if it is not there. The same files a second time make no commit.
        """
        what = f"the dataset {dataset}"
        self._ask(what, lambda: self._api.create_repo(dataset, repo_type="dataset", exist_ok=True))
        listed = self._ask(what, lambda: list(self._api.list_repo_tree(dataset, recursive=True, repo_type="dataset")))
        files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
        gone = {item.path for item in listed if isinstance(item, RepoFile)} - {".gitattributes", *files}
        operations: list[CommitOperationAdd | CommitOperationDelete] = [
            *(CommitOperationAdd(name, path) for name, path in files.items()),
            *(CommitOperationDelete(name) for name in sorted(gone)),
        ]
        done = self._once(
            what,
            lambda: self._api.create_commit(
                dataset, operations, commit_message="Update the scores", repo_type="dataset"
            ),
        )
        return str(done.oid)

    def get(self, dataset: str, folder: Path) -> Path:
        """Download the Parquet files of a dataset's newest commit; the folder that holds them."""
        what = f"the dataset {dataset}"
        found = self._ask(
            what,
            lambda: self._api.snapshot_download(
                dataset, repo_type="dataset", allow_patterns=["data/*.parquet"], local_dir=folder
            ),
        )
        return Path(found)
