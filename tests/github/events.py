"""Events as GitHub hands them to a workflow (`GITHUB_EVENT_PATH`): real payloads, with other names and commits in them.

They are held to the schemas of GitHub's webhooks in `tests/unit/test_github_events.py`.
"""

import json
from typing import Any, TypeAlias

from tests.github.contract import read_data

Json: TypeAlias = dict[str, Any]

# What GitHub has added to repos since the payloads were recorded.
NEWER = {"has_discussions": False}


def pull_request_event(
    repository: str, number: int, head: str, base: str, *, fork: str | None = None, action: str = "opened"
) -> Json:
    """A `pull_request` event.

    `head` and `base` are commits (40 hex digits), `fork` is the repo that the head is in, if it is another. `action` is
    `opened` or `synchronize`.
    """
    event = _recorded("pull_request", action, repository)
    pull = event["pull_request"]
    event["number"] = pull["number"] = number
    pull["html_url"] = f"https://github.com/{repository}/pull/{number}"
    pull["head"] |= {"sha": head, "repo": _named(pull["head"]["repo"], fork or repository, fork=fork is not None)}
    pull["base"] |= {"sha": base, "repo": _named(pull["base"]["repo"], repository, fork=False)}
    if action == "synchronize":
        event["after"] = head
    return event


def dispatch_event(repository: str, inputs: dict[str, str]) -> Json:
    """A `workflow_dispatch` event, with what a maintainer typed in."""
    event = _recorded("workflow_dispatch", None, repository)
    event["inputs"] = inputs
    return event


def _recorded(name: str, action: str | None, repository: str) -> Json:
    """A copy of a real payload, moved to a repo."""
    event: Json = next(
        each["payload"]
        for each in read_data("github-events.json.gz")
        if each["name"] == name and each["payload"].get("action") == action
    )
    text = json.dumps(event).replace(event["repository"]["full_name"], repository)
    moved: Json = json.loads(text)
    moved["repository"] = _named(moved["repository"], repository, fork=False)
    return moved


def _named(repo: Json, full_name: str, *, fork: bool) -> Json:
    owner, name = full_name.split("/")
    changed = {"full_name": full_name, "name": name, "owner": repo["owner"] | {"login": owner}, "fork": fork}
    return NEWER | repo | changed
