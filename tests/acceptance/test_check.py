"""`evalmark check` as a user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import COMMAND, Ran

GOOD = "- dataset: {id: acme/sums, task_id: sums}\n  value: 57.0\n"
BAD = "- dataset: {id: acme/sums, task_id: sums}\n  value: '20.9%'  # from the card\n  date: 2026-01-02\n"
MENDED = '- dataset: {id: acme/sums, task_id: sums}\n  value: 20.9  # from the card\n  date: "2026-01-02"\n'
WARNED = '- dataset: {id: acme/sums, task_id: sums}\n  value: 1\n  notes: "w/ tools"\n'


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A model repo with one good file."""
    write(tmp_path, ".eval_results/good.yaml", GOOD)
    return tmp_path


def write(repo: Path, name: str, text: str) -> Path:
    path = repo / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def check(repo: Path, *arguments: str, given: str = "") -> Ran:
    ran = subprocess.run(
        [COMMAND, "check", *arguments],
        cwd=repo,
        env={"PATH": os.environ["PATH"], "HOME": str(repo), "HF_ENDPOINT": "http://127.0.0.1:9"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def test_check__nothing_wrong_says_nothing(repo: Path) -> None:
    assert check(repo) == Ran(0, "", "")


def test_check__bad_file_beside_a_good_one(repo: Path) -> None:
    write(repo, ".eval_results/bad.yaml", BAD)

    ran = check(repo)

    assert ran.code == 1
    assert ran.out.startswith(".eval_results/bad.yaml:2:10: error value-not-a-number ")
    assert "    " + BAD.splitlines()[1] + "\n    " + " " * 9 + "^\n" in ran.out
    assert "([0].value)" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "rules"),
    [
        pytest.param([], 0, ["notes-spelling"], id="a warning is no error"),
        pytest.param(["--strict"], 1, ["notes-spelling"], id="unless strict"),
        pytest.param(["--ignore=notes-spelling"], 0, [], id="ignored"),
        pytest.param(["--select=yaml-syntax"], 0, [], id="another one selected"),
    ],
)
def test_check__chosen_rules(repo: Path, arguments: list[str], code: int, rules: list[str]) -> None:
    write(repo, ".eval_results/warned.yaml", WARNED)

    ran = check(repo, "--format=json", *arguments)

    assert ran.code == code
    assert [finding["rule"] for finding in ran.report["findings"]] == rules


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".evalmark.toml", '[check]\nignore = ["notes-spelling"]\n'),
        ("pyproject.toml", '[tool.evalmark]\nignore = ["notes-spelling"]\n'),
    ],
)
def test_check__settings_of_the_folder(repo: Path, name: str, text: str) -> None:
    write(repo, ".eval_results/warned.yaml", WARNED)
    write(repo, name, text)

    assert check(repo).out == ""


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        pytest.param(
            ["--select=yaml-sintax"], "there is no rule `yaml-sintax`", "did you mean `yaml-syntax`?", id="rule"
        ),
        pytest.param(["nowhere"], "there is no file or folder nowhere", "give a file", id="path"),
        pytest.param(["-", "--fix"], "standard input is checked alone", "evalmark check -", id="standard input"),
    ],
)
def test_check__usage(repo: Path, arguments: list[str], message: str, advice: str) -> None:
    ran = check(repo, *arguments)

    assert ran.code == 2
    assert message in ran.err
    assert advice in ran.err


def test_check__setting_that_does_not_exist(repo: Path) -> None:
    write(repo, "pyproject.toml", "[tool.evalmark]\nignored = []\n")

    ran = check(repo)

    assert ran.code == 2
    assert "there is no setting `ignored`" in ran.err


def test_check__standard_input(repo: Path) -> None:
    ran = check(repo, "-", "--stdin-name=.eval_results/x.yaml", given=BAD)

    assert ran.code == 1
    assert ran.out.startswith(".eval_results/x.yaml:2:10: error value-not-a-number")


def test_check__explains_a_rule(repo: Path) -> None:
    assert check(repo, "--explain=yaml-anchor").out.startswith("## yaml-anchor\n")


def test_check__fix_mends_keeps_comments_and_tells_the_rest(repo: Path) -> None:
    bad = write(repo, ".eval_results/bad.yaml", BAD + "- dataset: {id: nobody}\n")
    bad.chmod(0o640)

    ran = check(repo, "--fix")

    assert ran.code == 1
    assert bad.read_text() == MENDED + "- dataset: {id: nobody}\n"
    assert bad.stat().st_mode & 0o777 == 0o640
    assert ran.err == "mended .eval_results/bad.yaml\n"
    assert "value-not-a-number" not in ran.out
    assert "task-id-missing" in ran.out


def test_check__diff_shows_and_changes_nothing(repo: Path) -> None:
    bad = write(repo, ".eval_results/bad.yaml", BAD)

    ran = check(repo, "--diff")

    assert (ran.code, bad.read_text()) == (1, BAD)
    assert "-  value: '20.9%'  # from the card\n" in ran.out
    assert "+  value: 20.9  # from the card\n" in ran.out


def test_check__fix_moves_files_to_where_the_hub_reads_them(repo: Path) -> None:
    write(repo, ".eval_results/acme/nested.yaml", GOOD.replace("sums", "other"))
    write(repo, ".eval_results/old.yml", GOOD.replace("sums", "more"))

    ran = check(repo, "--fix")

    assert ran.code == 0
    assert sorted(path.name for path in (repo / ".eval_results").glob("*.*")) == [
        "good.yaml",
        "nested.yaml",
        "old.yaml",
    ]


def test_check__with_a_benchmark_on_this_machine(repo: Path) -> None:
    write(repo, "bench/eval.yaml", "name: S\ndescription: s\nevaluation_framework: swe-bench\ntasks: [{id: diamond}]\n")
    write(repo, ".eval_results/good.yaml", GOOD.replace("task_id: sums", "task_id: diamnd"))

    ran = check(repo, "--benchmark=acme/sums=bench", "--format=json")

    assert ran.code == 1
    assert [finding["rule"] for finding in ran.report["findings"]] == ["task-exists"]
    assert "diamond" in json.dumps(ran.report)


def test_check__hub_out_of_reach_is_one_warning(repo: Path) -> None:
    ran = check(repo, "--online", "--format=json")

    assert ran.code == 0
    assert [finding["rule"] for finding in ran.report["findings"]] == ["hub-unreachable"]


@pytest.mark.parametrize("words", [["--version"], ["check", "--version"]])
def test_version__imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\n"
        "from evalmark.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    print(*sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)

    assert ran.stdout.startswith("evalmark 0.")
    assert not {"pydantic", "pydantic_core", "yaml", "inspect_ai", "datasets", "huggingface_hub"} & set(
        ran.stdout.split()
    )
