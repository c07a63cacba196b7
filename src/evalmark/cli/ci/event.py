"""Which pull request, at which commit: from the event that started the workflow, or from what a reviewer typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalmark.cli.ci.inputs import Inputs
from evalmark.errors import UsageProblem
from evalmark.formats.nodes import shown
from evalmark.review import COMMIT

PULL_REQUEST = "pull_request"
DISPATCH = "workflow_dispatch"
BY_HAND = (
    "run it with the inputs pull-request and head-sha: hooks/workflows/evalmark-verify.yml is the workflow that does"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A pull request at one commit."""

    number: int
    head: str


def target_of(event_name: str, event: Mapping[str, Any], inputs: Inputs) -> Target:
    """What the run is about. Raises `UsageProblem`, with what to write into the workflow, if it is about nothing."""
    if inputs.pull_request is not None and inputs.head is not None:
        return Target(inputs.pull_request, inputs.head)
    if event_name == DISPATCH or inputs.pull_request is not None or inputs.head is not None:
        missing = "pull-request" if inputs.pull_request is None else "head-sha"
        raise UsageProblem(
            f"the input `{missing}` is missing, so it is not known which commit of which pull request is meant", BY_HAND
        )
    if event_name != PULL_REQUEST:
        raise UsageProblem(
            f"evalmark does not run on the event `{shown(event_name)}`",
            "write `on: pull_request` into the workflow, or `on: workflow_dispatch` for reruns that a reviewer starts",
        )
    told = event.get("pull_request")
    number, head = (told.get("number"), told.get("head")) if isinstance(told, dict) else (None, None)
    commit = head.get("sha") if isinstance(head, dict) else None
    if type(number) is not int or not isinstance(commit, str) or not COMMIT.fullmatch(commit):
        raise UsageProblem("the event names no pull request and commit", BY_HAND)
    return Target(number, commit)
