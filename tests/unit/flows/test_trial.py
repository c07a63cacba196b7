"""A benchmark in the making: its files, and the job that tries it."""

from dataclasses import replace

import pytest

from evalmark.authoring.eval_yaml import Draft
from evalmark.flows.trial import CARD, IMAGES, Proposal, Served, cost_of_all, first_samples, propose, trial_job
from evalmark.outcome import Measured, SampleOutcome
from evalmark.plan.identity import Identity, ModelRun
from evalmark.plan.making import Job
from evalmark.plan.rerunnable import Obstacle
from evalmark.plan.steps import Step

COMMIT = "c" * 40
FREE = Draft("ada/sums", "Sums", "Adds.", "sums", "default", "test", "question", "answer", "match")
MODEL = ModelRun(spec="openai-api/a/b", revision="unknown", identity=Identity(proved=False, statement="served"))
JUDGED = replace(FREE, scorer="model_graded_fact", judge="openai/gpt-4o-2024-08-06")
MEASURED = Measured(
    total=10,
    samples=(SampleOutcome(key="0" * 64, score=1.0), SampleOutcome(key="1" * 64, score=0.0)),
    scorer="match",
    epochs=1,
    reducer="mean",
    input_tokens=20,
    output_tokens=6,
)


def test_propose__files_without_findings() -> None:
    proposal = propose(FREE)

    assert sorted(proposal.files) == [".evalmark.toml", "eval.yaml"]
    assert proposal.findings == ()


def test_propose__keeps_a_declaration_and_brings_a_card() -> None:
    proposal = propose(FREE, b'unit = "inches"\n', b"# Sums\n")

    assert proposal.files[".evalmark.toml"] == b'unit = "inches"\n'
    assert proposal.files[CARD] == b"# Sums\n"
    assert {finding.place.path for finding in proposal.findings} == {".evalmark.toml"}


@pytest.mark.parametrize(
    ("draft", "grader"), [(FREE, None), (JUDGED, "openai/gpt-4o-2024-08-06"), (replace(FREE, image="picture"), None)]
)
def test_trial_job__is_that_of_a_verification(draft: Draft, grader: str | None) -> None:
    job = trial_job(propose(draft), MODEL, Served(COMMIT))

    assert isinstance(job, Job)
    assert (job.task, job.grader, job.settings_from) == (f"hf/ada/sums/sums@{COMMIT}", grader, "task")
    assert job.greedy


def test_trial_job__declared_settings_hold() -> None:
    choice = replace(FREE, scorer="choice", choices=("A", "B"))
    job = trial_job(propose(choice), MODEL, Served(COMMIT))

    assert isinstance(job, Job)
    assert (job.settings_from, dict(job.generation)) == ("declaration", {"temperature": 0})
    broken = trial_job(propose(choice, b"unit ="), MODEL, Served(COMMIT))
    assert isinstance(broken, Job)
    assert not broken.generation


@pytest.mark.parametrize(
    ("proposal", "served", "said"),
    [
        pytest.param(
            propose(replace(FREE, image="picture")), Served(COMMIT, only_data_uris=False), IMAGES.reason, id="images"
        ),
        pytest.param(propose(replace(FREE, dataset_id="hf/sums")), Served(COMMIT), "cannot load a dataset", id="name"),
        pytest.param(propose(replace(JUDGED, judge=None)), Served(COMMIT), "nobody has said which", id="no judge"),
        pytest.param(
            Proposal(FREE, {"eval.yaml": b"tasks: []", ".evalmark.toml": b""}, ()),
            Served(COMMIT),
            "has errors",
            id="bad",
        ),
    ],
)
def test_trial_job__obstacles(proposal: Proposal, served: Served, said: str) -> None:
    job = trial_job(proposal, MODEL, served)

    assert isinstance(job, Obstacle)
    assert said in job.reason


def test_first_samples__and_no_more() -> None:
    step = first_samples(5)

    assert step(100, None) == Step(5)
    assert step(3, None) == Step(3)
    assert step(100, MEASURED) is None


def test_cost_of_all__by_what_the_trial_took() -> None:
    cost = cost_of_all(MEASURED)

    assert (cost.answers, cost.input_tokens, cost.output_tokens) == (10, 100, 30)
