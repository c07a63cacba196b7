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

from evalmark.adapters.inspect_runner.parts import Parts
from evalmark.adapters.inspect_runner.samples import reducer_named, sample_key
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


def parts_of(log: EvalLog) -> Parts:
    seed: Any = log.eval.config.sample_shuffle
    parts = Parts(log.eval.task, seed)
    parts.add(log, "one.eval")
    return parts


def measured(log: EvalLog) -> dict[str, Any]:
    parts = parts_of(log)
    return parts.measured({1: parts.total})


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


def test_measured__epochs_are_reduced(tmp_path: Path) -> None:
    result = Measured.model_validate(measured(_log(tmp_path, ["1", "0.5"], epochs=Epochs(2, "mean"))))

    assert [sample.score for sample in result.samples] == [1, 0.5]
    assert (result.epochs, result.reducer) == (2, "mean")


def test_parts__a_sample_that_lacks_an_epoch_has_not_finished(tmp_path: Path) -> None:
    log = _log(tmp_path, ["1", "0.5", "0"], epochs=Epochs(2, "mean"))
    log.samples = [sample for sample in log.samples or [] if not (sample.id == 2 and sample.epoch == 2)]

    assert list(parts_of(log).gaps(3, 1)) == [(1, 2)]


def test_parts__of_a_part_that_failed_its_errors_run_again(odd_log: EvalLog) -> None:
    failed = odd_log.model_copy(update={"status": "error"})

    assert list(parts_of(failed).gaps(7, 1)) == [(5, 6)]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"task": "another"}, id="task"),
        pytest.param({"scorers": None}, id="no-scorer"),
    ],
)
def test_parts__a_log_of_another_rerun_is_left_alone(odd_log: EvalLog, change: dict[str, Any]) -> None:
    parts = Parts(odd_log.eval.task, None)  # type: ignore[arg-type] # the log was not shuffled
    parts.add(odd_log.model_copy(update={"eval": odd_log.eval.model_copy(update=change)}), "other.eval")

    assert (parts.done, parts.logs) == ({}, [])


def test_parts__a_log_that_was_cut_off_is_left_alone(odd_log: EvalLog, tmp_path: Path) -> None:
    whole = Path(odd_log.location.removeprefix("file://")).read_bytes()
    (tmp_path / "cut.eval").write_bytes(whole[: len(whole) // 2])
    parts = Parts(odd_log.eval.task, None)  # type: ignore[arg-type] # as above

    parts.read_all(tmp_path)

    assert list(parts.gaps(7, 1)) == [(0, 7)]


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
