from dataclasses import replace

import pytest

from evalmark.errors import Interrupted
from evalmark.facts import BenchmarkMissing, BenchmarkRef, BoardRow
from evalmark.finding import Finding
from evalmark.flows.verify import Claimed, Linked, Prepared, Terms, claimed_in, prepare, read_benchmark, verify
from evalmark.formats.declaration import Declaration
from evalmark.logged import LogsRead
from evalmark.outcome import Failed, Outcome
from evalmark.plan.claims import Claim
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Job, Limits, Planned
from evalmark.ports import BenchmarkFiles
from tests.builders import DATASET_SHA, MODEL, entry_text, eval_yaml, measured, ones, outcome, ref, task_text
from tests.fakes import FakeClaims, FakeHub, FakeLogs, FakeRunner
from tests.logs import keys, logged, wanted

OTHER_SHA = "c" * 40
DECLARED = b'unit = "percent"\ntolerance = 0.05\nnoise = 0.0\n'
TERMS = Terms(ModelChoice(), Limits(), lambda claims: "nonce")


def files(text: str | None = None, revision: str = DATASET_SHA, declaration: bytes | None = DECLARED) -> BenchmarkFiles:
    return BenchmarkFiles(revision, (text or eval_yaml()).encode(), declaration)


def results(*texts: str) -> dict[str, bytes]:
    return {f".eval_results/{number}.yaml": text.encode() for number, text in enumerate(texts)}


def claims_of(*texts: str) -> Claimed:
    return claimed_in(results(*texts))


def prepared_for(*texts: str, hub: FakeHub) -> Prepared:
    return prepare(claims_of(*texts), MODEL, hub, TERMS)


def planned_for(*texts: str, hub: FakeHub) -> Planned:
    return prepared_for(*texts, hub=hub).planned


def planned_and_findings(text: dict[str, bytes]) -> tuple[Planned, tuple[Finding, ...]]:
    prepared = prepare(claimed_in(text), MODEL, FakeHub(SUMS), TERMS)
    return prepared.planned, prepared.findings


SUMS = {ref(): files()}
TWO_TASKS = {ref(): files(eval_yaml(task_text("sums"), task_text("products")))}


def scored(right: dict[str, int]) -> FakeRunner:
    """A runner whose reruns get so many of a hundred samples right, by task."""
    return FakeRunner(lambda job: outcome(measured(ones(right[job.task_id])), job=job.id))


# ── prepare ─────────────────────────────────────────────────────────────────────────────────


def test_prepare__plans_every_file() -> None:
    planned = planned_for(entry_text("1.5"), entry_text("2.5"), hub=FakeHub(SUMS))

    assert [(claim.file, claim.value) for claim in planned.plan.claims] == [
        (".eval_results/0.yaml", 1.5),
        (".eval_results/1.yaml", 2.5),
    ]


def test_prepare__a_broken_entry_hides_no_good_one() -> None:
    broken = entry_text("many")

    planned, findings = planned_and_findings(results(broken + entry_text("57.0")))

    assert [(claim.position, claim.value) for claim in planned.plan.claims] == [(1, 57.0)]
    assert [(finding.rule, finding.place.line) for finding in findings] == [("value-not-a-number", 4)]


def test_prepare__a_broken_file_hides_no_good_one() -> None:
    planned, findings = planned_and_findings(results("{", entry_text()))

    assert [claim.file for claim in planned.plan.claims] == [".eval_results/1.yaml"]
    assert {finding.place.path for finding in findings} == {".eval_results/0.yaml"}


def test_prepare__findings_of_files_and_plan_are_sorted_together() -> None:
    text = entry_text(task="zebra") + entry_text("many") + entry_text(task="gnu")

    _, findings = planned_and_findings(results(text))

    assert [(finding.rule, finding.place.line) for finding in findings] == [
        ("task-exists", 3),
        ("value-not-a-number", 8),
        ("task-exists", 11),
    ]


def pinned(revision: str) -> str:
    return f"- dataset: {{id: acme/sums, task_id: sums, revision: {revision}}}\n  value: 57.0\n"


def test_prepare__each_benchmark_is_looked_up_once_at_each_revision() -> None:
    hub = FakeHub()

    planned_for(entry_text() * 2 + pinned(OTHER_SHA), entry_text() + entry_text(dataset="acme/other"), hub=hub)

    assert hub.asked == [ref(), ref(revision=OTHER_SHA), ref("acme/other")]


def test_prepare__a_missing_benchmark_hides_no_other() -> None:
    hub = FakeHub({ref(): files(), ref("acme/far"): BenchmarkMissing("no answer", "try later", surely=False)})

    planned = planned_for(entry_text(dataset="acme/gone"), entry_text(dataset="acme/far"), entry_text(), hub=hub)

    assert [(skip.claim, skip.verdict) for skip in planned.plan.skips] == [(0, "not-rerunnable"), (1, "error")]
    assert [job.claims for job in planned.plan.jobs] == [(2,)]


def test_prepare__the_plan_is_pinned_to_the_commit_that_was_read() -> None:
    (job,) = planned_for(entry_text(), hub=FakeHub({ref(): files(revision=OTHER_SHA)})).plan.jobs

    assert (job.dataset_revision, job.task) == (OTHER_SHA, f"hf/acme/sums/sums@{OTHER_SHA}")


def test_prepare__draws_the_nonce_once_and_after_the_claims_are_known() -> None:
    drawn: list[tuple[Claim, ...]] = []

    def draw(claims: tuple[Claim, ...]) -> str:
        drawn.append(claims)
        return "drawn"

    terms = Terms(ModelChoice(), Limits(samples=5), draw)
    planned = prepare(claims_of(entry_text(), entry_text()), MODEL, FakeHub(SUMS), terms).planned

    assert drawn == [planned.plan.claims]
    assert (planned.plan.nonce, planned.plan.limits) == ("drawn", Limits(samples=5))


def test_prepare__no_results_ask_for_nothing() -> None:
    hub = FakeHub()

    prepared = prepare(claimed_in({}), MODEL, hub, TERMS)

    assert (prepared.planned.plan.claims, prepared.findings, hub.asked) == ((), (), [])


# ── verify ──────────────────────────────────────────────────────────────────────────────────


def test_verify__matches_outcomes_to_jobs_and_claims() -> None:
    prepared = prepared_for(
        entry_text("80.0", task="products"),
        entry_text("57.0"),
        entry_text("60.0", task="products"),
        hub=FakeHub(TWO_TASKS),
    )

    verified = verify(prepared, scored({"sums": 57, "products": 80}))

    assert [(verdict.claim.digits, verdict.verdict.value) for verdict in verified.verdicts] == [
        ("80.0", "verified"),
        ("57.0", "verified"),
        ("60.0", "mismatch"),
    ]


def test_verify__runs_every_job_once_on_the_plans_model_and_limits() -> None:
    prepared = prepared_for(entry_text(), entry_text(task="products"), entry_text(), hub=FakeHub(TWO_TASKS))
    runner = scored({"sums": 57, "products": 80})

    verify(prepared, runner)

    plan = prepared.planned.plan
    assert runner.ran == [(job, plan.model, plan.limits) for job in plan.jobs]
    assert len(runner.ran) == 2


def test_verify__gives_the_outcomes_in_the_order_of_the_jobs() -> None:
    prepared = prepared_for(entry_text(), entry_text(task="products"), hub=FakeHub(TWO_TASKS))

    verified = verify(prepared, scored({"sums": 57, "products": 80}))

    assert [item.job for item in verified.outcomes] == ["job-1", "job-2"]


def test_verify__judges_by_the_declaration_of_each_task() -> None:
    declaration = b'unit = "percent"\nnoise = 0.0\n[tasks.products]\ntolerance = 0.2\n'
    text = eval_yaml(task_text("sums"), task_text("products"))
    hub = FakeHub({ref(): files(text, declaration=declaration)})

    verified = verify(
        prepared_for(entry_text(), entry_text(task="products"), hub=hub), scored({"sums": 47, "products": 47})
    )

    assert [verdict.verdict.value for verdict in verified.verdicts] == ["mismatch", "verified"]


def test_verify__a_failed_job_hides_no_other() -> None:
    def answer(job: Job) -> Outcome:
        result = Failed(failure="crashed") if job.task_id == "sums" else measured(ones(57))
        return outcome(result, job=job.id)

    prepared = prepared_for(entry_text(), entry_text(task="products"), hub=FakeHub(TWO_TASKS))

    verified = verify(prepared, FakeRunner(answer))

    assert [verdict.verdict.value for verdict in verified.verdicts] == ["error", "verified"]


def test_verify__skipped_claims_get_their_verdict_without_a_rerun() -> None:
    runner = scored({})

    verified = verify(prepared_for(entry_text(task="zebra"), hub=FakeHub(SUMS)), runner)

    assert [verdict.verdict.value for verdict in verified.verdicts] == ["not-rerunnable"]
    assert (runner.ran, verified.outcomes) == ([], ())


def test_verify__ctrl_c_goes_through() -> None:
    def answer(job: Job) -> Outcome:
        raise Interrupted("stopped", "run again")

    prepared = prepared_for(entry_text(), hub=FakeHub(SUMS))

    with pytest.raises(Interrupted):
        verify(prepared, FakeRunner(answer))


# ── the unit of the leaderboard ─────────────────────────────────────────────────────────────

ROWS = tuple(BoardRow(f"acme/m{number}", value) for number, value in enumerate((41.0, 52.0, 63.0)))
OWN = BoardRow(MODEL.name, 0.57)


def beside_a_board(
    digits: str, boards: FakeClaims, text: str | None = None, declaration: bytes = b"noise = 0.0\ntolerance = 0.05\n"
) -> Prepared:
    hub = FakeHub({ref(): files(text or eval_yaml(), declaration=declaration)})
    return prepare(claims_of(entry_text(digits)), MODEL, hub, TERMS, boards=boards)


def test_prepare__an_open_unit_is_that_of_the_leaderboard() -> None:
    prepared = beside_a_board("0.9", FakeClaims({"acme/sums": (*ROWS, OWN)}))

    (verdict,) = verify(prepared, scored({"sums": 1})).verdicts

    assert prepared.units == {"job-1": "percent"}
    assert (verdict.verdict.value, verdict.unit, verdict.unit_from) == ("verified", "percent", "board")


@pytest.mark.parametrize(
    ("digits", "declaration"),
    [pytest.param("57.0", b"", id="only-a-percentage"), pytest.param("0.9", b'unit = "percent"\n', id="declared")],
)
def test_prepare__a_unit_that_is_known_asks_no_board(digits: str, declaration: bytes) -> None:
    boards = FakeClaims({"acme/sums": ROWS})

    assert beside_a_board(digits, boards, declaration=declaration).units == {}
    assert boards.asked == []


@pytest.mark.parametrize(
    ("boards", "text"),
    [
        pytest.param(FakeClaims(), None, id="no-board"),
        pytest.param(FakeClaims(trouble="no answer"), None, id="out-of-reach"),
        pytest.param(FakeClaims({"acme/sums": ROWS}), eval_yaml(task_text(), task_text("more")), id="two-tasks"),
    ],
)
def test_prepare__a_board_that_does_not_say_leaves_the_unit_open(boards: FakeClaims, text: str | None) -> None:
    assert beside_a_board("0.9", boards, text).units == {}


# ── logs ────────────────────────────────────────────────────────────────────────────────────


def with_logs(*digits: str, rerun: bool = True) -> Prepared:
    """Claims beside one log, in which 57 of a hundred are right."""
    linked = Linked(FakeLogs({"logs": LogsRead(logs=(logged(),), sample_sets={wanted().task: keys()})}), "logs")
    hub = FakeHub({ref(): files(declaration=b'unit = "percent"\n')})
    return prepare(claims_of(*map(entry_text, digits)), MODEL, hub, replace(TERMS, rerun=rerun), linked)


def test_prepare__a_claim_that_a_log_contradicts_is_not_rerun() -> None:
    prepared = with_logs("57.0", "67.0")

    assert [job.claims for job in prepared.planned.plan.jobs] == [(0,)]
    assert [log.says.state for log in prepared.logs.values()] == ["consistent", "contradicts"]
    assert all(log.ids for log in prepared.logs.values())


def test_prepare__a_job_that_nobody_needs_any_more_is_left_out() -> None:
    assert with_logs("67.0").planned.plan.jobs == ()


def test_verify__by_the_logs_alone_runs_nothing() -> None:
    runner = scored({})

    verified = verify(with_logs("57.0", "67.0", rerun=False), runner)

    assert [verdict.verdict.value for verdict in verified.verdicts] == ["inconclusive", "mismatch"]
    assert runner.ran == []


# ── read_benchmark ──────────────────────────────────────────────────────────────────────────


def test_read_benchmark__without_a_declaration_nothing_is_declared() -> None:
    found = read_benchmark("acme/sums", files(declaration=None))

    assert (found.declaration, found.findings, found.revision) == (Declaration(), (), DATASET_SHA)
    assert found.benchmark is not None


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        pytest.param(files("tasks: 7\n"), "acme/sums/eval.yaml", id="eval.yaml"),
        pytest.param(files(declaration=b"tolerance = 7\n"), "acme/sums/.evalmark.toml", id="declaration"),
        pytest.param(files(declaration=b"\xff"), "acme/sums/.evalmark.toml", id="declaration-that-is-not-text"),
    ],
)
def test_read_benchmark__an_unusable_file_makes_it_unusable(bad: BenchmarkFiles, path: str) -> None:
    found = read_benchmark("acme/sums", bad)

    assert found.benchmark is None
    assert {finding.place.path for finding in found.findings} == {path}


def test_needed__is_in_the_order_of_the_claims() -> None:
    hub = FakeHub()

    planned_for(entry_text(dataset="b/b"), entry_text(dataset="a/a"), hub=hub)

    assert hub.asked == [BenchmarkRef("b/b"), BenchmarkRef("a/a")]
