"""`evalmark add` on what other harnesses wrote: entries that `check` finds clean, and the rung that a log reaches."""

import json
from pathlib import Path

import pytest

from evalmark.formats.parse_results import parse_results
from evalmark.formats.results import Entry
from tests.acceptance.conftest import Ran, World
from tests.recordings import COMMIT, HERE

EVAL_YAML = """\
name: Sums
description: Adds two numbers.
evaluation_framework: inspect-ai
tasks:
"""
TASK = """\
  - id: {name}
    config: {name}
    field_spec: {{input: question, target: answer}}
    solvers: [{{name: generate}}]
    scorers: [{{name: exact}}]
"""


@pytest.fixture
def bench(world: World) -> World:
    """The benchmark of the recordings, with a task for each of its configurations."""
    tasks = "".join(TASK.format(name=name) for name in ("small", "large"))
    (world.benchmark / "eval.yaml").write_text(EVAL_YAML + tasks)
    return world


def add(world: World, recording: str, *more: str) -> Ran:
    options = ("--model-repo=model", "--same-model", "--benchmark=acme/sums=benchmark", "--offline")
    return world.run("add", str(HERE / recording), *options, *more)


def entries(world: World) -> list[Entry]:
    files = sorted((world.model / ".eval_results").glob("*.yaml"))
    return [each.entry for file in files for each in parse_results(file.name, file.read_bytes()).entries]


Case = tuple[str, str, tuple[str, ...], set[tuple[str, float]]]
CASES: list[Case] = [
    (
        "lm-eval",
        "lm-eval/group",
        ("--metric=exact_match,strict-match", "--only=sums_large", "--only=sums_small"),
        {("large", 15.0), ("small", 20.0)},
    ),
    ("lighteval", "lighteval/whole", ("--metric=em", "--only=sums:large"), {("large", 15.0)}),
    ("mteb", "mteb", ("--benchmark-id=acme/sums",), {("large", 55.0), ("small", 48.33)}),
    (
        "helm",
        "helm/simple_mcqa",
        ("--benchmark-id=acme/sums", "--task-id=small", "--metric=exact_match", "--allow-partial"),
        {("small", 10.0)},
    ),
    (
        "every-eval-ever",
        "every-eval-ever/sums_small.json",
        ("--task-id=small", "--only=sums_small/strict-match"),
        {("small", 20.0)},
    ),
]


@pytest.mark.parametrize(("harness", "recording", "options", "expected"), CASES, ids=[case[0] for case in CASES])
def test_recording__becomes_entries_that_check_finds_clean(
    bench: World, harness: str, recording: str, options: tuple[str, ...], expected: set[tuple[str, float]]
) -> None:
    ran = add(bench, recording, *options)

    assert ran.code == 0, ran.err
    assert {(entry.dataset.task_id, entry.value) for entry in entries(bench)} == expected
    checked = bench.run("check", "model", "--strict")
    assert (checked.code, checked.out) == (0, ""), checked.out


def test_group__its_tasks_find_theirs_by_the_configuration(bench: World) -> None:
    ran = add(bench, "lm-eval/group", "--metric=exact_match,strict-match", "--only=sums_small", "--only=sums_large")

    assert ran.code == 0, ran.err
    assert {entry.dataset.task_id for entry in entries(bench)} == {"small", "large"}
    assert {entry.dataset.revision for entry in entries(bench)} == {COMMIT}


def test_bare_name_of_a_dataset__is_asked_about_with_what_is_like_it(bench: World) -> None:
    (recording,) = (HERE / "lm-eval/group").glob("results*.json")
    (bench.folder / "results.json").write_text(recording.read_text().replace("acme/sums", "sums"))
    options = (
        "--model-repo=model",
        "--same-model",
        "--benchmark=acme/sums=benchmark",
        "--offline",
        "--only=sums_large",
    )
    ran = bench.run("add", "results.json", *options)

    assert ran.code == 2
    assert "`sums` names no owner" in ran.err
    assert "(one of: acme/sums, none of these)" in ran.err


def test_two_results_of_one_score_are_not_mixed(bench: World) -> None:
    ran = add(bench, "lm-eval/group", "--metric=exact_match,strict-match", "--task-id=small", "--yes")

    assert ran.code == 2
    assert "sums_small and sums_large would both be the score of acme/sums · small" in ran.err
    assert entries(bench) == []


def test_limited_runs_of_many_are_left_out_with_their_reason(bench: World) -> None:
    ran = add(bench, "lm-eval", "--metric=exact_match,strict-match", "--only=sums_large", "--only=sums_ter", "--yes")

    assert "not taken: sums_ter: no whole run: 5 of 20 samples" in ran.err
    assert [entry.dataset.task_id for entry in entries(bench)] == ["large"]


@pytest.mark.parametrize("file", ["lm-eval/group", "lighteval/whole", "every-eval-ever"])
def test_verify_log__says_which_rung_such_results_reach(bench: World, file: str) -> None:
    bench.claim("10.0", task="large")
    (log, *_) = sorted(path for path in (HERE / file).glob("*.json"))
    options = ("--model=openai-api/local/x", "--accept-served-model", "--no-rerun", f"--log={log}", "--format=json")
    ran = bench.run("verify", "model", "--repo=acme/adder", "--benchmark=acme/sums=benchmark", *options)

    (verdict,) = json.loads(ran.out)["verdicts"]
    assert (verdict["rung"], verdict["log"]["state"]) == ("benchmark", "unusable")
    assert f"results of {Path(file).parts[0]}" in verdict["log"]["reason"]
    assert "the rung stays `benchmark`" in verdict["log"]["reason"]
