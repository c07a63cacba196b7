"""The workflows that users copy, and action.yml: the linters find nothing, and each would find what it is there for."""

import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.action.definition import PINNED, read_action
from tests.action.workflows import FOLDER, PAGES, ROOT, all_workflows, jobs_of, snippets, steps_of, uses_of_ours

BIN = Path(sysconfig.get_path("scripts"))
WORKFLOWS = [pytest.param(text, id=name) for name, text in all_workflows().items()]
ON_PULL_REQUESTS = [param for param in WORKFLOWS if uses_of_ours(str(param.values[0]))]
COPIED = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yml"))}
SAFE = COPIED["evalmark-validate"]
Lint = Callable[[Path], "subprocess.CompletedProcess[str]"]


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    """Run one of the linters."""
    return subprocess.run(command, capture_output=True, text=True, check=False)


def zizmor(path: Path) -> "subprocess.CompletedProcess[str]":
    """What could be attacked."""
    return run(str(BIN / "zizmor"), "--offline", "--no-progress", "--strict-collection", "--persona=auditor", str(path))


def schema(path: Path) -> "subprocess.CompletedProcess[str]":
    """Is it a workflow?"""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    return run(*command)


def actionlint(path: Path) -> "subprocess.CompletedProcess[str]":
    """Do its expressions and contexts exist?"""
    return run(str(BIN / "actionlint"), "-no-color", "-shellcheck", str(BIN / "shellcheck"), str(path))


def shellcheck(path: Path) -> "subprocess.CompletedProcess[str]":
    """Is a script sound, and quoted everywhere?"""
    return run(str(BIN / "shellcheck"), "--shell=bash", "--enable=quote-safe-variables", str(path))


@pytest.mark.parametrize("lint", [zizmor, schema, actionlint])
@pytest.mark.parametrize("text", WORKFLOWS)
def test_workflow__is_clean(tmp_path: Path, text: str, lint: Lint) -> None:
    path = tmp_path / "workflow.yml"
    path.write_text(text)

    found = lint(path)

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("lint", "before", "after", "found"),
    [
        pytest.param(zizmor, "  pull_request:\n\n", "  pull_request_target:\n\n", "dangerous-triggers", id="trigger"),
        pytest.param(zizmor, "permissions: {}", "permissions: write-all", "excessive-permissions", id="permissions"),
        pytest.param(schema, "runs-on:", "run-on:", "", id="misspelt key"),
        pytest.param(actionlint, "github.event.pull_request", "githup.event.pull_request", "githup", id="context"),
    ],
)
def test_workflow__a_planted_violation_is_found(
    tmp_path: Path, lint: Lint, before: str, after: str, found: str
) -> None:
    assert before in SAFE
    path = tmp_path / "workflow.yml"
    path.write_text(SAFE.replace(before, after))

    said = lint(path)

    assert said.returncode != 0
    assert found in said.stdout + said.stderr


@pytest.mark.parametrize("step", [pytest.param(step, id=step.name) for step in read_action(ROOT).steps if step.run])
def test_script__is_clean(tmp_path: Path, step: Any) -> None:
    path = tmp_path / "script.sh"
    path.write_text(f"{step.run}\n")

    found = shellcheck(path)

    assert found.returncode == 0, found.stdout


def test_script__a_planted_violation_is_found(tmp_path: Path) -> None:
    path = tmp_path / "script.sh"
    path.write_text("echo $UNQUOTED\n")

    assert "SC2086" in shellcheck(path).stdout


@pytest.mark.parametrize("text", ON_PULL_REQUESTS)
def test_workflow__names_only_inputs_that_the_action_has(text: str) -> None:
    known = set(read_action(ROOT).inputs)

    assert uses_of_ours(text)
    for step in uses_of_ours(text):
        assert set(step["with"]) <= known


@pytest.mark.parametrize("text", WORKFLOWS)
def test_workflow__pins_what_it_uses(text: str) -> None:
    assert all(PINNED.fullmatch(step["uses"]) for step in steps_of(text) if "uses" in step)


def test_workflows__all_name_the_same_commit_of_the_action() -> None:
    used = {step["uses"].rpartition("@")[2] for text in all_workflows().values() for step in uses_of_ours(text)}
    checked_out = {step["with"]["ref"] for step in steps_of(COPIED["evalmark-watch"]) if "ref" in step.get("with", {})}

    assert len(used) == 1
    assert checked_out == used


@pytest.mark.parametrize("text", WORKFLOWS)
def test_workflow__every_job_has_a_time_limit_and_rights_of_its_own(text: str) -> None:
    assert yaml.safe_load(text)["permissions"] == {}
    for job in jobs_of(text).values():
        assert job["timeout-minutes"] > 0
        assert job["permissions"]


@pytest.mark.parametrize("text", WORKFLOWS)
def test_workflow__a_job_gives_the_action_less_time_than_it_has_itself(text: str) -> None:
    """Otherwise GitHub ends the job, and nobody is told what the rerun found so far."""
    default = int(read_action(ROOT).inputs["minutes"])
    for job in jobs_of(text).values():
        for step in job["steps"]:
            if step.get("with", {}).get("mode") in ("rerun", "auto"):
                assert int(step["with"].get("minutes", default)) + 15 <= job["timeout-minutes"]


@pytest.mark.parametrize("text", ON_PULL_REQUESTS)
def test_workflow__no_pull_request_is_checked_out_and_no_cache_is_used(text: str) -> None:
    used = {step["uses"].partition("@")[0] for step in steps_of(text)}

    assert used <= {"evalmark/evalmark", "actions/upload-artifact", "actions/download-artifact", "actions/attest"}


@pytest.mark.parametrize("text", WORKFLOWS)
def test_workflow__a_job_with_a_secret_waits_for_an_environment(text: str) -> None:
    for job in jobs_of(text).values():
        assert ("secrets." in str(job)) <= ("environment" in job)


def test_verify__the_job_with_the_key_writes_nothing_and_the_one_that_writes_has_no_key() -> None:
    jobs = jobs_of(COPIED["evalmark-verify"])

    assert "secrets." in str(jobs["rerun"])
    assert set(jobs["rerun"]["permissions"].values()) == {"read"}
    assert "secrets." not in str(jobs["report"])
    assert jobs["report"]["permissions"]["pull-requests"] == "write"


def test_verify__both_jobs_are_told_the_same() -> None:
    rerun, report = (step["with"] for step in uses_of_ours(COPIED["evalmark-verify"]))
    only_rerun = {"mode", "fail-on", "requirements"}

    assert {name: text for name, text in rerun.items() if name not in only_rerun} == {
        name: text for name, text in report.items() if name != "mode"
    }


def test_verify__what_is_handed_over_lies_where_the_action_looks() -> None:
    """The default of `report-path`."""
    upload, download = (step for step in steps_of(COPIED["evalmark-verify"]) if "artifact" in step["uses"])

    assert upload["with"]["path"] == "${{ runner.temp }}/evalmark-report/*.json"
    assert download["with"]["path"] == "${{ runner.temp }}/evalmark-report"
    assert upload["with"]["name"] == download["with"]["name"]


def test_trusted__leaves_forks_out() -> None:
    (job,) = jobs_of(COPIED["evalmark-verify-trusted"]).values()

    assert job["if"] == "github.event.pull_request.head.repo.full_name == github.repository"


def test_validate__has_no_secret_and_no_filter() -> None:
    text = COPIED["evalmark-validate"]

    assert "secrets" not in str(jobs_of(text))
    assert yaml.safe_load(text)[True] == {"pull_request": None}  # YAML 1.1 reads the key `on` so


def test_pages__their_workflows_are_found() -> None:
    assert [page.name for page in PAGES if snippets(page)] == ["action.md"]
