"""The flow: each file by its name, all files together, and which rules are told about."""

from datetime import date

import pytest

from evalmark.errors import UsageProblem
from evalmark.flows.check import Selection, check, check_with_entries, kind_of, selection

NOW = date(2026, 11, 24)
ENTRY = b"- dataset: {id: cais/hle, task_id: hle}\n  value: 20.9\n"
OTHER = b"- dataset: {id: cais/hle, task_id: hle}\n  value: 25.1\n"
BENCHMARK = b"""\
name: Sums
description: Sums.
evaluation_framework: inspect-ai
tasks:
  - id: sums
    field_spec: {}
    solvers: [{name: generate}]
    scorers: [{name: match}]
"""


def rules(files: dict[str, bytes], selected: Selection = Selection()) -> list[str]:  # noqa: B008 - it is frozen
    return [finding.rule for finding in check(files, NOW, selected=selected)]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".eval_results/hle.yaml", "results"),
        ("-", "results"),
        ("eval.yaml", "benchmark"),
        ("a/b/eval.yaml", "benchmark"),
        ("a/.evalmark.toml", "declaration"),
        (".eval_results/my-eval.yaml", "results"),
    ],
)
def test_kind__is_told_by_the_name(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_check__takes_files_of_every_kind_and_sorts_by_place() -> None:
    files = {".eval_results/a.yaml": b"[]", ".evalmark.toml": b"unit = 1", "eval.yaml": b"[]"}

    assert rules(files) == ["results-empty", "unit-unknown", "benchmark-not-a-mapping"]


def test_check__files_of_one_repo_are_compared() -> None:
    assert rules({"m/.eval_results/a.yaml": ENTRY, "m/.eval_results/b.yaml": OTHER}) == ["entry-contradicts"]


def test_check__files_of_two_repos_are_not_compared() -> None:
    assert rules({"m/.eval_results/a.yaml": ENTRY, "n/.eval_results/b.yaml": OTHER}) == []


def test_check__files_outside_a_results_folder_are_compared_in_their_folder() -> None:
    assert rules({"m/a.yaml": ENTRY, "m/b.yaml": ENTRY, "n/c.yaml": ENTRY}) == ["entry-twice"]


def test_check__without_a_day_no_date_is_in_the_future() -> None:
    assert check({"a.yaml": ENTRY + b'  date: "2126-01-01"\n'}) == ()


@pytest.mark.parametrize(
    ("dataset_id", "expected"), [("team-hf/sums", ["dataset-id-hf"]), ("team/sums", []), (None, [])]
)
def test_check__with_the_name_of_the_repo(dataset_id: str | None, expected: list[str]) -> None:
    findings = check({"eval.yaml": BENCHMARK}, NOW, dataset_id=dataset_id)

    assert [finding.rule for finding in findings] == expected


def test_check_with_entries__has_the_good_ones_of_all_files() -> None:
    checked = check_with_entries({"m/a.yaml": ENTRY + b"- 3\n", "n/b.yaml": OTHER, "eval.yaml": BENCHMARK}, NOW)

    assert [entry.entry.value for entry in checked.entries] == [20.9, 25.1]
    assert [finding.rule for finding in checked.findings] == ["entry-not-a-mapping"]


def test_check_with_entries__forgets_them_if_nobody_needs_them() -> None:
    checked = check_with_entries({"m/a.yaml": ENTRY + b"- 3\n"}, NOW, keep_entries=False)

    assert checked.entries == ()
    assert [finding.rule for finding in checked.findings] == ["entry-not-a-mapping"]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], ["date-form", "notes-spelling"]),
        (["date-form"], [], ["date-form"]),
        ([], ["date-form"], ["notes-spelling"]),
        (["date-form"], ["date-form"], []),
    ],
)
def test_selection__of_rules(select: list[str], ignore: list[str], expected: list[str]) -> None:
    content = ENTRY + b"  date: soon\n  notes: tools\n"

    assert rules({"a.yaml": content}, selection(select, ignore)) == expected
    assert [
        item.rule for item in check_with_entries({"a.yaml": content}, NOW, selected=selection(select, ignore)).findings
    ] == expected


@pytest.mark.parametrize(("select", "ignore"), [(["date-from"], []), ([], ["date-from"])])
def test_selection__of_a_rule_that_is_none(select: list[str], ignore: list[str]) -> None:
    with pytest.raises(UsageProblem, match="there is no rule `date-from`"):
        selection(select, ignore)


DECLARED = b'[tasks.sum]\nnoise = 0\n\n[variants.cot]\ntask = "sums"\n'


@pytest.mark.parametrize("paths", [("eval.yaml", ".evalmark.toml"), (".evalmark.toml", "eval.yaml")])
def test_declared_tasks__are_held_beside_the_benchmark_in_any_order(paths: tuple[str, str]) -> None:
    content = {"eval.yaml": BENCHMARK, ".evalmark.toml": DECLARED}

    assert rules({path: content[path] for path in paths}) == ["declared-task-unknown"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({".evalmark.toml": DECLARED}, id="no-benchmark"),
        pytest.param({".evalmark.toml": DECLARED, "other/eval.yaml": BENCHMARK}, id="in-another-folder"),
    ],
)
def test_declared_tasks__say_nothing_without_their_benchmark(files: dict[str, bytes]) -> None:
    assert rules(files) == []


@pytest.mark.parametrize(
    ("benchmark", "declaration"),
    [
        pytest.param(b"a: [", DECLARED, id="broken-benchmark"),
        pytest.param(BENCHMARK, b"a = [", id="broken-declaration"),
    ],
)
def test_declared_tasks__a_file_that_cannot_be_read_tells_nothing(benchmark: bytes, declaration: bytes) -> None:
    assert "declared-task-unknown" not in rules({"eval.yaml": benchmark, ".evalmark.toml": declaration})


def test_declared_task__help_lists_what_there_is() -> None:
    files = {"eval.yaml": BENCHMARK, ".evalmark.toml": b"[tasks.zebra]\nnoise = 0\n"}

    assert [finding.help for finding in check(files, NOW)] == ["its tasks are: sums"]
