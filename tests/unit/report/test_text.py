import re
import unicodedata

import pytest
from hypothesis import given

from evalmark.finding import Finding, Place, Severity
from evalmark.plan.identity import Identity
from evalmark.plan.making import Limits
from evalmark.report.findings_text import findings_as_text
from evalmark.report.text import plan_as_text, verdicts_as_text
from evalmark.verdict import Answer
from tests.builders import NUMBERS, claim, job, model_run, plan, run_record, verdict
from tests.unit.report.hostile import hostile, verdict_with

PART = {
    **NUMBERS,
    "measured": 57.0,
    "difference": 0.0,
    "interval": (52.1, 61.8),
    "difference_interval": (-4.9, 4.8),
    "samples_used": 400,
    "samples_total": 2000,
}
GOLDEN = f"""\
VERDICT            BENCHMARK · TASK       CLAIMED   RERUN                 DIFFERENCE          SAMPLES
✘ mismatch         acme/sums · sums       57.0 %    47.0 %                −10.0               100 of 100
✔ verified         acme/sums · products   57.00 %   57.0 % [52.1, 61.8]   +0.0 [−4.9, +4.8]   400 of 2000
– not-rerunnable   acme/sums · zebra      0.57

.eval_results/sums.yaml:4: mismatch: the rerun is 10.0 points lower than claimed
    run it again

.eval_results/sums.yaml:9: verified: the rerun is within ±5.0 points of the claim
    identity not proved: served as x

.eval_results/sums.yaml:14: not-rerunnable: no task `zebra`
    name a task
    it said: what the engine said

ran hf/acme/sums/sums@{"b" * 40}
on  hf/acme/model (aaaaaaaaaaaa), inspect-ai 0.3.285, 12 s

ran hf/acme/sums/products@{"b" * 40}
on  x (unknown), inspect-ai ?, 12 s
as  With tools
graded by openai/x
several samples share one `story`: the score says little about new ones
log logs/a.eval
log logs/b.eval
log logs/c.eval
    and 2 more logs beside it

1 mismatch, 1 not-rerunnable, 1 verified.
"""
SERVED = run_record(
    model="x",
    model_revision="unknown",
    identity=Identity(proved=False, statement="identity not proved: served as x"),
    task=f"hf/acme/sums/products@{'b' * 40}",
    versions={},
    variant="With tools",
    grader="openai/x",
    clusters="story",
    logs=[{"path": f"logs/{name}.eval", "sha256": "d" * 64} for name in "abcde"],
)
THREE = (
    verdict(reason="the rerun is 10.0 points lower than claimed", advice="run it again"),
    verdict(
        Answer.VERIFIED,
        PART,
        claim=claim("57.00", task_id="products", line=9),
        run=SERVED,
        reason="the rerun is within ±5.0 points of the claim",
    ),
    verdict(
        Answer.NOT_RERUNNABLE,
        None,
        claim=claim("0.57", task_id="zebra", line=14),
        reason="no task `zebra`",
        advice="name a task",
        detail="what the engine said",
    ),
)


def test_verdicts_as_text__reads_as_a_table_and_reasons() -> None:
    assert verdicts_as_text(THREE, colour=False) == GOLDEN


def test_verdicts_as_text__colours_change_nothing_else() -> None:
    coloured = verdicts_as_text(THREE, colour=True)

    assert re.sub(r"\x1b\[\d*m", "", coloured) == GOLDEN


@pytest.mark.parametrize(
    ("answer", "colour"),
    [
        (Answer.MISMATCH, "31"),
        (Answer.ERROR, "31"),
        (Answer.INCONCLUSIVE, "33"),
        (Answer.NOT_RERUNNABLE, "2"),
        (Answer.VERIFIED, "32"),
    ],
)
def test_verdicts_as_text__every_verdict_has_its_colour(answer: Answer, colour: str) -> None:
    row = verdicts_as_text([verdict(answer)], colour=True).splitlines()[1]

    assert re.fullmatch(rf"\x1b\[{colour}m[^\x1b]*\x1b\[0m", row)


def test_verdicts_as_text__fractions_have_three_decimals_and_no_percent_sign() -> None:
    numbers = {**NUMBERS, "unit": "fraction", "measured": 0.47, "difference": -0.1}
    numbers |= {"interval": (0.4, 0.54), "difference_interval": (-0.17, -0.03)}

    row = verdicts_as_text([verdict(numbers=numbers, claim=claim("0.570"))], colour=False).splitlines()[1]

    assert re.split(r" {3,}", row)[2:5] == ["0.570", "0.470 [0.400, 0.540]", "−0.100 [−0.170, −0.030]"]


def test_verdicts_as_text__names_each_run_once() -> None:
    assert verdicts_as_text([verdict(), verdict()], colour=False).count("\nran ") == 1


def test_verdicts_as_text__without_claims() -> None:
    assert verdicts_as_text([], colour=False).endswith("\nno claims.\n")


def test_verdicts_as_text__a_number_of_a_thousand_digits_leaves_the_table_readable() -> None:
    long = claim("0." + "0" * 1000 + "1")

    table = verdicts_as_text([verdict(claim=long)], colour=False).splitlines()[:2]

    assert max(map(len, table)) < 400


@given(hostile)
def test_verdicts_as_text__foreign_text_stays_on_its_line_and_does_not_steer_the_terminal(foreign: str) -> None:
    text = verdicts_as_text([verdict_with(foreign)], colour=False)

    assert len(text.splitlines()) == len(verdicts_as_text([verdict_with("harmless")], colour=False).splitlines())
    assert {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs"}} == {"\n"}


# ── the plan ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("samples", "epochs", "claims", "expected"),
    [
        pytest.param(None, 1, (0,), "until it is decided, for 1 claim", id="all"),
        pytest.param(50, 1, (0,), "at most 50 samples, for 1 claim", id="a-part"),
        pytest.param(None, 4, (0, 1), "until it is decided, 4 epochs each, for 2 claims", id="epochs-and-two-claims"),
    ],
)
def test_plan_as_text__says_what_is_run(
    samples: int | None, epochs: int, claims: tuple[int, ...], expected: str
) -> None:
    this_plan = plan(claim(), claim(), jobs=[job(epochs=epochs, claims=claims)], limits=Limits(samples=samples))

    assert plan_as_text(this_plan) == (
        "plan: 2 claims, 1 rerun, 0 not rerun\n"
        f"    hf/acme/sums/sums@{'b' * 40}: {expected}\n"
        f"    on hf/acme/model: the weights of acme/model at {'a' * 40}\n"
    )


def test_plan_as_text__without_a_job_names_no_model() -> None:
    assert plan_as_text(plan()) == "plan: 0 claims, 0 reruns, 0 not rerun\n"


@given(hostile)
def test_plan_as_text__foreign_text_stays_on_its_line(foreign: str) -> None:
    model = model_run(identity=Identity(proved=False, statement="s")).model_copy(update={"spec": foreign})
    this_job = job().model_copy(update={"task": foreign})

    text = plan_as_text(plan(claim(), jobs=[job()]).model_copy(update={"jobs": (this_job,), "model": model}))

    assert len(text.splitlines()) == 3


# ── findings ────────────────────────────────────────────────────────────────────────────────

WHERE = Place("a.yaml", 3, 14, "[0].dataset.task_id")


def finding(severity: Severity = Severity.ERROR, place: Place = WHERE, help_: str = "write it right") -> Finding:
    return Finding("task-exists", severity, place, "no such task", help_)


@pytest.mark.parametrize(
    ("place", "help_", "second"),
    [
        pytest.param(WHERE, "write it right", "    write it right ([0].dataset.task_id)\n", id="help-and-pointer"),
        pytest.param(Place("a.yaml", 3, 14), "write it right", "    write it right\n", id="help-alone"),
        pytest.param(Place("a.yaml", 3, 14), "", "", id="neither"),
    ],
)
def test_findings_as_text__one_line_and_what_to_do(place: Place, help_: str, second: str) -> None:
    text = findings_as_text([finding(place=place, help_=help_)], colour=False)

    assert text == f"a.yaml:3:14: error task-exists no such task\n{second}"


def test_findings_as_text__root_goes_before_the_path() -> None:
    assert findings_as_text([finding()], root="model/", colour=False).startswith("model/a.yaml:3:14: ")


@pytest.mark.parametrize(
    ("severity", "colour"), [(Severity.ERROR, "31"), (Severity.WARNING, "33"), (Severity.INFO, "2")]
)
def test_findings_as_text__colours_only_the_severity(severity: Severity, colour: str) -> None:
    text = findings_as_text([finding(severity)], colour=True)

    assert text.startswith(f"a.yaml:3:14: \x1b[{colour}m{severity}\x1b[0m task-exists ")
    assert text.count("\x1b") == 2


def test_findings_as_text__none() -> None:
    assert findings_as_text([], colour=True) == ""


@given(hostile)
def test_findings_as_text__foreign_text_stays_on_its_line(foreign: str) -> None:
    text = findings_as_text(
        [Finding("rule", Severity.ERROR, Place(foreign, 1, 1, foreign), foreign, foreign)], colour=False
    )

    assert len(text.splitlines()) == 2


@pytest.mark.parametrize(("samples", "warned"), [(49, True), (50, False), (None, False)])
def test_plan_as_text__says_beforehand_what_decides_nothing(samples: int | None, warned: bool) -> None:
    text = plan_as_text(plan(claim(), jobs=[job()], limits=Limits(samples=samples)))

    assert ("fewer than 50 samples decide nothing" in text) is warned


@pytest.mark.parametrize(
    ("p_values", "told"),
    [
        pytest.param([0.04], False, id="one-alone"),
        pytest.param([0.01, 0.01], False, id="both-stand"),
        pytest.param([0.01, 0.06], True, id="one-of-two-stands"),
    ],
)
def test_text__says_if_mismatches_do_not_stand_together(p_values: list[float], told: bool) -> None:
    verdicts = [verdict(Answer.MISMATCH, {**NUMBERS, "p_value": p_value}) for p_value in p_values]

    text = verdicts_as_text(verdicts, colour=False)

    assert ("Looked at together, 1 of the 2 mismatches stand (Holm, 5 %)." in text) == told
