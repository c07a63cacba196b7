"""Results that somebody wrote to do harm: nothing of them reaches the terminal as it is, or a path."""

import json
from pathlib import Path
from typing import Any

import pytest

from evalmark.cli.main import main
from tests.acceptance.conftest import EVAL_YAML
from tests.recordings import recorded

ESCAPES = "\x1b]0;owned\x07\x1b[2J\u202e"
NAME = f"{ESCAPES}../../../../tmp/owned"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model and a benchmark, and a folder for results; no Hub."""
    (tmp_path / "model").mkdir()
    (tmp_path / "benchmark" / "data").mkdir(parents=True)
    (tmp_path / "benchmark" / "eval.yaml").write_text(EVAL_YAML)
    (tmp_path / "benchmark" / "data" / "test.jsonl").write_text('{"question": "1 + 1?", "answer": "2"}\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    return tmp_path


def spoiled() -> dict[str, Any]:
    """lm-eval's own file with every name of its one task turned bad."""
    (document,) = recorded("lm-eval/chosen").values()
    text = json.dumps(document).replace("sums_small", json.dumps(NAME)[1:-1]).replace("acme/sums", "../../etc")
    changed: dict[str, Any] = json.loads(text)
    changed["model_name"] = NAME
    changed["config"]["model_args"] = {"model": NAME}
    return changed


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--same-model",),
        ("--same-model", "--allow-partial"),
        ("--same-model", "--allow-partial", "--benchmark-id=acme/sums"),
        ("--same-model", "--allow-partial", "--benchmark-id=acme/sums", "--metric=no"),
        ("--same-model", "--allow-partial", "--benchmark-id=acme/sums", "--yes"),
        ("--only=nothing",),
    ],
)
def test_names__never_reach_the_terminal_or_a_path(
    folder: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    (folder / "results.json").write_text(json.dumps(spoiled()))
    main(
        [
            "add",
            "results.json",
            "--model-repo=model",
            "--repo=acme/adder",
            "--benchmark=acme/sums=benchmark",
            "--offline",
            *options,
        ]
    )

    out, err = capsys.readouterr()
    assert not set(out + err) & set("\x1b\x07\u202e")
    assert "Traceback" not in err
    assert {path.name for path in folder.rglob("*.yaml")} <= {"eval.yaml", "sums_3-of-20-samples.yaml"} | {
        path.name for path in (folder / "model" / ".eval_results").glob("sums*.yaml")
    }


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 100_000, b'{"results": NaN}', b"\xff\xfe", b'{"eval": 1, "status": 2, "version": 3}', b"{}" * 2],
    ids=["empty", "cut", "deep", "not a number", "no text", "like Inspect's", "two documents"],
)
def test_what_is_no_results_file_is_said_in_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (folder / "results.json").write_bytes(content)
    code = main(["add", "results.json", "--model-repo=model", "--offline", "--benchmark=acme/sums=benchmark"])

    assert code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_links__out_of_the_folder_are_not_followed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs = folder / "logs"
    logs.mkdir()
    (logs / "results.json").symlink_to("/etc/hostname")
    (logs / "deeper").symlink_to("/etc")

    assert main(["add", "logs", "--model-repo=model", "--offline", "--benchmark=acme/sums=benchmark"]) == 2


def test_model_repo__whose_results_folder_is_a_link_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "model" / ".eval_results").symlink_to(folder / "elsewhere")
    (folder / "results.json").write_text(json.dumps(next(iter(recorded("lm-eval/group").values()))))
    options = ("--only=sums_large", "--metric=exact_match,strict-match", "--same-model", "--task-id=sums")
    code = main(["add", "results.json", "--model-repo=model", "--benchmark=acme/sums=benchmark", "--offline", *options])

    assert code == 2
    assert list((folder / "elsewhere").iterdir()) == []
