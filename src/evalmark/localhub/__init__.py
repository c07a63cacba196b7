"""The embedded Hub: serves local folders and git repositories over the Hub's own HTTP API, on loopback.

The unmodified `huggingface_hub`, `datasets`, `inspect_ai` and `git` work against it with `HF_ENDPOINT` set to
`LocalHub.url`.
"""

from evalmark.localhub.folder import find_repos
from evalmark.localhub.hub import LocalHub
from evalmark.localhub.names import RepoId
from evalmark.localhub.people import Person, Token, Users
from evalmark.localhub.server import Served

__all__ = ["LocalHub", "Person", "RepoId", "Served", "Token", "Users", "find_repos"]
