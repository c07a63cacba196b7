"""Which log is evidence for which claim."""

from typing import Any

import pytest

from evalmark.errors import CouldNotFinish, Interrupted, UsageProblem
from evalmark.facts import BenchmarkMissing
from evalmark.flows.evidence import OWN_SOURCE, Evidence, gather, wanted_by
from evalmark.logged import Logged, LogsRead, Unreadable
from evalmark.plan.claims import Claim
from tests.builders import DATASET_SHA, claim, eval_yaml, found, ref, task_text
from tests.fakes import FakeLogs
from tests.logs import keys, logged, ones, wanted

SECOND = task_text("second", scorers="{name: includes}")
BOTH = {ref(): found(eval_yaml(task_text(), SECOND), declaration='unit = "percent"\n')}


def read(*logs: Logged | Unreadable) -> LogsRead:
    return LogsRead(logs=logs, sample_sets={wanted().task: keys()})


def gathered(*claims: Claim, logs: FakeLogs, source: str = "logs") -> list[Evidence]:
    some = gather(claims, BOTH, logs, source)
    assert None not in some
    return [evidence for evidence in some if evidence is not None]


def test_gather__reads_a_place_once_for_all_claims() -> None:
    logs = FakeLogs({"logs": read(logged())})

    first, second = gathered(claim("57.0"), claim("67.0"), logs=logs)

    assert (first.says.state, second.says.state) == ("consistent", "contradicts")
    assert logs.asked == [("logs", (wanted(),))]
    assert first.logged is not None
    assert len(first.scores) == 100


def test_gather__picks_the_log_that_is_about_the_claim() -> None:
    other = logged(file="a.eval", model="hf/acme/other")
    broken = Unreadable(file="b.eval", reason="it is empty", advice="copy it again")

    (evidence,) = gathered(claim(), logs=FakeLogs({"logs": read(other, broken, logged(file="c.eval"))}))

    assert (evidence.says.file, evidence.says.state, evidence.says.others) == ("c.eval", "consistent", 0)


def test_gather__tells_logs_of_the_same_task_that_say_otherwise() -> None:
    lower = logged(ones(40), file="a.eval")

    (evidence,) = gathered(claim(), logs=FakeLogs({"logs": read(lower, logged(file="b.eval"))}))

    assert (evidence.says.file, evidence.says.others) == ("b.eval", 1)
    assert evidence.says.reason.endswith("; 1 other logs of the same task contradict it")


def test_gather__of_two_contradictions_one_is_enough() -> None:
    logs = FakeLogs({"logs": read(logged(ones(40)), logged(ones(41)))})

    (evidence,) = gathered(claim(), logs=logs)

    assert (evidence.says.state, evidence.says.others) == ("contradicts", 1)
    assert "other logs" not in evidence.says.reason


def test_gather__says_when_no_log_can_be_used() -> None:
    broken = Unreadable(file="b.eval", reason="it is empty", advice="copy it again")
    logs = FakeLogs({"logs": read(broken, logged(model="hf/acme/other"))})

    (evidence,) = gathered(claim(), logs=logs)

    assert evidence.says.state == "unusable"
    assert evidence.says.reason.startswith(
        "none of the 2 logs can be used for the claim; the nearest is run.eval, but "
    )
    assert evidence.scores == {}


def test_gather__says_why_a_single_log_cannot_be_read() -> None:
    logs = FakeLogs({"logs": read(Unreadable(file="b.eval", reason="it is empty", advice="copy it again"))})

    (evidence,) = gathered(claim(), logs=logs)

    assert evidence.says.reason == "the log b.eval was not read: it is empty"


def test_gather__claims_of_no_inspect_task_have_no_evidence() -> None:
    missing = BenchmarkMissing("no such dataset", "check its name", surely=True)
    agents = found(eval_yaml(framework="swe-bench"))
    logs = FakeLogs()

    assert gather((claim(),), {ref(): missing}, logs, "logs") == (None,)
    assert gather((claim(),), {ref(): agents}, logs, "logs") == (None,)
    assert gather((claim(task_id="absent"),), BOTH, logs, "logs") == (None,)
    assert gather((claim(),), {ref(): found("tasks: 1")}, logs, "logs") == (None,)
    assert logs.asked == []


def test_gather__a_place_that_was_given_must_be_one() -> None:
    with pytest.raises(UsageProblem):
        gather((claim(),), BOTH, FakeLogs(), "logs")


# ── the claims' own sources ─────────────────────────────────────────────────────────────────


def test_own_source__is_followed_for_each_claim_that_has_one() -> None:
    logs = FakeLogs({"https://hub/a": read(logged())})

    some = gather((claim(source_url="https://hub/a"), claim()), BOTH, logs, OWN_SOURCE)

    assert [None if evidence is None else evidence.says.state for evidence in some] == ["consistent", None]
    assert [place for place, _ in logs.asked] == ["https://hub/a"]


def test_own_source__that_leads_nowhere_is_told() -> None:
    logs = FakeLogs(trouble=CouldNotFinish("the Hub does not answer", "try again"))

    some = gather((claim(source_url="https://hub/a"),), BOTH, logs, OWN_SOURCE)

    assert some[0] is not None
    assert (some[0].says.state, some[0].says.advice) == ("unusable", "try again")
    assert "the Hub does not answer" in some[0].says.reason


def test_own_source__ctrl_c_ends_it() -> None:
    logs = FakeLogs(trouble=Interrupted("stopped", "start again"))

    with pytest.raises(Interrupted):
        gather((claim(source_url="https://hub/a"),), BOTH, logs, OWN_SOURCE)


# ── what a log is held against ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        pytest.param({}, {}, id="plain"),
        pytest.param(
            {"more": "epochs: 4\n    epoch_reducer: max", "scorers": "{name: f1}"},
            {"epochs": 4, "reducer": "max", "scorer": "f1"},
            id="epochs",
        ),
        pytest.param(
            {"solvers": "{name: multiple_choice}", "scorers": "{name: choice}"},
            {"scorer": "choice", "multiple_correct": False},
            id="choice",
        ),
        pytest.param(
            {"solvers": "{name: multiple_choice, args: {multiple_correct: true}}", "scorers": "{name: choice}"},
            {"scorer": "choice", "multiple_correct": True},
            id="several right choices",
        ),
    ],
)
def test_wanted_by__is_what_the_task_says(task: dict[str, Any], expected: dict[str, Any]) -> None:
    assert wanted_by(claim(), found(eval_yaml(task_text(**task)))) == wanted(**expected)


@pytest.mark.parametrize(
    ("task", "loaded", "not_rescored"),
    [
        pytest.param({"scorers": "{name: model_graded_qa}"}, True, "its scorer is a model", id="judged"),
        pytest.param(
            {"scorers": "{name: model_graded_qa, args: {template: /etc/passwd}}"},
            False,
            "its scorer is a model",
            id="judged, by a template that is a file",
        ),
        pytest.param(
            {"solvers": "{name: system_message, args: {template: /etc/passwd}}, {name: generate}"},
            False,
            "refused for safety: `template` of `system_message` looks like a file or an address, which Inspect would "
            "open and put into the prompt",
            id="a file in a prompt",
        ),
    ],
)
def test_wanted_by__what_must_not_be_run(task: dict[str, Any], loaded: bool, not_rescored: str) -> None:
    asked = wanted_by(claim(), found(eval_yaml(task_text(**task))))

    assert asked is not None
    assert (asked.not_loaded == "", asked.not_rescored) == (loaded, not_rescored)
    assert asked.task == f"hf/acme/sums/sums@{DATASET_SHA}"
