"""Which pull request a run is about, from real events."""

from typing import Any

import pytest

from evalmark.cli.ci.event import Target, target_of
from evalmark.cli.ci.inputs import Inputs
from evalmark.errors import UsageProblem
from tests.github.events import dispatch_event, pull_request_event
from tests.unit.cli.test_ci_inputs import read

HEAD, BASE, OTHER = "a" * 40, "b" * 40, "c" * 40
EVENT = pull_request_event("acme/adder", 7, HEAD, BASE)
DISPATCH = dispatch_event("acme/adder", {})
NONE = read()
TYPED = read(pull_request="7", head_sha=OTHER)


@pytest.mark.parametrize(
    ("name", "event", "inputs", "expected"),
    [
        ("pull_request", EVENT, NONE, Target(7, HEAD)),
        ("pull_request", EVENT, TYPED, Target(7, OTHER)),
        ("workflow_dispatch", DISPATCH, TYPED, Target(7, OTHER)),
        ("schedule", {}, TYPED, Target(7, OTHER)),
    ],
)
def test_target(name: str, event: dict[str, Any], inputs: Inputs, expected: Target) -> None:
    assert target_of(name, event, inputs) == expected


@pytest.mark.parametrize(
    ("name", "event", "inputs", "message"),
    [
        ("workflow_dispatch", DISPATCH, NONE, "`pull-request` is missing"),
        ("workflow_dispatch", DISPATCH, read(pull_request="7"), "`head-sha` is missing"),
        ("pull_request", EVENT, read(head_sha=OTHER), "`pull-request` is missing"),
        ("push", {}, NONE, "event `push`"),
        ("pull_request_target", EVENT, NONE, "event `pull_request_target`"),
        ("issue_comment", {}, NONE, "event `issue_comment`"),
        ("", {}, NONE, "event ``"),
        ("pull_request", {}, NONE, "names no pull request"),
        ("pull_request", {"pull_request": {"number": "7", "head": {"sha": HEAD}}}, NONE, "names no pull request"),
        ("pull_request", {"pull_request": {"number": 7, "head": {"sha": "main"}}}, NONE, "names no pull request"),
        ("pull_request", {"pull_request": {"number": True, "head": {"sha": HEAD}}}, NONE, "names no pull request"),
        ("pull_request", {"pull_request": []}, NONE, "names no pull request"),
    ],
)
def test_target__what_is_missing_is_said_with_what_to_write(
    name: str, event: dict[str, Any], inputs: Inputs, message: str
) -> None:
    with pytest.raises(UsageProblem, match=message):
        target_of(name, event, inputs)
