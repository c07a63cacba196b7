"""The demo of the README with its real model: a real generation on the CPU, through the real Inspect."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import read_eval_log

from scripts.demo import COMMAND, ROOT
from tests.acceptance.conftest import World

WEIGHTS = "llamacpp/SmolLM2-135M-Instruct.Q4_1.gguf"
FEW = 12


@pytest.mark.slow
def test_demo__gives_the_three_verdicts_and_keeps_the_transcripts(tmp_path: Path) -> None:
    out = tmp_path / "report"

    ran = subprocess.run(
        [sys.executable, "-I", str(ROOT / "scripts/demo.py"), f"--out={out}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    verdicts = json.loads((out / "verdict.json").read_text())["verdicts"]
    found = {verdict["claim"]["value"]: verdict for verdict in verdicts}
    assert {value: verdict["verdict"] for value, verdict in found.items()} == {
        57.0: "verified",
        67.0: "mismatch",
        12.5: "not-rerunnable",
    }
    assert found[57.0]["run"]["identity"]["proved"]
    log = read_eval_log(str(out / found[57.0]["run"]["log"]))
    samples = log.samples or []
    assert len(samples) == 100
    assert all(sample.output.completion for sample in samples)
    assert found[57.0]["measured"] == 100 * sum(
        score.value == "C" for sample in samples for score in (sample.scores or {}).values()
    ) / len(samples)


@pytest.mark.slow
def test_demo_model__same_answers_twice_and_another_score_for_another_key(world: World) -> None:
    benchmark, data = world.folder / "few", ROOT / "examples/benchmark/data/test.jsonl"
    (benchmark / "data").mkdir(parents=True)
    (benchmark / "eval.yaml").write_text((ROOT / "examples/benchmark/eval.yaml").read_text())
    rows = data.read_text().splitlines()[:FEW]

    first = _answers(world, benchmark, rows)
    again = _answers(world, benchmark, rows)
    right = next(index for index, (_text, score) in enumerate(first) if score == "C")
    changed = [json.loads(row) for row in rows]
    changed[right]["target"] = "nowhere at all"
    other = _answers(world, benchmark, [json.dumps(row) for row in changed])

    assert again == first
    assert [text for text, _ in other] == [text for text, _ in first]
    assert [score for _, score in other] == [score if i != right else "I" for i, (_, score) in enumerate(first)]


def _answers(world: World, benchmark: Path, rows: list[str]) -> list[tuple[str, Any]]:
    """Text and score of each sample, in the order of the data."""
    (benchmark / "data/test.jsonl").write_text("".join(f"{row}\n" for row in rows))
    ran = world.run(
        *("verify", str(ROOT / "examples/model"), f"--benchmark=demo/theory-of-mind={benchmark}", f"--model={WEIGHTS}"),
        *(f"--benchmark=demo/bug-fixing={ROOT / 'examples/agents-benchmark'}", "--out=report", "--format=json"),
    )
    assert ran.code in (0, 1), ran.err
    record = next(verdict["run"] for verdict in ran.report["verdicts"] if verdict["run"])
    log = read_eval_log(str(world.out / record["log"]))
    return [(sample.output.completion, (sample.scores or {})["includes"].value) for sample in log.samples or []]


def test_demo_command__stands_in_the_demos_documentation() -> None:
    """The claims of docs/demo.md are those of the examples."""
    page = (ROOT / "docs/demo.md").read_text()

    assert "theory_of_mind 57.0" in page
    assert "value: 57.0" in (ROOT / "examples/model/.eval_results/theory_of_mind.yaml").read_text()
    assert [part for part in COMMAND if part.startswith("--model=")] == [f"--model={WEIGHTS}"]
