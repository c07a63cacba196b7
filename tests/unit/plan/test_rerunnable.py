import pytest

from evalmark.plan.rerunnable import Obstacle, obstacle_before_grading
from tests.builders import eval_yaml, found, task_text


def obstacle_of(text: str, dataset: str = "acme/sums") -> Obstacle | None:
    benchmark = found(text).benchmark
    assert benchmark is not None, found(text).findings
    return obstacle_before_grading(dataset, benchmark, benchmark.tasks[0])


def reason_of(text: str, dataset: str = "acme/sums") -> str:
    found_ = obstacle_of(text, dataset)
    assert found_ is not None
    assert found_.advice
    return found_.reason


@pytest.mark.parametrize(
    ("solvers", "scorers"),
    [
        pytest.param("{name: generate}", "{name: match}", id="plain"),
        pytest.param("{name: generate}, {name: self_critique}", "{name: match}", id="self-critique-by-itself"),
        pytest.param("{name: multiple_choice}", "{name: choice}", id="choices"),
        pytest.param(
            '{name: prompt_template, args: {template: "Q: {prompt} / A:"}}, {name: generate}',
            "{name: includes}",
            id="a-template-with-a-slash-inside",
        ),
        pytest.param(
            '{name: prompt_template, args: {template: "Use std::sort: {prompt}"}}, {name: generate}',
            "{name: includes}",
            id="a-template-with-colons-inside",
        ),
        pytest.param(
            "{name: generate, args: {extra_body: {deep: [fine, text]}}}",
            "{name: match}",
            id="nested-arguments",
        ),
        pytest.param(
            "{name: generate, args: {temperature: 0, stop_seqs: [END, null, 1, true]}}",
            "{name: match, args: {numeric: true}}",
            id="arguments-that-are-not-text",
        ),
    ],
)
def test_obstacle__none_for_a_task_that_can_be_rerun(solvers: str, scorers: str) -> None:
    assert obstacle_of(eval_yaml(task_text(solvers=solvers, scorers=scorers))) is None


@pytest.mark.parametrize(("framework", "named"), [("lighteval", "lighteval"), ("null", "no named framework")])
def test_obstacle__another_framework(framework: str, named: str) -> None:
    text = f"name: n\ndescription: d\nevaluation_framework: {framework}\ntasks:\n  - id: sums\n"
    benchmark = found(text).benchmark or found(text.replace("evaluation_framework: null\n", "")).benchmark
    assert benchmark is not None

    why_not = obstacle_before_grading("acme/sums", benchmark, benchmark.tasks[0])

    assert why_not is not None
    assert why_not.reason == f"evalmark reruns Inspect tasks, and acme/sums is run with {named}"


@pytest.mark.parametrize("dataset", ["acmehf/sums", "hf/sums", "acme/sumshf"])
def test_obstacle__a_dataset_name_that_inspect_mistakes_for_its_prefix(dataset: str) -> None:
    assert reason_of(eval_yaml(), dataset) == (
        f"Inspect cannot load a dataset whose name holds `hf/`, as {dataset} does"
    )


@pytest.mark.parametrize("dataset", ["hfacme/sums", "acme/hfsums", "acme-HF/sums"])
def test_obstacle__none_for_a_name_that_only_looks_like_it(dataset: str) -> None:
    assert obstacle_of(eval_yaml(), dataset) is None


def test_obstacle__a_slash_in_the_task_id() -> None:
    assert reason_of(eval_yaml(task_text("a/b"))) == (
        "Inspect cannot address the task `a/b`, because its id holds a slash"
    )


PLACES = [
    "/proc/self/environ",
    "~/x",
    "~root/x",
    "./x",
    "../x",
    ".env",
    "\\\\host\\share",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "text before s3://bucket/key",
    "file:/proc/self/environ",
    "file:~/x",
    "local:/proc/self/environ",
    "local:../x",
    "simplecache::/proc/self/environ",
    "filecache::file:/proc/self/environ",
]


@pytest.mark.parametrize("place", PLACES)
def test_obstacle__a_solver_argument_that_inspect_would_open(place: str) -> None:
    """What Inspect's `resource()` opens was tried with inspect-ai 0.3.285 and fsspec: these, and each a file."""
    solvers = f"{{name: system_message, args: {{template: '{place}'}}}}, {{name: generate}}"

    reason = reason_of(eval_yaml(task_text(solvers=solvers)))

    assert reason.startswith("refused for safety: `template` of `system_message` looks like a file or an address")


@pytest.mark.parametrize(
    "args",
    [
        pytest.param("{template: [fine, ~/x]}", id="in-a-list"),
        pytest.param("{template: {deep: ~/x}}", id="in-a-mapping"),
        pytest.param("{template: [{deep: ~/x}]}", id="mapping-in-a-list"),
    ],
)
def test_obstacle__nested_arguments_are_looked_through(args: str) -> None:
    solvers = f"{{name: system_message, args: {args}}}, {{name: generate}}"

    assert reason_of(eval_yaml(task_text(solvers=solvers))).startswith("refused for safety: `template`")


def test_obstacle__an_argument_of_a_scorer_that_inspect_would_open() -> None:
    scorers = "{name: pattern, args: {pattern: /proc/self/environ}}"

    assert reason_of(eval_yaml(task_text(scorers=scorers))).startswith("refused for safety: `pattern` of `pattern`")


def test_obstacle__tools() -> None:
    solvers = "{name: use_tools, args: {tools: [bash]}}, {name: generate}"

    assert reason_of(eval_yaml(task_text(solvers=solvers))) == "the task gives the model tools, which need a sandbox"


def test_obstacle__images() -> None:
    text = eval_yaml().replace("target: answer}", "target: answer, input_image: picture}")

    assert reason_of(text).startswith("the task's samples bring images")


def test_obstacle__a_solver_that_calls_another_model_on_the_callers_account() -> None:
    solvers = "{name: generate}, {name: self_critique, args: {model: openai/x}}"

    assert reason_of(eval_yaml(task_text(solvers=solvers))) == (
        "`self_critique` calls a model of the benchmark's choice on your account: `openai/x`"
    )


def test_obstacle_before_grading__leaves_it_to_others_who_grades() -> None:
    benchmark = found(eval_yaml(task_text(scorers="{name: model_graded_qa}"))).benchmark
    assert benchmark is not None

    assert obstacle_before_grading("acme/sums", benchmark, benchmark.tasks[0]) is None


@pytest.mark.parametrize(("epochs", "said"), [(100, None), (101, "runs each sample 101 times")])
def test_obstacle__more_epochs_than_anybody_pays_for(epochs: int, said: str | None) -> None:
    text = eval_yaml(task_text(more=f"epochs: {epochs}"))

    assert obstacle_of(text) is None if said is None else said in reason_of(text)
