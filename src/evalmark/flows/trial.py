"""A benchmark in the making: is it well-formed, and what happens when a few of its samples run?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from evalmark.authoring.eval_yaml import Draft, declaration, eval_yaml
from evalmark.checks.places import BENCHMARK_FILE, DECLARATION
from evalmark.finding import Finding
from evalmark.flows.check import check
from evalmark.formats.benchmark import Benchmark, InspectTask
from evalmark.formats.declaration import Declaration
from evalmark.formats.parse_benchmark import parse_benchmark
from evalmark.formats.parse_declaration import parse_declaration
from evalmark.formats.prices import Price
from evalmark.outcome import Measured
from evalmark.plan.cost import Cost, cost, measured_tokens
from evalmark.plan.graders import Asked, grading
from evalmark.plan.identity import ModelRun
from evalmark.plan.making import Job
from evalmark.plan.order import shuffle_seed
from evalmark.plan.rerunnable import Obstacle, obstacle_before_grading
from evalmark.plan.settings import sampling
from evalmark.plan.steps import Step
from evalmark.ports import NextStep

JOB: Final = "trial"
CARD: Final = "README.md"
IMAGES: Final = Obstacle(
    "not every image lies in its row as a data URI, and Inspect would open what else is named there",
    "store the images as data URIs (data:image/png;base64,…) in a text column",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The files for a draft, bytes by path, and what `evalmark check` finds in them."""

    draft: Draft
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def propose(draft: Draft, declared: bytes | None = None, card: bytes | None = None) -> Proposal:
    """Write the files of a draft. `declared` is there already, and stays; `card` is what the README.md must be."""
    made = {BENCHMARK_FILE: eval_yaml(draft).encode(), DECLARATION: declared or declaration(draft).encode()}
    findings = check(made, dataset_id=draft.dataset_id)
    return Proposal(draft, made if card is None else {**made, CARD: card}, findings)


@dataclass(frozen=True, slots=True)
class Served:
    """Where the files of a proposal can be had: a commit of the embedded Hub; and whether all images lie in rows."""

    revision: str
    only_data_uris: bool = True


def trial_job(proposal: Proposal, model: ModelRun, served: Served) -> Job | Obstacle:
    """The job that runs the task as a verification would, or why it cannot run."""
    draft = proposal.draft
    benchmark = parse_benchmark(BENCHMARK_FILE, proposal.files[BENCHMARK_FILE]).benchmark
    task = _task(benchmark, draft.task_id)
    if benchmark is None or task is None:
        return Obstacle("eval.yaml has errors, so Inspect cannot load it", "mend the findings")
    why_not = _obstacle(draft.dataset_id, benchmark, task, served)
    declared = _declared(proposal).for_task(draft.task_id)
    graded = grading(task, declared.judges, Asked(draft.judge, model.spec, model.spec))
    if why_not is not None:
        return why_not
    if isinstance(graded, Obstacle):
        return graded
    sampled = sampling(task, {}, declared.settings)
    return Job(
        id=JOB,
        dataset_id=draft.dataset_id,
        dataset_revision=served.revision,
        task_id=draft.task_id,
        task=f"hf/{draft.dataset_id}/{draft.task_id}@{served.revision}",
        epochs=task.epochs,
        settings_from=sampled.settings_from,
        generation=sampled.generation,
        greedy=sampled.greedy,
        grader=graded.grader,
        grader_is_model=graded.is_the_model,
        shuffle_seed=shuffle_seed(JOB, served.revision, draft.task_id, ""),
        claims=(),
    )


def first_samples(many: int) -> NextStep:
    """Run so many samples, and no more."""

    def step(total: int, measured: Measured | None) -> Step | None:
        return Step(min(many, total)) if measured is None else None

    return step


def cost_of_all(measured: Measured, price: Price | None = None) -> Cost:
    """What a verification takes that runs all samples once, by what the trial has taken."""
    answers = len(measured.samples) * measured.epochs
    each = measured_tokens(measured.input_tokens, measured.output_tokens, answers)
    return cost(measured.total * measured.epochs, each, price)


def _task(benchmark: Benchmark | None, task_id: str) -> InspectTask | None:
    tasks = benchmark.tasks if benchmark is not None else ()
    return next((task for task in tasks if isinstance(task, InspectTask) and task.id == task_id), None)


def _obstacle(dataset_id: str, benchmark: Benchmark, task: InspectTask, served: Served) -> Obstacle | None:
    """The owner may try images that lie in the rows, which a verifier of others' benchmarks does not run."""
    if task.field_spec.input_image is None:
        return obstacle_before_grading(dataset_id, benchmark, task)
    if not served.only_data_uris:
        return IMAGES
    without = task.field_spec.model_copy(update={"input_image": None})
    return obstacle_before_grading(dataset_id, benchmark, task.model_copy(update={"field_spec": without}))


def _declared(proposal: Proposal) -> Declaration:
    return parse_declaration(DECLARATION, proposal.files[DECLARATION]).declaration or Declaration()
