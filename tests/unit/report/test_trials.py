"""A trial run in words, and the request for the shortlist."""

from dataclasses import replace

import pytest

from evalmark.authoring.eval_yaml import Draft
from evalmark.authoring.transcript import Transcript
from evalmark.finding import Finding, Place, Severity
from evalmark.outcome import Measured, SampleOutcome
from evalmark.plan.cost import Cost, cost, measured_tokens
from evalmark.report.shortlist import MISSING, Request, Tried, body, checked, title, tried_in_words
from evalmark.report.trials import NONE_RIGHT, cost_as_text, request_as_text, trial_as_text

DRAFT = Draft("ada/sums", "Sums", "Adds two numbers.", "sums", "default", "test", "question", "answer", "match")
MEASURED = Measured(
    total=1000,
    samples=(SampleOutcome(key="0" * 64, score=1.0),),
    scorer="match",
    epochs=1,
    reducer="mean",
    input_tokens=20,
    output_tokens=6,
)


def finding(severity: Severity) -> Finding:
    return Finding("rule", severity, Place("eval.yaml"), "message")


def test_trial_as_text__prompt_answer_target_score() -> None:
    told = trial_as_text(MEASURED, [Transcript("1 + 1?", "\x1b[2J2", "2", 1.0)], "mock/m", colour=False)

    assert told.splitlines() == [
        "1 of 1,000 samples with mock/m:",
        "",
        "1  prompt  1 + 1?",
        "   answer  [2J2",
        "   target  2",
        "   score   1",
        "",
        "1 of 1 right",
    ]


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        (Transcript("q", "", "2", 0.0), "answer  (nothing)"),
        (Transcript("q", "a", "2", None, "too slow"), "no score: too slow"),
        (Transcript("q", "a", "2", None), "no score: the scorer gave none"),
        (Transcript("x" * 500 + "end", "a", "2", 1.0), f"{'x' * 150} … {'x' * 147}end"),
    ],
)
def test_trial_as_text__odd_samples(sample: Transcript, said: str) -> None:
    assert said in trial_as_text(MEASURED, [sample], "mock/m", colour=False)


def test_trial_as_text__if_none_is_right_it_may_be_the_scoring() -> None:
    samples = [Transcript("q", "a", "2", 0.0)]

    assert NONE_RIGHT in trial_as_text(MEASURED, samples, "mock/m", colour=False)
    assert "\x1b[31m0" in trial_as_text(MEASURED, samples, "mock/m", colour=True)


def test_cost_as_text() -> None:
    told = cost_as_text(cost(1000, measured_tokens(20, 6, 1), None), MEASURED)

    assert "all 1,000 samples takes about 20,000 tokens in and 6,000 out" in told
    assert "tokens_per_sample = {input = 20, output = 6}" in told
    assert cost_as_text(Cost(1, None, None, None), MEASURED) == ""


def test_request__says_what_is_known_and_what_is_to_be_filled_in() -> None:
    request = Request(DRAFT, ())

    assert title(request) == "Request: add ada/sums to the benchmark shortlist"
    told = body(request)
    assert f"- Samples: {MISSING}" in told
    assert f"- Licence: {MISSING}" in told
    assert "nothing to mend" in told
    assert "Trial run" not in told


def test_request__filled_in() -> None:
    judged = replace(DRAFT, scorer="model_graded_fact", judge="openai/x-2024-08-06", description="One\nline `x`")
    told = body(Request(judged, (), 1000, "mit", "ada@example.org", "https://example.org", Tried("mock/m", 5, 2.5, 1)))

    assert MISSING in told.partition("Results of open models")[2].splitlines()[0]
    assert told.count(MISSING) == 1
    assert "- What it measures: One line `x`" in told
    assert "`model_graded_fact` with the judge `openai/x-2024-08-06`" in told
    assert "Trial run: 5 samples with `mock/m`, 2.5 right, 1 failed." in told


def test_request__multiple_choice() -> None:
    assert "`multiple_choice`, `choice`" in body(Request(replace(DRAFT, scorer="choice", choices="options"), ()))


@pytest.mark.parametrize(
    ("severities", "said"),
    [
        ([], "nothing to mend"),
        ([Severity.INFO], "1 remark"),
        ([Severity.ERROR, Severity.WARNING, Severity.WARNING], "1 error, 2 warnings"),
    ],
)
def test_checked(severities: list[Severity], said: str) -> None:
    assert checked(tuple(map(finding, severities))) == said


def test_tried_in_words__without_failures() -> None:
    assert tried_in_words(Tried("a/`b", 5, 3)) == "5 samples with `a/'b`, 3 right"


def test_request_as_text__how_to_push_and_where_to_paste() -> None:
    told = request_as_text(Request(DRAFT, ()), "sums")

    assert "    hf upload ada/sums sums . --repo-type dataset\n" in told
    assert "github.com/huggingface/hub-docs/issues/new" in told
    assert body(Request(DRAFT, ())) in told
