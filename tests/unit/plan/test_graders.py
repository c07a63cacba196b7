"""Who may grade, if a task's scorer is a model."""

import pytest

from evalmark.formats.benchmark import InspectTask
from evalmark.plan.graders import Asked, Grading, grading
from evalmark.plan.rerunnable import Obstacle
from tests.builders import MATCH, eval_yaml, found, task_text

ITSELF = "hf/acme/model"
JUDGE, OTHER = "openai/judge-2024-08-06", "openai/other-2024-08-06"
OPEN = "{name: model_graded_qa}"
NAMED = f"{{name: model_graded_qa, args: {{model: {JUDGE}}}}}"


def graded(scorers: str, judges: tuple[str, ...] | None, grader: str | None, model: str = ITSELF) -> Grading | Obstacle:
    benchmark = found(eval_yaml(task_text(scorers=scorers))).benchmark
    assert benchmark is not None
    task = benchmark.tasks[0]
    assert isinstance(task, InspectTask)
    return grading(task, judges, Asked(grader, model, "acme/model"))


@pytest.mark.parametrize("grader", [None, JUDGE])
def test_grading__nobody_grades_what_is_computed(grader: str | None) -> None:
    assert graded(MATCH, None, grader) == Grading()


@pytest.mark.parametrize(
    ("scorers", "judges", "grader", "itself"),
    [
        pytest.param(OPEN, (JUDGE,), JUDGE, False, id="allowed"),
        pytest.param(OPEN, (OTHER, JUDGE), JUDGE, False, id="one-of-two"),
        pytest.param(OPEN, ("self",), ITSELF, True, id="itself"),
        pytest.param("{name: model_graded_fact, args: {model: null}}", (JUDGE,), JUDGE, False, id="model-is-null"),
        pytest.param("{name: model_graded_qa, args: {model_role: grader}}", (JUDGE,), JUDGE, False, id="usual-role"),
        pytest.param(NAMED, None, JUDGE, False, id="named-by-the-task"),
        pytest.param(NAMED, (JUDGE,), JUDGE, False, id="named-and-listed"),
        pytest.param(f"{MATCH}, {OPEN}", (JUDGE,), JUDGE, False, id="second-scorer"),
        pytest.param(f"{{name: model_graded_qa, args: {{model: [{JUDGE}]}}}}", None, JUDGE, False, id="panel-of-one"),
    ],
)
def test_grading__is_allowed(scorers: str, judges: tuple[str, ...] | None, grader: str, itself: bool) -> None:
    assert graded(scorers, judges, grader) == Grading(grader, itself)


@pytest.mark.parametrize(
    ("scorers", "judges", "grader", "reason", "advice"),
    [
        pytest.param(
            OPEN,
            (JUDGE, "self"),
            None,
            "the scorer `model_graded_qa` is a model, and nobody has said which",
            f"name with --grader one that the benchmark allows: {JUDGE}, self",
            id="nobody-named",
        ),
        pytest.param(
            OPEN,
            None,
            None,
            "the scorer `model_graded_qa` is a model, and nobody has said which",
            'the benchmark\'s owner can allow some in .evalmark.toml: judges = ["provider/name"]',
            id="none-declared",
        ),
        pytest.param(
            OPEN,
            (JUDGE,),
            OTHER,
            f"`{OTHER}` is no judge that the benchmark allows",
            f"name with --grader one that the benchmark allows: {JUDGE}",
            id="not-on-the-list",
        ),
        pytest.param(
            OPEN,
            None,
            OTHER,
            f"`{OTHER}` is no judge that the benchmark allows",
            'the benchmark\'s owner can allow some in .evalmark.toml: judges = ["provider/name"]',
            id="no-list",
        ),
        pytest.param(
            OPEN,
            (JUDGE, ITSELF),
            ITSELF,
            f"`{ITSELF}` is the model under test, and the benchmark does not let a model grade itself",
            'name another judge; or the benchmark\'s owner can add "self" to `judges` in .evalmark.toml',
            id="itself-though-it-is-listed",
        ),
        pytest.param(
            NAMED,
            None,
            None,
            f"`model_graded_qa` calls a model of the benchmark's choice on your account: `{JUDGE}`",
            f"if you want to pay for it, add --grader {JUDGE}",
            id="named-but-not-asked-for",
        ),
        pytest.param(
            NAMED,
            (OTHER,),
            OTHER,
            f"the task is graded by `{JUDGE}`, so `{OTHER}` would give other scores",
            f"name the task's judge: --grader {JUDGE}",
            id="another-than-the-task-names",
        ),
        pytest.param(
            NAMED,
            (OTHER,),
            JUDGE,
            f"`{JUDGE}` is no judge that the benchmark allows",
            f"name with --grader one that the benchmark allows: {OTHER}",
            id="named-but-not-listed",
        ),
        pytest.param(
            NAMED,
            (),
            JUDGE,
            f"`{JUDGE}` is no judge that the benchmark allows",
            'the benchmark\'s owner can allow some in .evalmark.toml: judges = ["provider/name"]',
            id="an-empty-list-allows-none",
        ),
        pytest.param(
            f"{{name: model_graded_qa, args: {{model: [{JUDGE}, {OTHER}]}}}}",
            (JUDGE, OTHER),
            JUDGE,
            f"the task is graded by `{JUDGE}` and `{OTHER}`, so `{JUDGE}` would give other scores",
            "evalmark runs one judge",
            id="a-panel",
        ),
        pytest.param(
            "{name: model_graded_qa, args: {model_role: critic}}",
            (JUDGE,),
            JUDGE,
            "the scorer `model_graded_qa` asks a model in a role of its own, which evalmark does not give to any",
            "the benchmark's owner can leave `model_role` out: then it is `grader`",
            id="another-role",
        ),
        pytest.param(
            "{name: model_graded_qa, args: {model_role: null}}",
            ("self",),
            ITSELF,
            "the scorer `model_graded_qa` asks a model in a role of its own, which evalmark does not give to any",
            "the benchmark's owner can leave `model_role` out: then it is `grader`",
            id="no-role",
        ),
        pytest.param(
            f"{NAMED}, {{name: model_graded_fact, args: {{model: {OTHER}}}}}",
            None,
            JUDGE,
            f"the task is graded by `{OTHER}`, so `{JUDGE}` would give other scores",
            f"name the task's judge: --grader {OTHER}",
            id="two-scorers-two-judges",
        ),
    ],
)
def test_grading__is_not_allowed(
    scorers: str, judges: tuple[str, ...] | None, grader: str | None, reason: str, advice: str
) -> None:
    assert graded(scorers, judges, grader) == Obstacle(reason, advice)


@pytest.mark.parametrize(
    ("grader", "model"),
    [
        pytest.param("vllm/served", "vllm/served", id="as-it-is-run"),
        pytest.param("hf/acme/model", "vllm/served", id="the-claimed-repo"),
        pytest.param("acme/model", "vllm/served", id="without-a-provider"),
        pytest.param("together/acme/model", "vllm/served", id="at-a-provider"),
        pytest.param("hf/acme/model@0123456789", "vllm/served", id="at-a-revision"),
    ],
)
def test_grading__the_model_is_known_under_its_other_addresses(grader: str, model: str) -> None:
    assert graded(OPEN, ("self",), grader, model) == Grading(grader, is_the_model=True)


def test_grading__a_name_that_only_ends_alike_is_another_model() -> None:
    assert graded(OPEN, ("self", "hf/pacme/model"), "hf/pacme/model") == Grading("hf/pacme/model")
