"""What the half that judges takes from the half that ran the model: numbers of its very plan, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from evalmark.errors import Refused
from evalmark.facts import BoardRow
from evalmark.flows.allowed import OnlyAllowed
from evalmark.flows.proposed import proposed
from evalmark.flows.pull_request import (
    About,
    Handed,
    judge_handed,
    mains_of,
    model_revision_of,
    prepare_changes,
    terms_of,
)
from evalmark.flows.verify import Prepared, Terms
from evalmark.outcome import Failed, LogFile, Measured, Outcome, Outcomes
from evalmark.plan.allowed import parse_allowed
from evalmark.plan.identity import ModelChoice
from evalmark.plan.making import Limits, Plan
from evalmark.ports import BenchmarkFiles
from evalmark.review import PullRequest
from evalmark.verdict import Answer
from tests.builders import DATASET_SHA, MODEL, entry_text, eval_yaml, measured, ones, outcome, ref
from tests.fake_reviews import FakeReviews
from tests.fakes import FakeClaims, FakeHub

BASE, HEAD, OTHER = "a" * 40, "b" * 40, "c" * 40
FILE = ".eval_results/sums.yaml"
DIGEST = "d" * 64
DECLARED = b'unit = "percent"\ntolerance = 0.05\nnoise = 0.0\n'
HUB = FakeHub(
    {
        ref(): BenchmarkFiles(DATASET_SHA, eval_yaml().encode(), DECLARED),
        ref(revision=DATASET_SHA): BenchmarkFiles(DATASET_SHA, eval_yaml().encode(), DECLARED),
    }
)
TERMS = Terms(ModelChoice(), Limits(entries=20), lambda _claims: "drawn now")


def prepared(
    text: str = entry_text("57.0"), allowed: str = "acme/sums", terms: Terms = TERMS, number: int = 1, head: str = HEAD
) -> Prepared:
    pull_request = PullRequest(number, head, BASE, BASE, from_fork=False)
    reviews = FakeReviews({number: pull_request}, {BASE: {"README.md": b""}, head: {FILE: text.encode()}})
    proposal = proposed(reviews, pull_request)
    hub = OnlyAllowed(HUB, FakeClaims(), parse_allowed([allowed]))
    return prepare_changes(proposal, proposal.changes, About("acme/adder", MODEL), hub, terms)


def plan_of(made: Prepared) -> Plan:
    return made.planned.plan


def handed(plan: Plan, *outcomes: Outcome, of: str | None = DIGEST) -> Handed:
    return Handed(plan, DIGEST, Outcomes(outcomes=outcomes, plan=of))


RAN = outcome(measured(ones(57)))


def test_prepare__binds_the_plan_to_the_pull_request() -> None:
    bound = plan_of(prepared()).pull_request

    assert bound is not None
    assert (bound.repository, bound.number, bound.head, bound.base) == ("acme/adder", 1, HEAD, BASE)


def test_prepare__a_benchmark_that_is_not_allowed_is_not_asked_for_and_not_rerun() -> None:
    HUB.asked.clear()
    (skip,) = plan_of(prepared(allowed="acme/other")).skips

    assert skip.verdict == "not-rerunnable"
    assert "acme/sums" in skip.advice
    assert HUB.asked == []


def test_prepare__claims_beyond_the_limit_stay_open() -> None:
    terms = Terms(ModelChoice(), Limits(entries=1), lambda _claims: "n")
    text = entry_text("57.0") + entry_text("58.0", task="sums")
    made = plan_of(prepared(text, terms=terms))

    assert [(skip.claim, skip.verdict) for skip in made.skips] == [(1, "inconclusive")]


def test_judge__the_same_plan_and_its_outcome() -> None:
    ours = prepared()
    (verdict,) = judge_handed(ours, handed(plan_of(ours), RAN)).verdicts

    assert verdict.verdict is Answer.VERIFIED


def test_judge__a_plan_made_again_from_the_handed_draws_is_the_same() -> None:
    theirs = plan_of(prepared())
    again = prepared(
        terms=terms_of(theirs, ModelChoice(), Terms(ModelChoice(), Limits(entries=20), lambda _claims: "x"))
    )

    assert plan_of(again) == theirs


def test_terms__the_weights_file_that_ran_is_the_one_that_it_says() -> None:
    theirs = plan_of(prepared())
    run = theirs.model.model_copy(update={"revision": f"sha256:{DIGEST}"})
    choice = ModelChoice(spec="llamacpp/x.gguf", accept_served=True)

    assert terms_of(theirs.model_copy(update={"model": run}), choice, TERMS).choice.weights_sha256 == DIGEST


def test_allowed__a_model_and_a_board_are_asked_for_as_ever() -> None:
    hub = OnlyAllowed(HUB, FakeClaims(boards={"acme/sums": (BoardRow("acme/other", 50.0),)}), {})

    assert hub.model("acme/model", HEAD).revision == HEAD
    assert hub.board("acme/sums") == (BoardRow("acme/other", 50.0),)


@pytest.mark.parametrize("left", [None, "no outcomes", "no file"])
def test_judge__a_rerun_that_handed_nothing_over_is_an_error(left: str | None) -> None:
    ours = prepared()
    given = {
        None: None,
        "no outcomes": handed(plan_of(ours)),
        "no file": Handed(plan_of(ours), DIGEST, None),
    }[left]
    (verdict,) = judge_handed(ours, given).verdicts

    assert verdict.verdict is Answer.ERROR
    assert "handed nothing over" in verdict.reason


@pytest.mark.parametrize(
    ("theirs", "differs"),
    [
        pytest.param(lambda: prepared(head=OTHER), "pull_request", id="another commit"),
        pytest.param(lambda: prepared(number=2), "pull_request", id="another pull request"),
        pytest.param(lambda: prepared(entry_text("47.0")), "claims", id="another score"),
        pytest.param(
            lambda: prepared(terms=Terms(ModelChoice(), Limits(samples=10), lambda _c: "n")), "limits", id="limits"
        ),
        pytest.param(
            lambda: prepared(
                terms=Terms(ModelChoice(spec="mockllm/model", accept_served=True), Limits(entries=20), lambda _c: "n")
            ),
            "model",
            id="another model",
        ),
    ],
)
def test_judge__an_outcome_of_something_else_is_refused(theirs: Callable[[], Prepared], differs: str) -> None:
    """Replay: a rerun of one claim says nothing about another."""
    with pytest.raises(Refused, match=f"`{differs}`"):
        judge_handed(prepared(), handed(plan_of(theirs()), RAN))


def test_judge__outcomes_of_another_plan_are_refused() -> None:
    ours = prepared()
    with pytest.raises(Refused, match="another plan"):
        judge_handed(ours, handed(plan_of(ours), RAN, of="e" * 64))


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        pytest.param([RAN, RAN], "two outcomes", id="two for one job"),
        pytest.param([outcome(measured(ones(57)), job="job-9")], "no job", id="for no job"),
        pytest.param([outcome(measured(ones(57), epochs=5))], "cannot have come", id="other epochs"),
        pytest.param([outcome(measured(ones(57), scorer="<img src=x>"))], "cannot have come", id="text for a scorer"),
        pytest.param([outcome(measured(ones(57), reducer="a b"))], "cannot have come", id="text for a reducer"),
    ],
)
def test_judge__what_cannot_have_come_of_the_plan_is_refused(outcomes: list[Outcome], message: str) -> None:
    ours = prepared()
    with pytest.raises(Refused, match=message):
        judge_handed(ours, handed(plan_of(ours), *outcomes))


def test_judge__more_samples_than_the_budget_are_refused() -> None:
    ours = prepared(terms=Terms(ModelChoice(), Limits(samples=50), lambda _c: "n"))
    with pytest.raises(Refused, match="cannot have come"):
        judge_handed(ours, handed(plan_of(ours), RAN))


FOREIGN = "FOREIGN @octocat"


@pytest.mark.parametrize(
    "changes",
    [
        {"platform": FOREIGN},
        {"versions": {"inspect-ai": FOREIGN}},
        {"versions": {FOREIGN: "1.0"}},
        {"model_args": {"x": FOREIGN}},
        {"logs": (LogFile(path=FOREIGN, sha256="f" * 64),)},
        {"result": Failed(failure="crashed", detail=FOREIGN)},
    ],
)
def test_judge__no_text_of_the_other_half_comes_through(changes: dict[str, Any]) -> None:
    ours = prepared()
    (verdict,) = judge_handed(ours, handed(plan_of(ours), RAN.model_copy(update=changes))).verdicts

    assert "FOREIGN" not in verdict.model_dump_json()


def test_judge__a_log_is_named_as_inspect_names_it() -> None:
    ours = prepared()
    log = LogFile(path="logs/0123456789abcdef/2026-11-26T11-16-58+00-00_sums_Ab3.eval", sha256="f" * 64)
    ran = RAN.model_copy(update={"logs": (log,)})
    (verdict,) = judge_handed(ours, handed(plan_of(ours), ran)).verdicts

    assert verdict.run is not None
    assert verdict.run.logs == (log,)


def test_judge__what_is_a_version_stays() -> None:
    ours = prepared()
    (verdict,) = judge_handed(ours, handed(plan_of(ours), RAN)).verdicts

    assert verdict.run is not None
    assert verdict.run.versions == {"inspect-ai": "0.3.285"}


def test_handed__its_commits_are_those_that_are_asked_for_again() -> None:
    plan = plan_of(prepared())

    assert mains_of(plan) == {"acme/sums": DATASET_SHA}
    assert model_revision_of(plan) == MODEL.revision


def test_handed__a_commit_that_is_none_is_refused() -> None:
    plan = plan_of(prepared())
    job = plan.jobs[0].model_copy(update={"dataset_revision": "main"})
    claim = plan.claims[0].model_copy(update={"model_revision": "refs/pr/1"})

    with pytest.raises(Refused, match="no commit"):
        mains_of(plan.model_copy(update={"jobs": (job,)}))
    with pytest.raises(Refused, match="no commit"):
        model_revision_of(plan.model_copy(update={"claims": (claim,)}))


def test_handed__a_job_about_a_claim_that_is_not_there_is_no_plan() -> None:
    body = plan_of(prepared()).model_dump(mode="json")
    body["jobs"][0]["claims"] = [7]

    with pytest.raises(ValueError, match="not there"):
        Plan.model_validate(body)


def test_measured_stays_measured() -> None:
    ours = prepared()
    (kept,) = judge_handed(ours, handed(plan_of(ours), RAN)).outcomes

    assert isinstance(kept.result, Measured)
    assert kept.result == RAN.result
