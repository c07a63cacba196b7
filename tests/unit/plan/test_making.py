from collections.abc import Mapping
from dataclasses import replace

import pytest

from evalmark.errors import Refused, UsageProblem
from evalmark.facts import BenchmarkFound, BenchmarkMissing, BenchmarkRef, Facts, ModelFacts
from evalmark.finding import Place, Severity
from evalmark.plan.claims import Claim
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Limits, Plan, Planned, Skip, make_plan
from evalmark.plan.nonce import kept_nonce
from evalmark.plan.order import Question, same_question, shuffle_seed, weights_digest
from tests.builders import DATASET_SHA, MATCH, MODEL, MODEL_SHA, entries, entry_text, eval_yaml, found, ref, task_text

CLAIMED, UNLIMITED = ModelChoice(), Limits()
OTHER_SHA = "c" * 40
PINNED = f"    revision: {DATASET_SHA}\n"
TWO_TASKS = eval_yaml(task_text("sums"), task_text("products"))
Benchmarks = Mapping[BenchmarkRef, BenchmarkFound | BenchmarkMissing]
LogSettings = Mapping[int, Mapping[str, str | int | float | bool | None]]
NO_LOGS: LogSettings = {}


def make(
    text: str,
    benchmarks: Benchmarks,
    choice: ModelChoice = CLAIMED,
    limits: Limits = UNLIMITED,
    log_settings: LogSettings = NO_LOGS,
    model: ModelFacts = MODEL,
) -> Planned:
    facts = Facts(model, benchmarks, log_settings)
    return make_plan(entries(text), facts, choice, lambda claims: "nonce", limits)


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
        "settings_from": "task",
        "generation": {},
        "variant": None,
        "grader": None,
        "grader_is_model": False,
        "greedy": True,
        "nonce": "nonce",
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


FREE = "{name: generate}"
JUDGED = "{name: model_graded_qa}"
JUDGE = "openai/judge-2024-08-06"


def test_make_plan__settings_come_from_the_claims_log() -> None:
    benchmarks = {ref(): found(eval_yaml(task_text(solvers=FREE)), declaration="[settings]\ntemperature = 0\n")}

    first, second = make(
        entry_text("1.5") + entry_text("2.5"), benchmarks, log_settings={1: {"temperature": 1}}
    ).plan.jobs

    assert (first.settings_from, first.generation, first.greedy) == ("declaration", {"temperature": 0}, True)
    assert (second.settings_from, second.generation, second.greedy) == ("log", {"temperature": 1}, False)


def test_make_plan__claims_with_the_same_settings_share_a_job_whoever_says_them() -> None:
    benchmarks = {ref(): found(eval_yaml(task_text(solvers=FREE)), declaration="[settings]\ntemperature = 0.5\n")}
    logged: LogSettings = {1: {"temperature": 0.5}}

    planned = make(entry_text("1.5") + entry_text("2.5"), benchmarks, log_settings=logged)

    assert [job.claims for job in planned.plan.jobs] == [(0, 1)]


def test_make_plan__settings_of_a_task_go_over_those_of_the_file() -> None:
    declaration = "[settings]\ntemperature = 0\ntop_p = 0.9\n[tasks.sums.settings]\ntemperature = 0.5\n"
    benchmarks = {ref(): found(eval_yaml(task_text(solvers=FREE)), declaration=declaration)}

    (job,) = make(entry_text(), benchmarks).plan.jobs

    assert job.generation == {"temperature": 0.5, "top_p": 0.9}


VARIANTS = """
[settings]
temperature = 0
max_tokens = 64

[variants."w/ tools"]
task = "products"

[variants.warm]
settings = {temperature = 0.7}

[variants.gone]
task = "product"

[variants.judged]
task = "judged"

[variants."5-shot"]

[tasks.sums.variants.slow]
settings = {max_tokens = 4096}

[tasks.products]
unit = "fraction"
"""
FREE_TASKS = eval_yaml(
    task_text("sums", solvers=FREE), task_text("products", solvers=FREE), task_text("judged", scorers=JUDGED)
)


def noted(notes: str, value: str = "57.0") -> str:
    return entry_text(value, more=f'  notes: "{notes}"\n')


@pytest.mark.parametrize(
    ("notes", "variant", "task", "generation"),
    [
        pytest.param("With tools", "With tools", "products", {"temperature": 0, "max_tokens": 64}, id="another-task"),
        pytest.param("tools", "With tools", "products", {"temperature": 0, "max_tokens": 64}, id="another-spelling"),
        pytest.param("warm", "warm", "sums", {"temperature": 0.7, "max_tokens": 64}, id="other-settings"),
        pytest.param("slow", "slow", "sums", {"temperature": 0, "max_tokens": 4096}, id="of-the-task"),
        pytest.param("5-shot", "5-shot", "sums", {"temperature": 0, "max_tokens": 64}, id="as-usual"),
        pytest.param("no tools", None, "sums", {"temperature": 0, "max_tokens": 64}, id="the-usual-set-up"),
    ],
)
def test_make_plan__notes_are_what_the_benchmark_declares(
    notes: str, variant: str | None, task: str, generation: dict[str, float]
) -> None:
    (job,) = make(noted(notes), {ref(): found(FREE_TASKS, declaration=VARIANTS)}).plan.jobs

    assert (job.variant, job.task_id, job.generation) == (variant, task, generation)
    assert job.task == f"hf/acme/sums/{task}@{DATASET_SHA}"


def test_make_plan__a_variant_is_a_job_of_its_own() -> None:
    text = entry_text() + noted("5-shot", "58.0") + noted("5-shot", "59.0")

    planned = make(text, {ref(): found(FREE_TASKS, declaration=VARIANTS)})

    assert [(job.variant, job.claims) for job in planned.plan.jobs] == [(None, (0,)), ("5-shot", (1, 2))]


def test_make_plan__a_variant_is_judged_by_the_declaration_of_its_task() -> None:
    planned = make(noted("With tools"), {ref(): found(FREE_TASKS, declaration=VARIANTS)})

    assert planned.declarations["job-1"].unit == "fraction"


@pytest.mark.parametrize(
    ("notes", "shown", "key"),
    [
        pytest.param("8-shot", "8-shot", '"8-shot"', id="exact-lines"),
        pytest.param("x" * 70, "x" * 59 + "…", '"the notes"', id="too-long-to-repeat"),
        pytest.param("\\u202eevil", "\N{REPLACEMENT CHARACTER}evil", '"the notes"', id="not-harmless"),
    ],
)
def test_make_plan__notes_that_nobody_declares(notes: str, shown: str, key: str) -> None:
    skip, planned = skipped(noted(notes), found())

    reason = f"the entry's notes (`{shown}`) describe a variant that the benchmark does not declare"
    assert (skip.verdict, skip.reason, planned.findings) == ("not-rerunnable", reason, ())
    assert f"`[variants.{key}]`" in skip.advice


def test_make_plan__what_the_advice_says_to_declare_makes_it_rerunnable() -> None:
    name = 'a "b" \\ c'
    skip, _ = skipped(entry_text(more=f"  notes: '{name}'\n"), found())
    table, setting = skip.advice.split("`")[1], skip.advice.split("`")[5]

    planned = make(entry_text(more=f"  notes: '{name}'\n"), {ref(): found(declaration=f"{table}\n{setting}\n")})

    assert [job.variant for job in planned.plan.jobs] == [name]


@pytest.mark.parametrize(
    ("notes", "reason"),
    [
        pytest.param(
            "gone",
            "the benchmark declares that `gone` is the task `product`, which its eval.yaml does not define: "
            "did you mean `products`?",
            id="no-such-task",
        ),
        pytest.param(
            "judged",
            "`judged` is the task `judged`: the scorer `model_graded_qa` is a model, and nobody has said which",
            id="not-rerunnable-itself",
        ),
    ],
)
def test_make_plan__a_variant_that_cannot_be_rerun(notes: str, reason: str) -> None:
    skip, planned = skipped(noted(notes), found(FREE_TASKS, declaration=VARIANTS))

    assert (skip.verdict, skip.reason, planned.findings) == ("not-rerunnable", reason, ())


def test_make_plan__of_another_framework_notes_do_not_matter() -> None:
    text = "name: n\ndescription: d\nevaluation_framework: lighteval\ntasks:\n  - id: sums\n"

    skip, _ = skipped(noted("8-shot"), found(text))

    assert skip.reason == "evalmark reruns Inspect tasks, and acme/sums is run with lighteval"


def test_make_plan__a_variant_of_another_framework_is_not_rerunnable() -> None:
    text = "name: n\ndescription: d\nevaluation_framework: lighteval\ntasks:\n  - id: sums\n  - id: products\n"

    skip, _ = skipped(noted("With tools"), found(text, declaration='[variants."With tools"]\ntask = "products"\n'))

    assert skip.reason == (
        "`With tools` is the task `products`: evalmark reruns Inspect tasks, and acme/sums is run with lighteval"
    )


@pytest.mark.parametrize(
    ("judges", "named", "grader", "itself"),
    [
        pytest.param(JUDGE, JUDGE, JUDGE, False, id="judge"),
        pytest.param("self", "hf/acme/model", "hf/acme/model", True, id="itself"),
        pytest.param("self", "self", "hf/acme/model", True, id="itself-in-a-word"),
    ],
)
def test_make_plan__the_grader_is_the_one_that_was_named(judges: str, named: str, grader: str, itself: bool) -> None:
    benchmark = found(eval_yaml(task_text(scorers=JUDGED)), declaration=f'judges = ["{judges}"]\n')

    (job,) = make(entry_text(), {ref(): benchmark}, ModelChoice(grader=named)).plan.jobs

    assert (job.grader, job.grader_is_model) == (grader, itself)


def test_make_plan__a_computed_score_has_no_grader() -> None:
    (job,) = make(
        entry_text(), {ref(): found(eval_yaml(task_text(scorers=MATCH)))}, ModelChoice(grader=JUDGE)
    ).plan.jobs

    assert (job.grader, job.grader_is_model) == (None, False)


def test_make_plan__without_a_grader_that_is_allowed_it_is_not_rerunnable() -> None:
    skip, _ = skipped(entry_text(), found(eval_yaml(task_text(scorers=JUDGED)), declaration=f'judges = ["{JUDGE}"]\n'))

    assert skip.reason == "the scorer `model_graded_qa` is a model, and nobody has said which"
    assert skip.advice == f"name with --grader one that the benchmark allows: {JUDGE}"


WITH_WEIGHTS = ModelFacts("acme/model", MODEL_SHA, {"a.gguf": "1" * 64})


def test_make_plan__a_new_commit_with_the_same_weights_keeps_the_order() -> None:
    later = ModelFacts("acme/model", "c" * 40, WITH_WEIGHTS.weights)

    one, other = (make(entry_text(), {ref(): found()}, model=model).plan for model in (WITH_WEIGHTS, later))

    assert one.weights == weights_digest(WITH_WEIGHTS)
    assert one.jobs[0].shuffle_seed == other.jobs[0].shuffle_seed
    assert one.claims != other.claims


def test_make_plan__asks_for_each_claim_whether_a_nonce_is_kept() -> None:
    asked: set[Question] = set()

    def kept(question: Question) -> str | None:
        asked.add(question)
        return "kept" if any("products" in claim for claim in question) else None

    text = entry_text() + entry_text(task="products")
    facts = Facts(MODEL, {ref(): found(TWO_TASKS)})
    plan = make_plan(entries(text), facts, CLAIMED, lambda claims: "new", UNLIMITED, kept).plan

    assert asked == {same_question([claim], MODEL_SHA) for claim in plan.claims}
    assert (plan.nonce, [job.nonce for job in plan.jobs]) == ("new", ["new", "kept"])
    assert plan.jobs[1].shuffle_seed == shuffle_seed("kept", DATASET_SHA, "products", MODEL_SHA)


def test_make_plan__a_new_claim_does_not_share_the_order_of_an_old_one() -> None:
    benchmarks = {ref(): found()}
    earlier = make(entry_text("57.0") + entry_text("57.5"), benchmarks).plan
    facts = Facts(MODEL, benchmarks)
    text = entry_text("57.5") + entry_text("58.0") + entry_text("57.0")

    planned = make_plan(
        entries(text), facts, CLAIMED, lambda claims: "new", UNLIMITED, lambda q: kept_nonce(earlier, q)
    )

    assert [(job.nonce, job.claims) for job in planned.plan.jobs] == [("nonce", (0, 2)), ("new", (1,))]


def test_make_plan__neither_other_notes_nor_a_claim_beside_it_draw_a_new_order() -> None:
    benchmarks = {ref(): found(TWO_TASKS, declaration="[variants.again]\n")}
    earlier = make(entry_text(), benchmarks).plan
    text = noted("again") + entry_text(task="products")

    planned = make_plan(
        entries(text),
        Facts(MODEL, benchmarks),
        CLAIMED,
        lambda claims: "new",
        UNLIMITED,
        lambda q: kept_nonce(earlier, q),
    )

    assert [job.nonce for job in planned.plan.jobs] == ["nonce", "new"]
    assert planned.plan.jobs[0].shuffle_seed == earlier.jobs[0].shuffle_seed


def test_plan__comes_back_from_json_as_it_was() -> None:
    declaration = '[settings]\ntemperature = 0\nmax_tokens = 9\nstop_seqs = ["END"]\n'
    plan = make(entry_text() + entry_text(task="zebra"), {ref(): found(declaration=declaration)}).plan

    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@pytest.mark.parametrize("limits", [{"samples": 0}, {"minutes": 0}, {"tokens": 0}, {"connections": 0}])
def test_limits__refuse_nothing_at_all(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="greater than"):
        Limits.model_validate(limits)


def test_make_plan__benchmark_that_may_not_run_is_not_rerunnable_and_no_finding() -> None:
    skip, planned = skipped(entry_text(), BenchmarkMissing("not allowed", "add it", surely=True, allowed=False))

    assert (skip.verdict, planned.findings) == ("not-rerunnable", ())


def test_make_plan__benchmark_whose_rows_come_from_elsewhere_is_refused() -> None:
    skip, _ = skipped(entry_text(), replace(found(), rows_outside="https://evil.example/\n<img>"))

    assert skip.verdict == "not-rerunnable"
    assert "refused for safety: the README.md of acme/sums takes rows from" in skip.reason
    assert "\n" not in skip.reason
