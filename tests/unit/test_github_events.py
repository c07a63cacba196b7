"""Our events are as GitHub's own schemas of webhooks want them, and our description has all that the adapter uses."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from evalmark.adapters import github
from evalmark.adapters.github.endpoints import ENDPOINTS
from tests.github.contract import DATA, description, read_data
from tests.github.events import dispatch_event, pull_request_event

REPOSITORY = "acme/model"
HEAD, BASE = "a" * 40, "b" * 40
# What version 2026-03-10 of the API takes away ("x-github-breaking-changes" in GitHub's description).
REMOVED = ("merge_commit_sha", "rate", "has_downloads")


def errors(webhook: str, event: dict[str, Any]) -> list[str]:
    """Where an event breaks the schema of its webhook."""
    schema = {
        "$ref": f"#/components/schemas/webhook-{webhook}",
        "components": read_data("github-webhooks.json.gz")["components"],
    }
    return [f"{each.json_path}: {each.message}" for each in jsonschema.Draft202012Validator(schema).iter_errors(event)]


@pytest.mark.parametrize("action", ["opened", "synchronize"])
@pytest.mark.parametrize("fork", [None, "mallory/model"])
def test_pull_request_event__is_as_github_describes_it(action: str, fork: str | None) -> None:
    event = pull_request_event(REPOSITORY, 7, HEAD, BASE, fork=fork, action=action)

    assert errors(f"pull-request-{action}", event) == []
    pull = event["pull_request"]
    assert (event["action"], event["number"], pull["number"]) == (action, 7, 7)
    assert (pull["head"]["sha"], pull["base"]["sha"]) == (HEAD, BASE)
    assert event["repository"]["full_name"] == pull["base"]["repo"]["full_name"] == REPOSITORY
    assert pull["head"]["repo"]["full_name"] == (fork or REPOSITORY)
    assert pull["head"]["repo"]["fork"] == (fork is not None)


def test_dispatch_event__is_as_github_describes_it() -> None:
    event = dispatch_event(REPOSITORY, {"pull-request": "7", "sha": HEAD})

    assert errors("workflow-dispatch", event) == []
    assert event["inputs"] == {"pull-request": "7", "sha": HEAD}
    assert event["repository"]["full_name"] == REPOSITORY


def test_events__a_broken_one_is_found() -> None:
    event = pull_request_event(REPOSITORY, 7, HEAD, BASE)
    del event["pull_request"]["head"]["sha"]

    assert errors("pull-request-opened", event) == ["$.pull_request.head: 'sha' is a required property"]


def test_events__each_is_a_copy() -> None:
    pull_request_event(REPOSITORY, 7, HEAD, BASE)["pull_request"]["head"]["sha"] = "changed"

    assert pull_request_event(REPOSITORY, 7, HEAD, BASE)["pull_request"]["head"]["sha"] == HEAD


def test_description__has_what_the_adapter_uses_and_nothing_else() -> None:
    described = {(method.upper(), path) for path, methods in description()["paths"].items() for method in methods}

    assert described == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}


def test_notice__names_each_file() -> None:
    notice = (DATA / "NOTICE").read_text()

    files = {path.name for path in DATA.iterdir()} - {"NOTICE"}
    assert files == set(re.findall(r"^([\w-]+\.json\.gz): ", notice, re.MULTILINE))
    assert notice.count("sha512-") == len(files)
    assert "MIT License" in notice


def source_of_the_adapter() -> str:
    """All its modules."""
    return "\n".join(path.read_text() for path in Path(github.__file__).parent.glob("*.py"))


def test_adapter__asks_only_by_its_table() -> None:
    """A path beside the table would not be in the description."""
    paths = re.findall(r"[\"'][^\"'\s]*/(?:repos|user|orgs|rate_limit)\b[^\"']*[\"']", source_of_the_adapter())

    assert paths == ['"/repos/{owner}/{repo}"']


@pytest.mark.parametrize("field", REMOVED)
def test_adapter__reads_no_field_that_goes_away(field: str) -> None:
    assert f'"{field}"' not in source_of_the_adapter()
