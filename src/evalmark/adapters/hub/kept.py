"""What the Hub has said about a commit, kept on disk: a commit never changes, so it is asked about once."""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from evalmark.review import COMMIT


class Kept:
    """JSON by what the Hub at `endpoint` says of a repo at a commit, or at a name when it was last asked."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self._folder = folder / "kept"
        self._endpoint = endpoint

    def get(self, what: str, repo: str, commit: str) -> Any:
        """What was kept, or None; also if it cannot be read."""
        try:
            return json.loads(self._path(what, repo, commit).read_text())
        except (OSError, ValueError):
            return None

    def put(self, what: str, repo: str, commit: str, body: Any) -> None:
        """Keep it. That it cannot be kept costs only another question."""
        path = self._path(what, repo, commit)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(body))
            draft.replace(path)

    def _path(self, what: str, repo: str, commit: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self._endpoint} {what} {repo} {commit}'.encode()).hexdigest()}.json"


def is_commit(revision: str | None) -> bool:
    """Whether a revision is a full commit, which means the same for ever."""
    return revision is not None and COMMIT.fullmatch(revision) is not None
