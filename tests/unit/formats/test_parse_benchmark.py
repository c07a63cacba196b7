"""Benchmarks as models. What each finding says is in the corpus."""

import pytest
from pydantic import ValidationError

from evalmark.finding import Place
from evalmark.formats import upstream
from evalmark.formats.benchmark import Benchmark, FieldSpec, InspectBenchmark, InspectTask, Scorer, Solver, Task
from evalmark.formats.parse_benchmark import ParsedBenchmark, parse_benchmark

TASK = """\
  - id: diamond
    field_spec: {input: Question, target: "literal:D", choices: [A, B]}
    solvers: [{name: multiple_choice, args: {cot: true, deep: [1, {a: null}]}}]
    scorers: [{name: choice}]
"""
HEAD = "name: GPQA\ndescription: Hard.\n"
INSPECT = HEAD + "evaluation_framework: inspect-ai\ntasks:\n"


def parse(text: str) -> ParsedBenchmark:
    return parse_benchmark("eval.yaml", text.encode())


def rules(text: str) -> list[str]:
    return [finding.rule for finding in parse(text).findings]


def test_inspect_benchmark__has_full_tasks() -> None:
    assert parse(INSPECT + TASK).benchmark == InspectBenchmark(
        name="GPQA",
        description="Hard.",
        evaluation_framework="inspect-ai",
        tasks=(
            InspectTask(
                id="diamond",
                config="default",
                split="test",
                field_spec=FieldSpec(input="Question", target="literal:D", choices=("A", "B")),
                shuffle_choices=None,
                epochs=1,
                epoch_reducer=None,
                solvers=(Solver(name="multiple_choice", args={"cot": True, "deep": [1, {"a": None}]}),),
                scorers=(Scorer(name="choice"),),
            ),
        ),
    )


def test_other_benchmark__has_tasks_with_ids() -> None:
    text = HEAD + "evaluation_framework: swe-bench\ntasks: [{id: verified, split: null}, {id: lite, config: c}]\n"

    assert parse(text).benchmark == Benchmark(
        name="GPQA",
        description="Hard.",
        evaluation_framework="swe-bench",
        tasks=(Task(id="verified"), Task(id="lite", config="c")),
    )


@pytest.mark.parametrize("framework", ["", "evaluation_framework: null\n", "evaluation_framework: inspect_ai\n"])
def test_framework_not_known__tasks_that_look_like_inspects_are_read_so(framework: str) -> None:
    assert isinstance(parse(HEAD + framework + "tasks:\n" + TASK).benchmark, InspectBenchmark)


def test_framework_of_others__inspects_keys_are_only_warned_about() -> None:
    read = parse(HEAD + "evaluation_framework: harbor\ntasks:\n" + TASK)

    assert type(read.benchmark) is Benchmark
    assert {finding.rule for finding in read.findings} == {"unknown-key"}


def test_framework_missing__is_none_with_a_warning() -> None:
    read = parse(HEAD + "tasks: [{id: a}]\n")

    assert read.benchmark is not None
    assert read.benchmark.evaluation_framework is None
    assert [finding.rule for finding in read.findings] == ["framework-missing"]


def test_places__have_every_field() -> None:
    places = parse(INSPECT + TASK).places

    assert places["tasks[0].field_spec.input"] == Place("eval.yaml", 6, 25, "tasks[0].field_spec.input")
    assert places["tasks[0].solvers[0].args.deep[1].a"].line == 7


def test_places__are_there_when_the_benchmark_is_not() -> None:
    read = parse(INSPECT + TASK + "    epochs: 0\n")

    assert read.benchmark is None
    assert "tasks[0].epochs" in read.places


def test_yaml_error__hides_the_rest() -> None:
    read = parse("name: A\nname: B\n")

    assert (read.benchmark, read.places) == (None, {})
    assert [finding.rule for finding in read.findings] == ["yaml-duplicate-key"]


def test_bad_task__is_not_also_a_missing_one() -> None:
    assert rules(INSPECT + TASK + "    epochs: 0\n") == ["epochs-form"]


def test_null_id__is_fine_for_a_single_task_of_inspect() -> None:
    assert rules(INSPECT + TASK.replace("diamond", "null")) == []


@pytest.mark.parametrize("tasks", ["tasks: 3\n", "tasks: {a: 1}\n"])
def test_tasks__must_be_a_list(tasks: str) -> None:
    assert rules(HEAD + "evaluation_framework: mteb\n" + tasks) == ["field-type"]


@pytest.mark.parametrize("task_id", ["[a]", "5"])
def test_task_id__must_be_a_text(task_id: str) -> None:
    assert rules(HEAD + f"evaluation_framework: mteb\ntasks: [{{id: {task_id}}}]\n") == ["field-type"]


def test_framework__must_be_a_text() -> None:
    assert rules(HEAD + "evaluation_framework: [mteb]\ntasks: [{id: a}]\n") == ["field-type"]


@pytest.mark.parametrize("reducer", ["mean", "median", "mode", "max", "pass_at_1", "at_least_12"])
def test_epoch_reducer__of_inspect(reducer: str) -> None:
    assert rules(INSPECT + TASK + f"    epoch_reducer: {reducer}\n") == []


@pytest.mark.parametrize("reducer", ["pass_at_", "pass_at_x", "mean_1", " mean", "pass_at_1x", "pass_at_١"])
def test_epoch_reducer__not_of_inspect(reducer: str) -> None:
    assert rules(INSPECT + TASK + f"    epoch_reducer: '{reducer}'\n") == ["epoch-reducer-form"]


@pytest.mark.parametrize("name", upstream.SOLVERS)
def test_solver__of_inspect(name: str) -> None:
    assert Solver(name=name).args == {}


@pytest.mark.parametrize("name", upstream.SCORERS)
def test_scorer__of_inspect(name: str) -> None:
    assert Scorer(name=name).args == {}


def test_solver_name__alone_may_not_be_anything() -> None:
    with pytest.raises(ValidationError):
        Solver(name="exact")


def test_schema__offers_the_closed_lists() -> None:
    definitions = InspectBenchmark.model_json_schema()["$defs"]

    assert definitions["Solver"]["properties"]["name"]["enum"] == list(upstream.SOLVERS)
    assert definitions["Scorer"]["properties"]["name"]["enum"] == list(upstream.SCORERS)


@pytest.mark.parametrize("model", [InspectBenchmark, InspectTask, FieldSpec, Solver, Scorer, Task, Benchmark])
def test_schema__describes_every_field(model: type[Benchmark]) -> None:
    assert [name for name, info in model.model_fields.items() if not info.description] == []


def test_frameworks__are_the_hubs_thirty() -> None:
    assert len(set(upstream.FRAMEWORKS)) == 30
    assert upstream.INSPECT_AI in upstream.FRAMEWORKS
