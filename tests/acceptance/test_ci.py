"""`evalmark ci` on a real pull request of a GitHub on this machine, with a real rerun: what its reader gets."""

import json
from collections.abc import Callable, Iterator

import pytest

from evalmark.localhub import LocalHub, RepoId
from tests.acceptance.action_world import BENCHMARK, READ, RESULTS, WRITE, ActionWorld, Step, entry
from tests.acceptance.conftest import World, adder
from tests.github.fake import FakeGitHub
from tests.provider import Answer, Provider

WRONG = frozenset({1, 3})


@pytest.fixture
def action(world: World, provide: Callable[[Answer], Provider]) -> Iterator[ActionWorld]:
    """The adder scores 75 %, with tools and without."""
    with (world.benchmark / ".evalmark.toml").open("a") as declaration:
        declaration.write('[variants."With tools"]\n')
    with FakeGitHub() as github, LocalHub({RepoId("datasets", BENCHMARK): world.benchmark}) as hub:
        yield ActionWorld(world, github, hub, provide(adder(WRONG)))


# ── the whole way ───────────────────────────────────────────────────────────────────────────


def test_verify__a_true_and_a_false_claim_become_one_comment_and_a_status(action: ActionWorld) -> None:
    action.propose({RESULTS: (entry("75.0") + entry("95.0", more="  notes: With tools\n")).encode()})

    rerun, report = action.verify()

    assert rerun.code == 0, rerun.log
    assert report.code == 1, report.log
    (comment,) = action.comments
    assert comment.startswith(f"<!-- evalmark:sticky:v1:default sha={action.head} run=100 attempt=1 -->\n")
    assert "### evalmark: 1 mismatch, 1 verified" in comment
    assert "<code>−20.0</code>" in comment
    (status,) = action.repo.statuses[action.head]
    assert (status.context, status.state) == ("evalmark / verify", "failure")
    assert status.description == "1 mismatch, 1 verified (16 samples)"
    assert report.outputs["verdict"] == "mismatch"
    assert json.loads(report.outputs["counts"]) == {"mismatch": 1, "verified": 1}
    assert report.outputs["head-sha"] == action.head
    assert (report.outputs["entries"], report.outputs["exit-code"]) == ("2", "1")
    assert report.outputs["comment-url"].endswith(report.outputs["comment-id"])
    assert "1 mismatch, 1 verified" in report.summary


def test_verify__nothing_claimed_anew_says_nothing(action: ActionWorld) -> None:
    action.propose({"README.md": b"better words"}, {RESULTS: entry("75.0").encode()})
    rerun, report = action.verify()

    assert (rerun.code, report.code) == (0, 0)
    assert action.comments == []
    assert report.outputs["verdict"] == "none"
    assert action.provider.seen == []


@pytest.mark.slow
def test_verify__a_fork_is_rerun_by_hand(action: ActionWorld) -> None:
    action.propose({RESULTS: entry("75.0").encode()}, fork="mallory/adder")
    rerun, report = action.verify()

    assert (rerun.code, report.code) == (0, 0), rerun.log + report.log
    assert "1 verified" in action.comments[0]
    assert action.repo.statuses[action.head][0].description == "1 verified (8 samples)"


@pytest.mark.slow
def test_auto__with_a_model_does_both_in_one_job(action: ActionWorld) -> None:
    action.claim("75.0")
    step = action.step("auto", action.model_inputs(), WRITE)

    assert step.code == 0, step.log
    assert "1 verified" in action.comments[0]
    assert action.head not in action.repo.statuses  # the job itself is a check of that commit


def test_auto__a_fork_is_refused(action: ActionWorld) -> None:
    action.propose({RESULTS: entry("75.0").encode()}, fork="mallory/adder")
    step = action.step("auto", action.model_inputs(), WRITE)

    assert step.code == 4
    assert "::error title=evalmark::a pull request from a fork is not rerun by itself" in step.log
    assert action.provider.seen == []


def test_auto__without_a_model_validates(action: ActionWorld) -> None:
    action.claim("75.0")
    step = action.step("auto")

    assert (step.code, step.outputs["entries"]) == (0, "1"), step.log


@pytest.mark.slow
def test_budget__too_small_is_announced_and_leaves_the_verdict_open(action: ActionWorld) -> None:
    action.claim("75.0")
    rerun, report = action.verify(samples="2")

    assert "the budget allows 2 samples" in rerun.log
    assert len(action.provider.seen) == 2
    assert report.outputs["verdict"] == "inconclusive"
    assert "2 of 8" in action.comments[0]
    assert action.repo.statuses[action.head][0].description.startswith("not all verified: 1 inconclusive")


def test_benchmarks__one_that_is_not_allowed_does_not_run(action: ActionWorld) -> None:
    action.claim("75.0")
    rerun, report = action.verify(benchmarks="")

    assert rerun.code == 0
    assert action.provider.seen == []
    assert report.outputs["verdict"] == "not-rerunnable"
    assert "add a line to &#96;benchmarks&#96; in the workflow: acme/sums" in action.comments[0]


# ── validate ────────────────────────────────────────────────────────────────────────────────


def test_validate__tells_what_is_wrong_at_its_line_and_writes_nothing(action: ActionWorld) -> None:
    action.claim("'75 %'")
    step = action.step("validate")

    assert step.code == 1
    assert "::error file=.eval_results/sums.yaml,line=4,col=10,title=value-not-a-number::" in step.log
    assert "1 file with errors" in step.summary
    assert step.outputs["verdict"] == "invalid"
    assert all(method == "GET" for method, _, _ in action.github.requests)


def test_validate__looks_the_benchmark_up(action: ActionWorld) -> None:
    action.propose({RESULTS: entry("75.0", task="summs").encode()})
    step = action.step("validate")

    assert step.code == 1
    assert "title=task-exists::" in step.log
    assert "sums" in step.log


def test_validate__rules_are_chosen_in_the_base_and_not_by_the_pull_request(action: ActionWorld) -> None:
    ignore = b'[check]\nignore = ["value-implausible"]\n'
    strict = b"[check]\nstrict = true\n"
    action.propose({RESULTS: entry("5700.0").encode(), ".evalmark.toml": ignore}, {".evalmark.toml": strict})
    step = action.step("validate", {"online": "false"})

    assert step.code == 1
    assert "title=value-implausible::" in step.log


def test_validate__never_imports_the_engine(action: ActionWorld) -> None:
    action.claim("75.0")
    step = action.step("validate", PYTHONPROFILEIMPORTTIME="1")

    assert step.code == 0
    assert "huggingface_hub" in step.log
    assert "inspect_ai" not in step.log


# ── what the host may do ────────────────────────────────────────────────────────────────────


def report_alone(action: ActionWorld, rights: tuple[str, ...] = WRITE, **inputs: str) -> Step:
    """The job that judges, after a rerun that has left nothing."""
    return action.step("report", action.by_hand(**inputs), rights, action.on_dispatch())


@pytest.fixture
def claimed(action: ActionWorld) -> ActionWorld:
    """A pull request with one claim."""
    action.claim("75.0")
    return action


def test_report__of_a_rerun_that_left_nothing_says_so_and_never_imports_the_engine(claimed: ActionWorld) -> None:
    step = claimed.step("report", claimed.by_hand(), WRITE, claimed.on_dispatch(), PYTHONPROFILEIMPORTTIME="1")

    assert (step.code, step.outputs["verdict"]) == (3, "error")
    assert "handed nothing over" in claimed.comments[0]
    assert claimed.repo.statuses[claimed.head][0].state == "error"
    assert "inspect_ai" not in step.log


def test_report__with_a_token_that_may_only_read_ends_by_the_verdict(claimed: ActionWorld) -> None:
    step = report_alone(claimed, READ, fail_on="never")

    assert step.code == 0
    assert claimed.comments == []
    assert "no comment: this run may only read" in step.log
    assert "pull-requests: write" in step.log
    assert "handed nothing over" in step.summary


def test_report__that_must_be_seen_fails_without_the_right(claimed: ActionWorld) -> None:
    step = report_alone(claimed, READ, fail_on="never", comment="always")

    assert step.code == 3
    assert "::error title=evalmark::" in step.log


def test_report__a_comment_that_was_stored_under_a_502_is_not_written_twice(claimed: ActionWorld) -> None:
    claimed.github.fail("POST", "/comments", status=502, after_storing=True)
    report_alone(claimed)

    assert len(claimed.comments) == 1


def test_report__waits_as_long_as_it_is_told(claimed: ActionWorld) -> None:
    claimed.github.fail("POST", "/comments", status=429, headers={"retry-after": "1"})
    report_alone(claimed)

    assert len(claimed.comments) == 1


def test_report__twice_updates_its_comment_among_many(claimed: ActionWorld) -> None:
    for number in range(250):
        claimed.repo.add_comment(claimed.number, "ada", f"comment {number}")
    report_alone(claimed)
    claimed.run_id += 1
    report_alone(claimed)

    ours = [body for body in claimed.comments if body.startswith("<!-- evalmark")]
    assert len(ours) == 1
    assert "run=101" in ours[0]


def test_report__a_marker_that_somebody_posted_is_left_alone(claimed: ActionWorld) -> None:
    spoof = f"<!-- evalmark:sticky:v1:default sha={claimed.head} run=999 attempt=1 -->\n### evalmark: 1 verified"
    claimed.repo.add_comment(claimed.number, "mallory", spoof)
    report_alone(claimed)

    assert claimed.comments[0] == spoof
    assert "1 error" in claimed.comments[1]


def test_report__an_older_run_overwrites_nothing(claimed: ActionWorld) -> None:
    report_alone(claimed)
    claimed.run_id -= 1
    step = report_alone(claimed)

    assert "run=100" in claimed.comments[0]
    assert "a later run has already said more" in step.log


def test_report__of_a_head_that_has_moved_says_so_and_judges_only_the_old(claimed: ActionWorld) -> None:
    newer = claimed.repo.commit({RESULTS: entry("99.0").encode()}, parent=claimed.head)
    claimed.repo.move_head(claimed.number, newer)
    report_alone(claimed)

    assert "<b>Superseded</b>" in claimed.comments[0]
    assert "99.0" not in claimed.comments[0]
    assert newer not in claimed.repo.statuses


def test_rerun__of_a_head_that_has_moved_is_refused(claimed: ActionWorld) -> None:
    claimed.repo.move_head(claimed.number, claimed.repo.commit({"a": b""}, parent=claimed.head))
    step = claimed.step("rerun", claimed.by_hand(), READ, claimed.on_dispatch())

    assert step.code == 4
    assert "has moved on" in step.log
    assert claimed.provider.seen == []


@pytest.mark.parametrize(("mode", "never"), [("validate", "online"), ("report", "annotations")])
def test_inputs__a_wrong_one_is_told_before_anything_is_asked(claimed: ActionWorld, mode: str, never: str) -> None:
    step = claimed.step(mode, {never: "perhaps"})

    assert step.code == 2
    assert f"::error title=evalmark::the input `{never}: perhaps`" in step.log
    assert "true, false" in step.log
    assert step.outputs["exit-code"] == "2"
    assert claimed.github.requests == []
