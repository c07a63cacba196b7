"""Logs, uploaded to a repo of ours on the Hub."""

from collections.abc import Mapping
from pathlib import Path

from huggingface_hub import CommitOperationAdd

from evalmark.adapters.hub.caller import HubCaller


class HubUploads(HubCaller):
    """Uploads of the holder of a token. All raise `Forbidden` or `CouldNotFinish`."""

    def put_logs(self, repo: str, files: Mapping[str, Path], *, private: bool = False) -> None:
        """Put files, by path, into a dataset repo, which is made if it is not there. Those that are there stay."""
        what = f"the dataset {repo}"
        self._ask(
            what, lambda: self._api.create_repo(repo, repo_type="dataset", private=private or None, exist_ok=True)
        )
        there = {
            info.path
            for info in self._ask(what, lambda: self._api.get_paths_info(repo, list(files), repo_type="dataset"))
        }
        new = {path: place for path, place in files.items() if path not in there}
        if new:
            self._ask(
                what,
                lambda: self._api.create_commit(
                    repo,
                    [CommitOperationAdd(path, place) for path, place in new.items()],
                    commit_message=f"Add {len(new)} evaluation log{'s' if len(new) > 1 else ''}",
                    repo_type="dataset",
                ),
            )

    def put_space(self, repo: str, folder: Path) -> None:
        """Make a folder of web pages a static Space, which is made if it is not there."""
        what = f"the Space {repo}"
        self._ask(what, lambda: self._api.create_repo(repo, repo_type="space", space_sdk="static", exist_ok=True))
        self._ask(
            what,
            lambda: self._api.upload_folder(
                repo_id=repo, folder_path=folder, repo_type="space", commit_message="Show the evaluation logs"
            ),
        )

    def log_address(self, repo: str, path: str) -> str:
        """Where a person, and `evalmark verify`, finds a log."""
        return f"{self._endpoint}/datasets/{repo}/blob/main/{path}"

    def space_address(self, repo: str) -> str:
        """Where a person looks at a Space."""
        return f"{self._endpoint}/spaces/{repo}"
