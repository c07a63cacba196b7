"""Numbers from real Inspect logs: what Inspect leaves out of its own accuracy must be seen."""

import gc
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import Epochs, Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.scorer import Score, Scorer, Target, accuracy, scorer
from inspect_ai.solver import TaskState, generate

from evalmark.adapters.inspect_runner.samples import measured, reducer_named, sample_key
from evalmark.outcome import Measured

# Inspect itself uses what its own dependencies call deprecated, and leaves streams to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore")


@modelapi(name="parrot")
def parrot() -> type[ModelAPI]:
    """Says the last message again."""

    class Parrot(ModelAPI):
        async def generate(self, input: Any, tools: Any, tool_choice: Any, config: Any) -> ModelOutput:  # noqa: A002
            output = ModelOutput.from_content("parrot/p", input[-1].text)
            output.usage = ModelUsage(input_tokens=3, output_tokens=2, total_tokens=5)
            return output

    return Parrot


@scorer(metrics=[accuracy()])
def as_told() -> Scorer:
    """The score that the question asks for; `boom` fails, `none` gives none."""
    values: dict[str, Callable[[], Any]] = {"nan": lambda: math.nan, "dict": lambda: {"a": 1}}

    async def score(state: TaskState, target: Target) -> Score | None:
        word = state.output.completion
        if word == "boom":
            raise ValueError("the scorer failed")
        if word == "none":
            return None
        return Score(value=values[word]() if word in values else float(word))

    return score


def _log(tmp_path: Path, words: list[str], **more: Any) -> EvalLog:
    dataset = [Sample(input=word, target="x") for word in words]
    task = Task(dataset=dataset, solver=generate(), scorer=as_told(), **more)
    log = evaluate(task, model="parrot/p", log_dir=str(tmp_path), display="none", fail_on_error=False)[0]
    gc.collect()  # here, where its warnings are ignored
    return log


@pytest.fixture(scope="module")
def odd_log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    return _log(tmp_path_factory.mktemp("logs"), ["1", "0", "0.25", "nan", "none", "boom", "dict"])


def test_measured__keeps_every_planned_sample_in_the_denominator(odd_log: EvalLog) -> None:
    result = Measured.model_validate(measured(odd_log))

    assert [sample.score for sample in result.samples] == [1, 0, 0.25, None, None, None, None]
    assert [sample.failed for sample in result.samples] == [False, False, False, False, False, True, False]
    assert result.total == 7
    assert result.scorer == "as_told"
    assert (result.input_tokens, result.output_tokens) == (21, 14)


def test_measured__samples_are_told_apart_by_what_they_ask(odd_log: EvalLog) -> None:
    assert len({sample["key"] for sample in measured(odd_log)["samples"]}) == 7


def test_measured__a_sample_with_a_missing_epoch_has_no_score(tmp_path: Path) -> None:
    log = _log(tmp_path, ["1", "0.5"], epochs=Epochs(2, "mean"))
    assert log.samples is not None
    log.samples = [sample for sample in log.samples if not (sample.id == 2 and sample.epoch == 2)]

    result = Measured.model_validate(measured(log))

    assert [sample.score for sample in result.samples] == [1, None]
    assert (result.epochs, result.reducer) == (2, "mean")


@pytest.mark.parametrize(
    ("name", "values", "reduced"),
    [
        ("mean", [1, 0, 0, 0], 0.25),
        ("median", [1, 1, 0], 1),
        ("mode", [1, 0, 0], 0),
        ("max", [0, 0, 1], 1),
        ("at_least_2", [1, 1, 0, 0], 1),
        ("at_least_3", [1, 1, 0, 0], 0),
        ("pass_at_1", [1, 1, 0, 0], 0.5),
    ],
)
def test_reducer_named__is_inspects_own(name: str, values: list[float], reduced: float) -> None:
    assert reducer_named(name)([Score(value=value) for value in values]).value == pytest.approx(reduced)


def test_sample_key__does_not_depend_on_the_order_of_choices(odd_log: EvalLog) -> None:
    sample = (odd_log.samples or [])[0]
    one = sample.model_copy(update={"input": "which?", "choices": ["red", "blue"], "target": "A"})
    other = sample.model_copy(update={"input": "which?", "choices": ["blue", "red"], "target": "B"})
    wrong = sample.model_copy(update={"input": "which?", "choices": ["blue", "red"], "target": "A"})

    assert sample_key(one) == sample_key(other)
    assert sample_key(one) != sample_key(wrong)
