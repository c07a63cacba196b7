"""Real Inspect logs, made on the spot: a benchmark on the embedded Hub, and a model that answers as it is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

QUIZ = "acme/quiz"
SAMPLES = 20
RIGHT = 12
"""The model knows the answers to so many of the questions."""

EVAL_YAML = r"""
name: Quiz
description: Sums.
evaluation_framework: inspect-ai
tasks:
  - id: match
    field_spec: {input: question, target: answer}
    solvers: [{name: generate, args: {temperature: 0, max_tokens: 8}}]
    scorers: [{name: match, args: {location: end}}]
  - id: includes
    field_spec: {input: question, target: answer}
    solvers: [{name: generate}]
    scorers: [{name: includes}]
  - id: pattern
    field_spec: {input: question, target: answer}
    solvers: [{name: generate}]
    scorers: [{name: pattern, args: {pattern: "ANSWER: (\\d+)"}}]
  - id: f1
    field_spec: {input: question, target: answer}
    solvers: [{name: generate}]
    scorers: [{name: f1}]
  - id: exact
    field_spec: {input: question, target: answer}
    solvers: [{name: generate}]
    scorers: [{name: exact}]
  - id: choice
    field_spec: {input: question, target: letter, choices: choices}
    shuffle_choices: true
    epochs: 2
    solvers: [{name: multiple_choice}]
    scorers: [{name: choice}]
  - id: several
    field_spec: {input: question, target: letters, choices: choices}
    solvers: [{name: multiple_choice, args: {multiple_correct: true, cot: true}}]
    scorers: [{name: choice}]
  - id: judged
    field_spec: {input: question, target: answer}
    solvers: [{name: generate}]
    scorers: [{name: model_graded_qa, args: {model: openai/judge}}]
"""
COMPUTED = ("match", "includes", "pattern", "f1", "exact", "choice", "several")

# What a claimant runs. It stands here as text because it needs a process of its own: where the Hub is, is read once.
CLAIMANT = r"""
import json, re, sys
from inspect_ai import eval as evaluate
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

@modelapi(name="told")
def told():
    class Told(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            text = input[-1].text
            number = int(re.search(r"(\d+) \+", text)[1])
            right = str(2 * number) if number < RIGHT else "none"
            options = dict((value, letter) for letter, value in re.findall(r"^([A-D])\) (.*)$", text, re.M))
            answer = options.get(right, "Z") if options else right
            output = ModelOutput.from_content("told/quiz", f"ANSWER: {answer}")
            output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
            return output
    return Told

RIGHT = int(sys.argv[1])
for task, folder, more in json.loads(sys.argv[2]):
    log = evaluate(task, model="told/quiz", log_dir=folder, display="none", **more)[0]
    assert log.status == "success", log.error
"""


def make_quiz(folder: Path) -> Path:
    """The benchmark repo."""
    (folder / "data").mkdir(parents=True)
    (folder / "eval.yaml").write_text(EVAL_YAML)
    (folder / "data" / "test.jsonl").write_text("".join(f"{json.dumps(row(number))}\n" for number in range(SAMPLES)))
    return folder


def row(number: int) -> dict[str, object]:
    """One question."""
    choices = [str(2 * number + more) for more in (1, 0, 5, 9)]
    asked = f"What is {number} + {number}?"
    return {"question": asked, "answer": str(2 * number), "letter": "B", "letters": "B", "choices": choices}


def run_claimant(url: str, home: Path, runs: list[tuple[str, str, dict[str, object]]]) -> None:
    """Evaluate tasks of the benchmark on the Hub at `url`: (task, folder of the log, arguments of `eval`)."""
    home.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": url,
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, "-c", CLAIMANT, str(RIGHT), json.dumps(runs)],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
