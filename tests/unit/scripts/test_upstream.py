"""What the script about the vendored lists reads, compares and writes, on small pieces of the upstream files."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts import upstream
from scripts.upstream import Drift, Unreadable, drift, frameworks, inspect_lists, main, our_keys

EVAL_TS = """\
import type { Url } from "./url";

/**
 * Frameworks: of `eval.yaml`.
 */
export const EVALUATION_FRAMEWORKS: Record<string, Framework> = {
\t"inspect-ai": {
\t\tname: "inspect-ai",
\t\tdescription: "Braces } in a text: {nothing}, and a quote \\" too.",
\t\turl: "https://inspect.example/", // a comment: { with a brace
\t},
\tmteb: {
\t\tname: "mteb",
\t\tdescription:
\t\t\t'Another line: "quoted".',
\t},
\t'swe-bench': { name: `swe: bench`, nested: { deeper: 1 } },
} as const satisfies Something;

export const OTHER = { "not-a-framework": {} };
"""


def task_model(
    solvers: tuple[str, ...] = ("generate",),
    scorers: tuple[str, ...] = ("match",),
    pattern: str = r"^(pass_at_\d+|max|mean)$",
) -> dict[str, Any]:
    """The JSON Schema of a task model like Inspect's."""
    keys = our_keys()
    return {
        "properties": {
            **{key: {} for key in keys["keys of a task"]},
            "epoch_reducer": {"anyOf": [{"type": "string", "pattern": pattern}, {"type": "null"}]},
        },
        "$defs": {
            "HFSolver": {"properties": {"name": {"enum": list(solvers)}}},
            "HFScorer": {"properties": {"name": {"enum": list(scorers)}}},
            "HFFieldSpec": {"properties": {key: {} for key in keys["keys of field_spec"]}},
        },
    }


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of vendored files, up to date with the task model above."""
    lists = inspect_lists(task_model())
    (tmp_path / "inspect.json").write_text(json.dumps({"version": "1.0", "date": "2026-01-01", **lists}))
    (tmp_path / "frameworks.json").write_text(json.dumps({"source": "somewhere", "frameworks": ["inspect-ai", "old"]}))
    (tmp_path / "eval.ts").write_text(EVAL_TS)
    monkeypatch.setattr(upstream, "DATA", tmp_path)
    monkeypatch.setattr(upstream, "version", lambda _: "1.0")
    monkeypatch.setattr(upstream, "read_inspect", task_model)
    return tmp_path


def read(file: Path) -> Any:
    return json.loads(file.read_text())


def test_frameworks__are_the_outer_keys_of_the_object() -> None:
    assert frameworks(EVAL_TS) == ["inspect-ai", "mteb", "swe-bench"]


@pytest.mark.parametrize("text", ["", "export const OTHER = { a: {} };", "export const EVALUATION_FRAMEWORKS = {};"])
def test_frameworks__of_another_file_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        frameworks(text)


def test_inspect_lists__tell_plain_reducers_from_those_with_a_number() -> None:
    lists = inspect_lists(task_model(pattern=r"^(pass_at_\d+|at_least_\d+|max|mode)$"))

    assert (lists["reducers"], lists["counted_reducers"]) == (["max", "mode"], ["pass_at", "at_least"])


def test_inspect_lists__of_an_unknown_form_are_refused() -> None:
    with pytest.raises(Unreadable, match="new form"):
        inspect_lists(task_model(pattern="^[a-z]+$"))


def test_drift__shows_what_is_new_and_what_is_gone() -> None:
    found = drift({"solvers": ["a", "b"], "scorers": ["c"]}, {"solvers": ["b", "d"], "scorers": ["c"]})

    assert found == [Drift("solvers", added=("d",), gone=("a",))]
    assert str(found[0]) == "solvers, new: d; gone: a"


def test_drift__of_the_order_is_none() -> None:
    assert drift({"solvers": ["a", "b"]}, {"solvers": ["b", "a"]}) == []


def test_command__without_drift(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == "inspect-ai 1.0: as vendored\n"


def test_command__with_a_name_that_is_new(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream, "read_inspect", lambda: task_model(solvers=("generate", "basic_agent")))

    assert main([]) == 1
    assert capsys.readouterr().out == "inspect-ai 1.0: solvers, new: basic_agent\n"


def test_command__with_another_version(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream, "version", lambda _: "1.1")

    assert main([]) == 1
    assert capsys.readouterr().out == "inspect-ai 1.1: version, new: 1.1; gone: 1.0\n"


def test_command__with_frameworks_that_differ(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--frameworks", str(data / "eval.ts")]) == 1
    assert capsys.readouterr().out.splitlines()[1] == "eval.ts: frameworks, new: mteb, swe-bench; gone: old"


def test_command__with_a_file_that_has_no_frameworks(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--frameworks", str(data / "inspect.json")]) == 2
    assert "no object EVALUATION_FRAMEWORKS" in capsys.readouterr().out


def test_write__takes_over_what_inspect_has(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "read_inspect", lambda: task_model(scorers=("match", "bleu")))

    assert main(["--write", "--date", "2026-02-03"]) == 0
    written = read(data / "inspect.json")
    assert (written["scorers"], written["version"], written["date"]) == (["match", "bleu"], "1.0", "2026-02-03")


def test_write__cannot_change_the_models(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = task_model()
    model["properties"]["time_limit"] = {}
    monkeypatch.setattr(upstream, "read_inspect", lambda: model)

    assert main(["--write"]) == 1
    assert "keys of a task, new: time_limit" in capsys.readouterr().out


@pytest.mark.parametrize("commit", ["0" * 40, None])
def test_write__takes_over_the_frameworks(data: Path, commit: str | None) -> None:
    options = ["--commit", commit] if commit else []

    assert main(["--frameworks", str(data / "eval.ts"), "--write", "--date", "2026-02-03", *options]) == 0
    written = read(data / "frameworks.json")
    assert (written["frameworks"], written["source"]) == (["inspect-ai", "mteb", "swe-bench"], "somewhere")
    assert (written["commit"], written["date"], "commit_unknown" in written) == (commit, "2026-02-03", not commit)


def test_write__keeps_the_frameworks_without_a_copy(data: Path) -> None:
    main(["--write"])

    assert read(data / "frameworks.json")["frameworks"] == ["inspect-ai", "old"]
