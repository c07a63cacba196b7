"""The demo of the README with its real model: a real generation on the CPU, through the real Inspect."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, read_eval_log

from scripts.demo import ROOT
from tests.acceptance.conftest import World
from tests.receipt_page import lay_out, verify

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
    true = found[57.0]
    samples = [sample for log in _logs(out, true["run"]) for sample in log.samples or []]
    assert len(samples) == true["samples_used"] <= 97
    assert true["decided_after"] <= true["samples_used"]
    assert all(sample.output.completion for sample in samples)
    right = [score.value == "C" for sample in samples for score in (sample.scores or {}).values()]
    assert true["measured"] == pytest.approx(100 * sum(right) / len(samples))
    assert told_elsewhere(out, lay_out(tmp_path)) == {"verified of 57", "mismatch of 67"}


def told_elsewhere(report: Path, folder: Path) -> set[str]:
    """What the receipts say to whoever has only them, the public key, and the verifier of docs/receipts.md."""
    public = (report / "demo-key.pub").read_text().split()[0]
    said = [verify(folder, public, str(receipt)).stdout for receipt in (report / "receipts").iterdir()]
    found = [re.fullmatch(r"ok: 'demo' says (\w+) of .*'value': '(\d+)'.*", each.strip()) for each in said]
    assert all(found), said
    return {f"{each[1]} of {each[2]}" for each in found if each}


@pytest.mark.slow
def test_demo_model__same_answers_twice_and_another_score_for_another_key(world: World) -> None:
    benchmark, data = world.folder / "few", ROOT / "examples/benchmark/data/test.jsonl"
    (benchmark / "data").mkdir(parents=True)
    # The declaration says that there is no noise: without it a second pass would measure it.
    for name in ("eval.yaml", ".evalmark.toml"):
        (benchmark / name).write_text((ROOT / "examples/benchmark" / name).read_text())
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
    shutil.rmtree(world.out, ignore_errors=True)
    ran = world.run(*_verify(ROOT / "examples/model", benchmark))
    assert ran.code in (0, 1), ran.err
    record = next(verdict["run"] for verdict in ran.report["verdicts"] if verdict["run"])
    samples = [sample for log in _logs(world.out, record) for sample in log.samples or []]
    asked = [json.loads(row)["input"] for row in rows]
    samples.sort(key=lambda sample: asked.index(str(sample.input)))
    return [(sample.output.completion, (sample.scores or {})["includes"].value) for sample in samples]


def _logs(out: Path, record: dict[str, Any]) -> list[EvalLog]:
    return [read_eval_log(str(out / log["path"])) for log in record["logs"]]


def _verify(model: Path, benchmark: Path) -> list[str]:
    return [
        *("verify", str(model), "--repo=demo/smollm2-135m-instruct", "--out=report", "--format=json"),
        *(f"--benchmark=demo/theory-of-mind={benchmark}", f"--model={WEIGHTS}"),
        f"--benchmark=demo/bug-fixing={ROOT / 'examples/agents-benchmark'}",
    ]
