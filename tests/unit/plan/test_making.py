from collections.abc import Mapping

import pytest

from evalmark.errors import Refused, UsageProblem
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, Facts
from evalmark.finding import Place, Severity
from evalmark.plan.claims import Claim
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Limits, Plan, Planned, Skip, make_plan
from evalmark.plan.order import shuffle_seed
from tests.builders import DATASET_SHA, MODEL, MODEL_SHA, entries, entry_text, eval_yaml, found, ref, task_text

CLAIMED, UNLIMITED = ModelChoice(), Limits()
OTHER_SHA = "c" * 40
PINNED = f"    revision: {DATASET_SHA}\n"
TWO_TASKS = eval_yaml(task_text("sums"), task_text("products"))
Benchmarks = Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing]


def make(text: str, benchmarks: Benchmarks, choice: ModelChoice = CLAIMED, limits: Limits = UNLIMITED) -> Planned:
    return make_plan(entries(text), Facts(MODEL, benchmarks), choice, lambda claims: "nonce", limits)


def pinned(revision: str = DATASET_SHA, value: str = "57.0") -> str:
    return f"- dataset: {{id: acme/sums, task_id: sums, revision: {revision}}}\n  value: {value}\n"


def test_make_plan__one_claim_is_one_job() -> None:
    planned = make(entry_text(), {ref(): found()})

    (job,) = planned.plan.jobs
    assert job.model_dump() == {
        "id": "job-1",
        "dataset_id": "acme/sums",
        "dataset_revision": DATASET_SHA,
        "task_id": "sums",
        "task": f"hf/acme/sums/sums@{DATASET_SHA}",
        "epochs": 1,
        "settings_known": True,
        "greedy": True,
        "shuffle_seed": shuffle_seed("nonce", DATASET_SHA, "sums", MODEL_SHA),
        "claims": (0,),
    }
    assert (planned.plan.skips, planned.findings) == ((), ())


def test_make_plan__keeps_claims_model_nonce_and_limits() -> None:
    limits = Limits(samples=10, minutes=1.5)

    plan = make(entry_text("1.5") + entry_text("2.5"), {ref(): found()}, limits=limits).plan

    assert [claim.value for claim in plan.claims] == [1.5, 2.5]
    assert (plan.model.spec, plan.nonce, plan.limits) == ("hf/acme/model", "nonce", limits)


def test_make_plan__epochs_and_settings_are_the_tasks() -> None:
    text = eval_yaml(task_text(solvers="{name: generate}", more="epochs: 4"))

    (job,) = make(entry_text(), {ref(): found(text)}).plan.jobs

    assert (job.epochs, job.settings_known, job.greedy) == (4, False, False)


def groups(planned: Planned) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(job.id, job.task, job.claims) for job in planned.plan.jobs]


def test_make_plan__claims_about_one_task_share_a_job() -> None:
    planned = make(entry_text("1.5") + entry_text("2.5") + entry_text("3.5"), {ref(): found()})

    assert groups(planned) == [("job-1", f"hf/acme/sums/sums@{DATASET_SHA}", (0, 1, 2))]


def test_make_plan__a_claim_of_the_main_revision_shares_the_job_of_that_commit() -> None:
    planned = make(pinned() + entry_text(), {ref(): found(), ref(revision=DATASET_SHA): found()})

    assert [job.claims for job in planned.plan.jobs] == [(0, 1)]


def test_make_plan__different_revisions_are_different_jobs() -> None:
    benchmarks = {ref(revision=sha): found(revision=sha) for sha in (DATASET_SHA, OTHER_SHA)}

    planned = make(pinned(DATASET_SHA) + pinned(OTHER_SHA) + pinned(DATASET_SHA), benchmarks)

    assert groups(planned) == [
        ("job-1", f"hf/acme/sums/sums@{DATASET_SHA}", (0, 2)),
        ("job-2", f"hf/acme/sums/sums@{OTHER_SHA}", (1,)),
    ]


def test_make_plan__different_tasks_are_different_jobs() -> None:
    planned = make(entry_text(task="products") + entry_text(), {ref(): found(TWO_TASKS)})

    assert [(job.task_id, job.claims) for job in planned.plan.jobs] == [("products", (0,)), ("sums", (1,))]


def test_make_plan__different_benchmarks_are_different_jobs() -> None:
    text = entry_text() + entry_text(dataset="acme/other")

    planned = make(text, {ref(): found(), ref("acme/other"): found()})

    assert [(job.dataset_id, job.claims) for job in planned.plan.jobs] == [("acme/sums", (0,)), ("acme/other", (1,))]


def test_make_plan__every_job_has_the_declaration_of_its_task() -> None:
    declaration = 'unit = "percent"\n[tasks.products]\nunit = "fraction"\n'

    planned = make(entry_text() + entry_text(task="products"), {ref(): found(TWO_TASKS, declaration=declaration)})

    assert {job: task.unit for job, task in planned.declarations.items()} == {"job-1": "percent", "job-2": "fraction"}


def skipped(text: str, benchmark: BenchmarkFound | BenchmarkMissing) -> tuple[Skip, Planned]:
    planned = make(text, {ref(): benchmark})
    (skip,) = planned.plan.skips
    assert planned.plan.jobs == ()
    return skip, planned


def test_make_plan__unknown_task_is_not_rerunnable_and_a_finding_at_the_task_id() -> None:
    skip, planned = skipped(entry_text(task="sum"), found())

    (finding,) = planned.findings
    assert (skip.claim, skip.verdict) == (0, "not-rerunnable")
    assert finding.place == Place(".eval_results/sums.yaml", 3, 14, "[0].dataset.task_id")
    assert (finding.rule, finding.severity) == ("task-exists", Severity.ERROR)
    assert (finding.message, finding.help) == (skip.reason, skip.advice)


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        pytest.param(eval_yaml(), "sum", "did you mean `sums`?", id="close-by"),
        pytest.param(TWO_TASKS, "product", "did you mean `products`?", id="the-closest-of-two"),
        pytest.param(TWO_TASKS, "zebra", "it defines `sums`, `products`", id="nothing-close"),
        pytest.param(eval_yaml(task_text(None)), "sums", "its only task has no id", id="task-without-id"),
    ],
)
def test_make_plan__unknown_task_says_what_there_is(text: str, asked: str, expected: str) -> None:
    skip, _ = skipped(entry_text(task=asked), found(text))

    assert skip.reason == f"acme/sums defines no task `{asked}`: {expected}"


def test_make_plan__benchmark_that_is_surely_missing_is_a_finding_at_the_dataset_id() -> None:
    skip, planned = skipped(entry_text(), BenchmarkMissing("no such dataset", "check its name", surely=True))

    (finding,) = planned.findings
    assert skip == Skip(claim=0, verdict="not-rerunnable", reason="no such dataset", advice="check its name")
    assert finding.place == Place(".eval_results/sums.yaml", 2, 9, "[0].dataset.id")
    assert (finding.rule, finding.message, finding.help) == ("benchmark-exists", "no such dataset", "check its name")


def test_make_plan__benchmark_out_of_reach_is_an_error_and_no_finding() -> None:
    skip, planned = skipped(entry_text(), BenchmarkMissing("the Hub does not answer", "try later", surely=False))

    assert skip == Skip(claim=0, verdict="error", reason="the Hub does not answer", advice="try later")
    assert planned.findings == ()


def test_make_plan__eval_yaml_with_errors_brings_its_findings() -> None:
    broken = found("tasks: 7\n")

    skip, planned = skipped(entry_text(), broken)

    assert (skip.verdict, skip.reason) == (
        "not-rerunnable",
        "the eval.yaml of acme/sums has errors, so Inspect cannot load it",
    )
    assert planned.findings == broken.findings
    assert {finding.place.path for finding in planned.findings} == {"acme/sums/eval.yaml"}


def test_make_plan__broken_declaration_is_not_blamed_on_eval_yaml() -> None:
    skip, planned = skipped(entry_text(), found(declaration="tolerance = 7\n"))

    assert ".evalmark.toml" in skip.reason
    assert "eval.yaml" not in f"{skip.reason} {skip.advice}"
    assert {finding.place.path for finding in planned.findings} == {"acme/sums/.evalmark.toml"}


def test_make_plan__findings_of_a_benchmark_come_once_for_all_its_claims() -> None:
    broken = found("tasks: 7\n")

    planned = make(entry_text("1.5") + entry_text("2.5"), {ref(): broken})

    assert (len(planned.plan.skips), planned.findings) == (2, broken.findings)


def test_make_plan__an_obstacle_is_not_rerunnable_and_no_finding() -> None:
    skip, planned = skipped(entry_text(task="a/b"), found(eval_yaml(task_text("a/b"))))

    assert (skip.verdict, planned.findings) == ("not-rerunnable", ())
    assert skip.reason == "Inspect cannot address the task `a/b`, because its id holds a slash"
    assert skip.advice == "the benchmark's owner can rename the task"


def test_make_plan__another_framework_is_not_rerunnable() -> None:
    text = "name: n\ndescription: d\nevaluation_framework: lighteval\ntasks:\n  - id: sums\n"

    skip, _ = skipped(entry_text(), found(text))

    assert skip.reason == "evalmark reruns Inspect tasks, and acme/sums is run with lighteval"


def test_make_plan__a_skipped_claim_hides_no_other() -> None:
    planned = make(entry_text(task="zebra") + entry_text(), {ref(): found()})

    assert [skip.claim for skip in planned.plan.skips] == [0]
    assert [job.claims for job in planned.plan.jobs] == [(1,)]


def test_make_plan__every_claim_is_rerun_or_skipped_exactly_once() -> None:
    text = entry_text() + entry_text(task="zebra") + entry_text(dataset="acme/gone") + entry_text()
    gone = BenchmarkMissing("gone", "", surely=True)

    plan = make(text, {ref(): found(), ref("acme/gone"): gone}).plan

    answered = [index for job in plan.jobs for index in job.claims] + [skip.claim for skip in plan.skips]
    assert sorted(answered) == [0, 1, 2, 3]


def test_make_plan__no_claims() -> None:
    planned = make_plan((), Facts(MODEL, {}), ModelChoice(), lambda claims: "nonce", Limits())

    assert (planned.plan.claims, planned.plan.jobs, planned.plan.skips) == ((), (), ())


def test_make_plan__draws_the_nonce_once_for_the_claims() -> None:
    drawn: list[tuple[Claim, ...]] = []

    def draw(claims: tuple[Claim, ...]) -> str:
        drawn.append(claims)
        return "drawn"

    plan = make_plan(entries(entry_text()), Facts(MODEL, {ref(): found()}), ModelChoice(), draw, Limits()).plan

    assert drawn == [plan.claims]
    assert plan.nonce == "drawn"


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        pytest.param(ModelChoice(args={"trust_remote_code": True}), Refused, id="code-of-the-model"),
        pytest.param(ModelChoice(spec="openai-api/local/x"), UsageProblem, id="served-without-consent"),
    ],
)
def test_make_plan__raises_what_identify_raises(choice: ModelChoice, error: type[Exception]) -> None:
    with pytest.raises(error):
        make(entry_text(), {ref(): found()}, choice)


def test_plan__comes_back_from_json_as_it_was() -> None:
    plan = make(entry_text() + entry_text(task="zebra"), {ref(): found()}).plan

    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@pytest.mark.parametrize("limits", [{"samples": 0}, {"minutes": 0}, {"tokens": 0}, {"connections": 0}])
def test_limits__refuse_nothing_at_all(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="greater than"):
        Limits.model_validate(limits)
