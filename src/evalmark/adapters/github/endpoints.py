"""The few operations of GitHub's REST API that evalmark uses, and the right that each needs.

Templates are those of GitHub's own description (https://github.com/github/rest-api-description); the part of it that
we use lies in `tests/github/data`, and every request and reply of the tests is checked against it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, urlencode

from evalmark.errors import UsageProblem

Method: TypeAlias = Literal["GET", "POST", "PATCH", "DELETE"]

REPO: Final = "/repos/{owner}/{repo}"
_NAME = re.compile(r"(?!\.{1,2}/)[A-Za-z0-9_.-]{1,100}/(?!\.{1,2}\Z)[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation: `what` it does completes "may not …", `permission` is the line for a workflow's `permissions:`."""

    method: Method
    path: str
    what: str
    permission: str


READ_PULL_REQUEST = Endpoint("GET", f"{REPO}/pulls/{{pull_number}}", "read the pull request", "pull-requests: read")
LIST_PULL_REQUESTS = Endpoint("GET", f"{REPO}/pulls", "list pull requests", "pull-requests: read")
COMPARE = Endpoint("GET", f"{REPO}/compare/{{basehead}}", "compare commits", "contents: read")
READ_TREE = Endpoint("GET", f"{REPO}/git/trees/{{tree_sha}}", "list files", "contents: read")
READ_BLOB = Endpoint("GET", f"{REPO}/git/blobs/{{file_sha}}", "read files", "contents: read")
LIST_COMMENTS = Endpoint("GET", f"{REPO}/issues/{{issue_number}}/comments", "read comments", "pull-requests: read")
CREATE_COMMENT = Endpoint("POST", f"{REPO}/issues/{{issue_number}}/comments", "comment", "pull-requests: write")
UPDATE_COMMENT = Endpoint(
    "PATCH", f"{REPO}/issues/comments/{{comment_id}}", "change the comment", "pull-requests: write"
)
DELETE_COMMENT = Endpoint(
    "DELETE", f"{REPO}/issues/comments/{{comment_id}}", "delete the comment", "pull-requests: write"
)
SET_STATUS = Endpoint("POST", f"{REPO}/statuses/{{sha}}", "set the status of a commit", "statuses: write")

ENDPOINTS: Final = (
    READ_PULL_REQUEST,
    LIST_PULL_REQUESTS,
    COMPARE,
    READ_TREE,
    READ_BLOB,
    LIST_COMMENTS,
    CREATE_COMMENT,
    UPDATE_COMMENT,
    DELETE_COMMENT,
    SET_STATUS,
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repo on GitHub. `parse` is the way to one."""

    owner: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "Repository":
        """Read `owner/name`. Raises `UsageProblem` for anything else: it becomes a part of addresses."""
        if _NAME.fullmatch(text) is None:
            raise UsageProblem(
                f"{text[:200]!r} is no repo on GitHub", "name it as owner/name, like GITHUB_REPOSITORY does"
            )
        owner, name = text.split("/")
        return cls(owner, name)

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"


@dataclass(frozen=True, slots=True)
class Call:
    """One use of an endpoint: what goes into its path, its query and its body."""

    endpoint: Endpoint
    repository: Repository
    values: Mapping[str, str | int] = field(default_factory=dict)
    query: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, str] | None = None

    @property
    def target(self) -> str:
        """Path and query below the API's address. Each value is one quoted segment: it cannot lead elsewhere."""
        values = {"owner": self.repository.owner, "repo": self.repository.name, **self.values}
        segments = {name: _segment(str(value)) for name, value in values.items()}
        return self.endpoint.path.format_map(segments) + (f"?{urlencode(self.query)}" if self.query else "")

    def __str__(self) -> str:
        return f"{self.endpoint.method} {self.target}"


def _segment(value: str) -> str:
    if value in ("", ".", ".."):
        raise ValueError(f"{value!r} cannot be a segment of a path")
    return quote(value, safe="")
