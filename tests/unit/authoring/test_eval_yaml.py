"""The files of a new benchmark: what is written is well-formed, and means what was said."""

from dataclasses import replace

import pytest

from evalmark.authoring.eval_yaml import Draft, declaration, eval_yaml
from evalmark.flows.check import check
from evalmark.formats.benchmark import InspectTask
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_declaration import parse_declaration

FREE = Draft(
    dataset_id="ada/sums",
    name="Sums",
    description="Adds two numbers.",
    task_id="sums",
    config="default",
    split="test",
    input="question",
    target="answer",
    scorer="match",
    numeric=True,
)
CHOICE = replace(FREE, scorer="choice", choices=("A", "B"), numeric=False)
ODD = 'no: "yes" #1 \\ ü 😀'

DRAFTS = [
    pytest.param(FREE, id="free text"),
    pytest.param(replace(FREE, numeric=False, scorer="includes"), id="a word"),
    pytest.param(replace(FREE, scorer="answer", labels=("no", "yes")), id="labels"),
    pytest.param(replace(FREE, scorer="answer"), id="an answer of many"),
    pytest.param(replace(FREE, temperature=0.7), id="a temperature"),
    pytest.param(replace(FREE, scorer="model_graded_fact", judge="openai/gpt-4o-2024-08-06"), id="a judge"),
    pytest.param(CHOICE, id="choices in columns"),
    pytest.param(replace(CHOICE, choices="options"), id="choices in a list"),
    pytest.param(replace(CHOICE, target="literal:A", shuffled=True), id="the right one first"),
    pytest.param(replace(FREE, image="picture"), id="an image"),
    pytest.param(replace(FREE, context="passage"), id="a text before the question"),
    pytest.param(replace(CHOICE, context="passage"), id="a text before choices"),
    pytest.param(replace(FREE, context="passage", scorer="answer", labels=("no", "yes")), id="a text, and labels"),
    pytest.param(replace(FREE, name=ODD, input=ODD, target="yes", config="1.0", split="on"), id="odd names"),
    pytest.param(replace(FREE, description=f"{ODD} {'long word ' * 50}"), id="a long description"),
]


@pytest.mark.parametrize("draft", DRAFTS)
def test_eval_yaml__says_what_the_draft_says(draft: Draft) -> None:
    written = eval_yaml(draft).encode()
    parsed = parse_benchmark("eval.yaml", written).benchmark
    assert parsed is not None
    (task,) = parsed.tasks
    assert isinstance(task, InspectTask)

    assert [each.rule for each in check({"eval.yaml": written}) if each.severity == "error"] == []
    assert (parsed.name, parsed.description) == (draft.name, " ".join(draft.description.split()))
    assert (task.id, task.config, task.split) == (draft.task_id, draft.config, draft.split)
    spec = task.field_spec
    assert (spec.input, spec.target, spec.choices, spec.input_image) == (
        draft.input,
        draft.target,
        draft.choices,
        draft.image,
    )
    assert task.scorers[0].name == draft.scorer
    assert bool(task.shuffle_choices) is draft.shuffled
    assert task.solvers[-1].args["max_tokens"] == draft.max_tokens


def test_eval_yaml__a_usual_draft_has_nothing_to_mend() -> None:
    for draft in (FREE, CHOICE, replace(FREE, scorer="answer", labels=("no", "yes"))):
        files = {"eval.yaml": eval_yaml(draft).encode(), ".evalmark.toml": declaration(draft).encode()}
        assert check(files, dataset_id="ada/sums") == ()


def test_eval_yaml__labels_are_told_to_the_model() -> None:
    told = eval_yaml(replace(FREE, scorer="answer", labels=("no", "yes")))

    assert "It is one of: no, yes." in told
    assert "pattern: line" in told


def test_eval_yaml__a_text_goes_before_the_question() -> None:
    told = eval_yaml(replace(FREE, context="passage"))

    assert 'template: "Read this text.\\n\\n{passage}\\n\\n{prompt}"' in told
    assert "metadata: [passage]" in told


@pytest.mark.parametrize(("draft", "temperature"), [(FREE, None), (CHOICE, 0)])
def test_declaration__a_temperature_where_the_solver_takes_none(draft: Draft, temperature: float | None) -> None:
    declared = parse_declaration(".evalmark.toml", declaration(draft).encode()).declaration

    assert declared is not None
    assert (declared.unit, declared.settings.temperature) == ("percent", temperature)
