"""The embedded Hub: serves local folders and git repositories over the Hub's own HTTP API, on loopback, read-only.

The unmodified `huggingface_hub`, `datasets` and `inspect_ai` work against it with `HF_ENDPOINT` set to `LocalHub.url`.
"""

from evalmark.localhub.folder import find_repos
from evalmark.localhub.names import RepoId
from evalmark.localhub.server import LocalHub, Served

__all__ = ["LocalHub", "RepoId", "Served", "find_repos"]
