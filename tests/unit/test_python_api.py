"""What `from evalmark import …` gives: the same as the command line, typed, and there and back without a loss."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from huggingface_hub import EvalResultEntry, eval_result_entries_to_yaml, parse_eval_result_entries
from hypothesis import given
from hypothesis import strategies as st

import evalmark
from evalmark import (
    CouldNotFinish,
    DatasetRef,
    Entry,
    EvalmarkError,
    MissingExtra,
    Severity,
    Source,
    UsageProblem,
    api,
)
from evalmark.cli.main import main
from scripts.regenerate import ROOT
from tests.recordings import HERE

RECORDS = Path(__file__).parents[1] / "data/every-eval-ever-0.3.0.schema.json"
PAGE = (ROOT / "docs/python-api.md").read_text("utf-8")
ENTRY = Entry(dataset=DatasetRef(id="acme/sums", task_id="sums"), value=57.1)
FULL = Entry(
    dataset=DatasetRef(id="acme/sums", task_id="sums", revision="a" * 40),
    value=57.1,
    verifyToken="abc",
    date="2026-01-15",
    source=Source(url="https://example.org/log", name="Log", user="ada", org="acme"),
    notes="With tools",
)

names = st.from_regex(r"[A-Za-z0-9_.-]{1,8}/[A-Za-z0-9_.-]{1,8}", fullmatch=True)
# Any text that can be written in UTF-8.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
words = texts.filter(bool)
optional = st.none() | texts
entries = st.builds(
    Entry,
    dataset=st.builds(
        DatasetRef, id=names, task_id=words, revision=st.none() | st.from_regex(r"[0-9a-f]{40}", fullmatch=True)
    ),
    value=st.floats(allow_nan=False, allow_infinity=False),
    verifyToken=optional,
    date=optional,
    source=st.none() | st.builds(Source, url=words, name=optional, user=optional, org=optional),
    notes=optional,
)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A model repo with a file that has a comment, a good entry and a bad one."""
    (tmp_path / ".eval_results").mkdir()
    (tmp_path / ".eval_results" / "sums.yaml").write_text(
        "# by hand\n- dataset:\n    id: acme/sums\n    task_id: sums\n  value: 50.0  # measured twice\n  notes: cot\n"
    )
    return tmp_path


def test_names__are_the_same_in_the_module_in_the_package_and_in_the_docs() -> None:
    tree = ast.parse((ROOT / "src/evalmark/__init__.py").read_text("utf-8"))
    typed = [each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names]
    described = re.findall(r"^\| `(\w+)", PAGE, re.MULTILINE)

    assert (
        sorted({*typed} - {"TYPE_CHECKING", "Any"})
        == sorted(evalmark.__all__)
        == sorted(api.__all__)
        == sorted(described)
    )
    assert set(api.__all__) <= set(dir(evalmark))
    for name in api.__all__:
        assert getattr(evalmark, name) is getattr(api, name)


def test_names__what_is_not_there_is_said_as_usual() -> None:
    with pytest.raises(AttributeError, match="module 'evalmark' has no attribute 'nothing'"):
        evalmark.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_import__is_light_until_a_name_is_used() -> None:
    code = (
        "import sys, evalmark\n"
        "assert not {'evalmark.api', 'pydantic', 'yaml', 'huggingface_hub'} & set(sys.modules)\n"
        "from evalmark import load\n"
        "assert not {'huggingface_hub', 'inspect_ai', 'datasets', 'rich'} & set(sys.modules), sorted(sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr


CONSUMER = """
from pathlib import Path
from evalmark import Entry, DatasetRef, Finding, Loaded, add, check, dumps, from_huggingface, load, to_huggingface
from evalmark import Result, read_results, to_every_eval_ever

loaded: Loaded = load("model")
text: str = dumps(loaded.entries)
where: Path = add("model", Entry(dataset=DatasetRef(id="a/b", task_id="c"), value=1.5)).path
findings: tuple[Finding, ...] = check(where)
back: tuple[Entry, ...] = from_huggingface(to_huggingface(loaded.entries))
results: tuple[Result, ...] = read_results("log.json", Path("folder"))
record = to_every_eval_ever(back[0], "acme/model", unit="percent")
"""


WRONG = {
    "load(3)": "arg-type",
    'to_every_eval_ever(back[0], "a/b", unit="points")': "arg-type",
    "Entry(value=1.5)": "call-arg",
    "number: int = dumps([])": "assignment",
    "from evalmark import nothing": "attr-defined",
}


@pytest.mark.slow
def test_types__of_a_program_that_uses_it_are_checked(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(CONSUMER)
    for number, line in enumerate(WRONG):
        (tmp_path / f"wrong{number}.py").write_text(f"{CONSUMER}{line}\n")
    files = sorted(path.name for path in tmp_path.iterdir())
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache" / "users"), *files]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    found = {line.partition(":")[0]: line.rpartition("[")[2] for line in ran.stdout.splitlines() if ": error:" in line}
    assert found == {f"wrong{number}.py": f"{kind}]" for number, kind in enumerate(WRONG.values())}, ran.stdout


@given(entries)
def test_huggingface__there_and_back(entry: Entry) -> None:
    (theirs,) = api.to_huggingface([entry])

    assert api.from_huggingface([theirs]) == (entry,)


@given(st.lists(entries, min_size=1, max_size=3))
def test_huggingface__through_their_own_writer_and_reader(some: list[Entry]) -> None:
    """As they write a file and as they read it; and what they write we read alike."""
    data = eval_result_entries_to_yaml(api.to_huggingface(some))

    assert api.from_huggingface(parse_eval_result_entries(json.loads(json.dumps(data)))) == tuple(some)
    assert data == [each.model_dump(by_alias=True, exclude_none=True) for each in some]


@given(st.lists(entries, min_size=1, max_size=3))
def test_dumps__then_loads_gives_the_same(some: list[Entry]) -> None:
    text = api.dumps(some)

    assert api.loads(text).entries == tuple(some)
    assert api.loads(text.encode()) == api.loads(text)


@given(st.lists(entries, min_size=1, max_size=3))
def test_dumps__is_read_alike_by_huggingface_hub(some: list[Entry]) -> None:
    """They read YAML 1.1 with PyYAML."""
    assert api.from_huggingface(parse_eval_result_entries(yaml.safe_load(api.dumps(some)))) == tuple(some)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "57.1"}, "entry 1 has a wrong value"),
        ({"value": float("nan")}, "entry 1 has a wrong value"),
        ({"dataset_id": "sums"}, "entry 1 has a wrong dataset.id"),
        ({"task_id": ""}, "entry 1 has a wrong dataset.task_id"),
        ({"dataset_revision": "main"}, "entry 1 has a wrong dataset.revision"),
        ({"source_url": ""}, "entry 1 has a wrong source.url"),
    ],
)
def test_from_huggingface__refuses_what_the_hub_would(change: dict[str, Any], said: str) -> None:
    good: dict[str, Any] = {"dataset_id": "acme/sums", "task_id": "sums", "value": 1.0}

    with pytest.raises(UsageProblem, match=said):
        api.from_huggingface([EvalResultEntry(**good), EvalResultEntry(**{**good, **change})])


def test_to_huggingface__without_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)

    with pytest.raises(MissingExtra) as caught:
        api.to_huggingface([ENTRY])
    assert "pip install 'evalmark[hub]'" in caught.value.advice


def test_load__of_a_folder_and_of_a_file(repo: Path) -> None:
    file = repo / ".eval_results" / "sums.yaml"
    (repo / ".eval_results" / "bad.yaml").write_text("- value: high\n")
    whole, one = api.load(repo), api.load(str(file))

    assert [each.value for each in whole.entries] == [each.value for each in one.entries] == [50.0]
    assert {each.place.path for each in whole.findings} == {f"{repo}/.eval_results/bad.yaml"}
    assert one.findings == ()


def test_load__of_a_model_repo_without_results_is_empty(tmp_path: Path) -> None:
    assert api.load(tmp_path) == ((), ())


def test_loads__calls_the_text_by_its_name() -> None:
    (finding,) = api.loads("- value: [", "x.yaml").findings

    assert (finding.place.path, finding.severity) == ("x.yaml", Severity.ERROR)
    assert api.loads("notes: \ud800").findings[0].severity is Severity.ERROR


def test_check__finds_what_the_command_finds(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repo)
    (repo / ".eval_results" / "bad.yaml").write_text("- value: high\n  date: soon\n")
    (repo / ".eval_results" / "more.yml").write_text("[]\n")

    for path in (".", ".eval_results/bad.yaml", ".eval_results/sums.yaml"):
        main(["check", path, "--format=json"])
        told = json.loads(capsys.readouterr().out)["findings"]
        found = api.check(path)
        assert [(each["rule"], each["path"], each["line"], each["message"]) for each in told] == [
            (each.rule, each.place.path, each.place.line, each.message) for each in found
        ]
    assert len(api.check(repo)) > 3


def test_dump__writes_a_file_that_check_has_nothing_against(tmp_path: Path) -> None:
    path = api.dump([ENTRY], tmp_path / "sums.yaml")

    assert api.load(path).entries == (ENTRY,)
    assert api.check(path) == ()
    assert path.read_text() == "- dataset:\n    id: acme/sums\n    task_id: sums\n  value: 57.1\n"


def test_add__puts_a_new_entry_beside_others_and_keeps_comments(repo: Path) -> None:
    added = api.add(repo, ENTRY)

    assert added == (repo / ".eval_results" / "sums.yaml", True)
    text = added.path.read_text()
    assert text.startswith("# by hand\n")
    assert "value: 50.0  # measured twice\n" in text
    assert [each.value for each in api.load(repo).entries] == [50.0, 57.1]
    assert api.add(repo, ENTRY) == (added.path, False)


def test_add__takes_the_place_of_one_of_the_same_set_up(repo: Path) -> None:
    added = api.add(str(repo), FULL.model_copy(update={"notes": "chain-of-thought", "verify_token": None}))

    assert "value: 57.1  # measured twice\n" in added.path.read_text()
    assert len(api.load(repo).entries) == 1


def test_add__writes_no_file_that_the_hub_would_refuse(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="would have an error"):
        api.add(tmp_path, ENTRY.model_copy(update={"date": "soon"}))
    assert list(tmp_path.iterdir()) == []


def test_add__to_a_file_that_a_person_must_mend(repo: Path) -> None:
    (repo / ".eval_results" / "sums.yaml").write_text("- value: high\n")

    with pytest.raises(UsageProblem, match="has errors"):
        api.add(repo, ENTRY)


def test_read_results__of_two_harnesses() -> None:
    found = api.read_results(*(HERE / name for name in ("lm-eval", "every-eval-ever")))

    assert {each.harness for each in found} == {"lm-eval", "every-eval-ever"}


def test_every_eval_ever__is_valid_and_read_back(tmp_path: Path) -> None:
    record = api.to_every_eval_ever(
        FULL, "acme/adder", model_revision="b" * 40, unit="percent", metric="accuracy", harness="mine"
    )
    jsonschema.Draft7Validator(json.loads(RECORDS.read_text())).validate(record)
    (tmp_path / "record.json").write_text(json.dumps(record))
    (result,) = api.read_results(tmp_path / "record.json")

    assert (result.model, result.model_revision, result.dataset.id) == ("acme/adder", "b" * 40, "acme/sums")
    assert (result.metrics[0].name, result.metrics[0].value, result.metrics[0].unit) == ("accuracy", 57.1, "percent")


def without_folder(folder: Path) -> Path:
    (folder / ".eval_results").write_text("a file")
    return folder


def link(folder: Path) -> Path:
    (folder / "link.yaml").symlink_to(folder / "there.yaml")
    return folder / "link.yaml"


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (lambda folder: api.load(folder / "none.yaml"), CouldNotFinish),
        (lambda folder: api.load(link(folder)), UsageProblem),
        (api.check, UsageProblem),
        (lambda folder: api.check(folder / "none.yaml"), UsageProblem),
        (lambda folder: api.dumps([]), UsageProblem),
        (lambda folder: api.dump([], folder / "a.yaml"), UsageProblem),
        (lambda folder: api.dump([ENTRY], folder / "none" / "a.yaml"), CouldNotFinish),
        (lambda folder: api.add(folder / "none", ENTRY), UsageProblem),
        (lambda folder: api.add(without_folder(folder), ENTRY), CouldNotFinish),
        (lambda folder: api.read_results(folder / "none.json"), UsageProblem),
        (api.read_results, UsageProblem),
        (lambda folder: api.read_results(), UsageProblem),
        (lambda folder: api.to_every_eval_ever(ENTRY, "adder"), UsageProblem),
        (lambda folder: api.to_every_eval_ever(ENTRY, "a/b/c"), UsageProblem),
    ],
)
def test_errors__are_ours_and_say_what_to_do(tmp_path: Path, wrong: Any, kind: type[EvalmarkError]) -> None:
    with pytest.raises(kind) as caught:
        wrong(tmp_path)
    assert caught.value.message
    assert caught.value.advice
