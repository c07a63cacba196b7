"""Rows 13, 15, 20, 24 and 25: a proof that is none, a push at the right moment, and whom one must know to trust."""

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from evalmark.adapters.github import GitHubClient, GitHubReviews
from evalmark.errors import EvalmarkError
from evalmark.flows import pull_request
from evalmark.flows.proposed import proposed
from evalmark.judge.verdicts import judge as judge_plan
from evalmark.plan.identity import ModelChoice
from evalmark.report.overall import overall
from evalmark.report.pull_request import Told, told_as_markdown
from evalmark.verdict import Answer, Verdict
from tests.acceptance.conftest import EVAL_YAML, adder
from tests.attacks.attack import Attack, all_of, instead, nothing
from tests.attacks.flow import DECLARED, HEAD, OTHER, is_planned, judged, plan_of, prepared
from tests.attacks.handed import ANY_PLAN, RAN, verified
from tests.attacks.scene import BENCHMARK, READ, RESULTS, Scene, scene
from tests.builders import entry_text, eval_yaml, measured, ones, outcome, task_text
from tests.github.fake import FakeGitHub
from tests.provider import Provider

# ── 13: proofs that are none ────────────────────────────────────────────────────────────────


def is_believed(_folder: Path) -> bool:
    """A false claim with a token that somebody has made up."""
    token = "eyJhbGciOiJub25lIn0.eyJ2ZXJpZmllZCI6dHJ1ZX0."
    ours = prepared(entry_text("99.0", more=f"  verifyToken: {token}\n"))
    return verified(lambda: judged(ours, plan_of(ours), RAN))


def believe_tokens(patch: pytest.MonkeyPatch) -> None:
    usual = judge_plan

    def judge(*asked: Any) -> tuple[Verdict, ...]:
        return tuple(
            each.model_copy(update={"verdict": Answer.VERIFIED}) if each.claim.verify_token else each
            for each in usual(*asked)
        )

    patch.setattr("evalmark.flows.verify.judge", judge)


# ── 15: moved meanwhile ─────────────────────────────────────────────────────────────────────


def moved(at: Scene) -> None:
    """The attacker pushes after the reviewer has looked."""
    at.propose(entry_text("57.0"))
    at.repo.move_head(at.number, at.repo.commit({RESULTS: entry_text("99.0").encode()}, parent=at.head))


def is_rerun_after_a_push(folder: Path) -> bool:
    with scene(folder) as at:
        moved(at)
        return at.rerun().code == 0


def passes_for_the_new_head(folder: Path) -> bool:
    """The comment stands below the new commit, and does not say that it is about the old one."""
    with scene(folder) as at:
        moved(at)
        at.report()
        return bool(at.own) and "Superseded" not in at.own


def is_swapped(_folder: Path) -> bool:
    """What stands between gives other bytes than those that the commit has."""
    good, bad = entry_text("57.0"), entry_text("99.0")
    with FakeGitHub() as github:
        repo = github.repository("acme/adder")
        base = repo.commit({"README.md": b""})
        number = repo.pull_request(head=repo.commit({RESULTS: good.encode()}, parent=base), base=base)
        body = {"content": base64.b64encode(bad.encode()).decode(), "encoding": "base64", "size": len(bad)}
        github.fail("GET", "/git/blobs/", status=200, body=body, times=None)
        reviews = GitHubReviews(GitHubClient(github.url, github.token(*READ)), "acme/adder")
        try:
            return proposed(reviews, reviews.pull_request(number)).after.files == {RESULTS: bad.encode()}
        except EvalmarkError:
            return False


class AnyDigest(str):
    """The digest that is looked for, whatever it is."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, _other: object) -> bool:
        return True


def no_digest_of_files(patch: pytest.MonkeyPatch) -> None:
    digest = SimpleNamespace(hexdigest=AnyDigest)
    patch.setattr("evalmark.adapters.github.reviews.hashlib", SimpleNamespace(sha1=lambda *_data, **_named: digest))


def is_judged_by_other_rules(_folder: Path) -> bool:
    """The benchmark's owner moves main after the rerun: by its new tolerance everything is verified."""
    text, strict, lax = entry_text("99.0"), DECLARED, DECLARED.replace("0.05", "0.9")
    theirs = plan_of(prepared(text, declared=strict))
    ours = prepared(text, declared=strict, declared_on_main=lax, mains=pull_request.mains_of(theirs))
    return verified(lambda: judged(ours, theirs, RAN))


# ── 20: the attacker's own benchmark ────────────────────────────────────────────────────────


def runs_his_own_benchmark(_folder: Path) -> bool:
    return is_planned(prepared(dataset="mallory/gsm8k", allowed="openai/gsm8k"))


def runs_another_commit(_folder: Path) -> bool:
    text = f"- dataset:\n    id: acme/sums\n    task_id: sums\n    revision: '{OTHER}'\n  value: 57.0\n"
    return any(job.dataset_revision == OTHER for job in plan_of(prepared(text, allowed=f"acme/sums@{HEAD}")).jobs)


# ── 24 and 25: a fork's pull request, and a grader that is talked into it ───────────────────


def spends_the_money(folder: Path) -> bool:
    """Anybody opens a pull request from a fork, and the workflow for trusted branches runs on it."""
    with scene(folder, EVAL_YAML) as at, Provider(adder()).running() as provider:
        at.propose(entry_text("100.0"), fork="mallory/adder")
        inputs = {"benchmarks": BENCHMARK, "model-base-url": provider.url}
        at.rerun("pull_request", inputs, LOCAL_API_KEY="key")
    return bool(provider.seen)


def grader_goes_unnamed(_folder: Path) -> bool:
    """The model's answers talk the grader into a good grade: the reader must know that a model has graded."""
    graded = eval_yaml(task_text(scorers="{name: model_graded_qa}"))
    ours = prepared(
        benchmark=graded,
        choice=ModelChoice(grader="acme/judge"),
        declared=f'{DECLARED}judges = ["acme/judge"]\n',
    )
    verdicts = judged(
        ours, plan_of(ours), outcome(measured(ones(57), scorer="model_graded_qa", regraded=((1.0, 1.0),)))
    )
    text = told_as_markdown(Told(HEAD, overall(verdicts, (), frozenset()), verdicts))
    return "verified" in text and "acme/judge" not in text


MAIN_AS_IT_IS_NOW = instead("evalmark.flows.pull_request.mains_of", lambda _plan: {})
ANY_BENCHMARK = instead("evalmark.flows.allowed.allowed_ref", lambda ref, _allowed: ref)

ATTACKS = [
    Attack(13, "forged token", is_believed, believe_tokens),
    Attack(
        15,
        "push after the look, before the rerun",
        is_rerun_after_a_push,
        instead("evalmark.cli.ci.session.Session.refuse_what_moved", nothing),
    ),
    Attack(
        15,
        "push before the report",
        passes_for_the_new_head,
        instead("evalmark.cli.ci.session.Session.moved_to", None),
    ),
    Attack(15, "other bytes for a file", is_swapped, no_digest_of_files),
    Attack(
        15,
        "benchmark that moves after the rerun",
        is_judged_by_other_rules,
        all_of(MAIN_AS_IT_IS_NOW, ANY_PLAN),
        layers=(MAIN_AS_IT_IS_NOW, ANY_PLAN),
    ),
    Attack(20, "benchmark of his own", runs_his_own_benchmark, ANY_BENCHMARK),
    Attack(20, "another commit of the benchmark", runs_another_commit, ANY_BENCHMARK),
    Attack(
        24,
        "fork that is rerun by itself",
        spends_the_money,
        instead("evalmark.cli.ci.rerun._refuse_forks", nothing),
        slow=True,
    ),
    Attack(
        25,
        "grader that is not named",
        grader_goes_unnamed,
        instead("evalmark.report.markdown.graded_by", lambda _run: ""),
    ),
]
