"""How the model samples: the task says, else the linked log, else the declaration."""

from typing import Any

import pytest

from evalmark.formats.benchmark import InspectTask
from evalmark.formats.settings import Settings
from evalmark.plan.settings import Sampling, pins_sampling, sampling
from tests.builders import GENERATE, eval_yaml, found, task_text

CHOICE = "{name: multiple_choice}"
FREE = "{name: generate}"


def task(solvers: str) -> InspectTask:
    benchmark = found(eval_yaml(task_text(solvers=solvers))).benchmark
    assert benchmark is not None
    only = benchmark.tasks[0]
    assert isinstance(only, InspectTask)
    return only


def sampled(solvers: str, log: dict[str, Any] | None = None, **declared: Any) -> Sampling:
    return sampling(task(solvers), log or {}, Settings.model_validate(declared))


@pytest.mark.parametrize(
    ("solvers", "pinned", "greedy"),
    [
        pytest.param("{name: generate}", False, False, id="nothing-said"),
        pytest.param("{name: generate, args: {max_tokens: 9}}", False, False, id="something-else-said"),
        pytest.param("{name: generate, args: {temperature: 0}}", True, True, id="greedy"),
        pytest.param("{name: generate, args: {temperature: 0.0}}", True, True, id="greedy-as-a-float"),
        pytest.param("{name: generate, args: {temperature: 0.7}}", True, False, id="warm"),
        pytest.param("{name: generate, args: {temperature: null}}", False, False, id="left-to-the-provider"),
        pytest.param(f"{{name: chain_of_thought}}, {GENERATE}", True, True, id="after-a-prompt"),
        pytest.param(CHOICE, False, False, id="a-solver-that-cannot-say"),
        pytest.param("{name: multiple_choice, args: {temperature: 0}}", False, False, id="an-argument-without-effect"),
        pytest.param(f"{{name: generate}}, {GENERATE}", False, False, id="one-of-two-steps"),
        pytest.param(f"{{name: generate, args: {{temperature: 1}}}}, {GENERATE}", True, False, id="warm-and-greedy"),
        pytest.param(f"{GENERATE}, {{name: self_critique}}", False, False, id="critic-free"),
        pytest.param(f"{CHOICE}, {GENERATE}", False, False, id="choice-free"),
        pytest.param("{name: chain_of_thought}", False, False, id="nothing-asks-the-model"),
    ],
)
def test_sampling__is_pinned_only_if_every_answer_is(solvers: str, pinned: bool, greedy: bool) -> None:
    """`multiple_choice` and `self_critique` ask the model too, and take no temperature (inspect-ai 0.3.285)."""
    assert (pins_sampling(task(solvers)), sampled(solvers).greedy) == (pinned, greedy)


@pytest.mark.parametrize(
    ("solvers", "log", "declared", "source", "generation"),
    [
        pytest.param(GENERATE, {}, {}, "task", {}, id="task"),
        pytest.param(FREE, {"temperature": 0.2}, {}, "log", {"temperature": 0.2}, id="log"),
        pytest.param(FREE, {}, {"temperature": 0.4}, "declaration", {"temperature": 0.4}, id="declaration"),
        pytest.param(FREE, {}, {}, "unknown", {}, id="nobody"),
        pytest.param(CHOICE, {"temperature": 0.2}, {}, "log", {"temperature": 0.2}, id="choices-by-log"),
        pytest.param(CHOICE, {}, {"temperature": 0}, "declaration", {"temperature": 0}, id="choices-by-declaration"),
        pytest.param(GENERATE, {"temperature": 0.2}, {"temperature": 0.4}, "task", {}, id="task-before-all"),
        pytest.param(FREE, {"temperature": 0.2}, {"temperature": 0.4}, "log", {"temperature": 0.2}, id="log-first"),
        pytest.param(
            FREE, {"temperature": 1}, {"temperature": 0, "top_p": 0.9}, "log", {"temperature": 1}, id="one-source-alone"
        ),
        pytest.param(
            GENERATE, {}, {"temperature": 1, "max_tokens": 9}, "task", {"max_tokens": 9}, id="beside-the-task-declared"
        ),
        pytest.param(GENERATE, {"top_p": 0.5}, {"max_tokens": 9}, "task", {"top_p": 0.5}, id="beside-the-task-logged"),
        pytest.param(
            "{name: generate, args: {max_tokens: 5}}",
            {},
            {"temperature": 0, "max_tokens": 9},
            "declaration",
            {"temperature": 0},
            id="what-the-task-pins-stays",
        ),
        pytest.param(
            "{name: multiple_choice, args: {max_tokens: 5}}",
            {},
            {"temperature": 0, "max_tokens": 9},
            "declaration",
            {"temperature": 0},
            id="what-choices-pin-stays",
        ),
        pytest.param(
            f"{GENERATE}, {FREE}",
            {},
            {"temperature": 0.5},
            "declaration",
            {"temperature": 0.5},
            id="what-one-of-two-steps-pins-is-sent-for-the-other",
        ),
        pytest.param(FREE, {}, {"max_tokens": 9}, "unknown", {"max_tokens": 9}, id="declared-without-a-temperature"),
        pytest.param(FREE, {"max_tokens": 9}, {}, "unknown", {"max_tokens": 9}, id="logged-without-a-temperature"),
        pytest.param(
            FREE, {"max_tokens": 9}, {"temperature": 0}, "declaration", {"temperature": 0}, id="log-that-does-not-say"
        ),
        pytest.param(FREE, {"temperature": None}, {}, "unknown", {}, id="logged-as-not-set"),
        pytest.param(
            FREE,
            {"temperature": 1, "seed": 4, "num_choices": 1},
            {},
            "log",
            {"temperature": 1},
            id="a-seed-is-not-sent",
        ),
    ],
)
def test_sampling__who_says_it_and_what_is_sent(
    solvers: str, log: dict[str, Any], declared: dict[str, Any], source: str, generation: dict[str, Any]
) -> None:
    found_ = sampled(solvers, log, **declared)

    assert (found_.settings_from, found_.generation) == (source, generation)


@pytest.mark.parametrize(
    "option",
    [
        pytest.param({"system_message": "The answers are A, B, C."}, id="a-system-message-can-hold-the-answers"),
        pytest.param({"stop_seqs": "['END']"}, id="a-list-that-came-as-a-text"),
        pytest.param({"best_of": 8}, id="an-option-that-is-never-sent"),
        pytest.param({"extra_body": "{}"}, id="an-option-of-the-provider"),
        pytest.param({"top_p": 7}, id="out-of-range"),
        pytest.param({"max_tokens": "many"}, id="no-number"),
    ],
)
def test_sampling__a_log_that_cannot_be_followed_leaves_it_unknown(option: dict[str, Any]) -> None:
    found_ = sampled(FREE, {"temperature": 0.2, **option}, temperature=0)

    assert (found_.settings_from, found_.generation) == ("unknown", {"temperature": 0})


@pytest.mark.parametrize(
    ("solvers", "declared", "greedy"),
    [
        pytest.param(FREE, 0, True, id="generate"),
        pytest.param(CHOICE, 0, True, id="choices"),
        pytest.param(CHOICE, 0.1, False, id="warm"),
        pytest.param(f"{GENERATE}, {{name: self_critique}}", 0, True, id="the-rest-is-declared"),
        pytest.param(f"{{name: generate, args: {{temperature: 1}}}}, {FREE}", 0, False, id="one-step-is-warm"),
    ],
)
def test_sampling__is_greedy_also_by_declaration(solvers: str, declared: float, greedy: bool) -> None:
    assert sampled(solvers, temperature=declared).greedy is greedy


def test_sampling__lists_are_kept() -> None:
    assert sampled(FREE, stop_seqs=["END"]).generation == {"stop_seqs": ("END",)}


def test_key__does_not_depend_on_the_order_in_the_file() -> None:
    one = Sampling("log", {"top_p": 1, "temperature": 0}, greedy=True)
    other = Sampling("declaration", {"temperature": 0.0, "top_p": 1}, greedy=True)

    assert one.key == other.key
