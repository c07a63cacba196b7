"""The action's inputs: what they mean, and what is said of those that are none."""

from pathlib import Path

import pytest

from evalmark.cli.ci.inputs import NAMES, Inputs, read_inputs
from evalmark.errors import UsageProblem
from evalmark.plan.making import Limits

TEMP = Path("/tmp/runner")
SHA = "a" * 40


def read(**inputs: str) -> Inputs:
    given = {f"EVALMARK_INPUT_{name.upper()}": value for name, value in inputs.items()}
    empty = {f"EVALMARK_INPUT_{name.upper().replace('-', '_')}": "" for name in NAMES}
    return read_inputs({"GITHUB_TOKEN": "t", **empty, **given}, TEMP)


def test_inputs__all_empty_have_the_documented_defaults() -> None:
    inputs = read()

    assert (inputs.mode, inputs.root, inputs.online, inputs.report_path) == ("auto", "", True, TEMP / "evalmark-report")
    assert inputs.limits == Limits(minutes=330, entries=20)
    assert inputs.fail_on == {"invalid", "mismatch"}
    assert (inputs.say.comment, inputs.say.author, inputs.say.status) == ("auto", "github-actions[bot]", "auto")
    assert (inputs.say.key, inputs.say.context) == ("default", "evalmark / verify")
    assert inputs.allowed == {}


def test_inputs__as_a_workflow_writes_them() -> None:
    inputs = read(
        path="models/acme-7b",
        pull_request="12",
        head_sha=SHA,
        hub_repo="acme/acme-7b",
        model="openai-api/acme/m",
        model_args="device=cpu\nbatch-size=8\n",
        generation="temperature=0\nmax-tokens=32",
        benchmarks=f"\n# ours\nacme/sums\nacme/other@{SHA}\n",
        pass_env="ACME_API_KEY\nACME_REGION",
        samples="500",
        tokens="2000000",
        fail_on="never",
    )

    assert (inputs.root, inputs.pull_request, inputs.head) == ("models/acme-7b/", 12, SHA)
    assert inputs.choice.args == {"device": "cpu", "batch_size": 8}
    assert inputs.choice.generation == {"temperature": 0, "max_tokens": 32}
    assert inputs.allowed == {"acme/sums": None, "acme/other": SHA}
    assert inputs.passed == {"ACME_API_KEY", "ACME_REGION"}
    assert (inputs.limits.samples, inputs.limits.all_tokens) == (500, 2_000_000)
    assert inputs.fail_on == frozenset()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("mode", "verify", "auto, validate, rerun, report"),
        ("comment", "sometimes", "auto, always, on-problem, never"),
        ("status", "yes", "auto, always, never"),
        ("annotations", "1", "true, false"),
        ("online", "True", "true, false"),
        ("accept_served_model", "yes", "true, false"),
        ("fail_on", "mismatch,wrong", "invalid, mismatch, error, inconclusive, not-rerunnable, verified; or never"),
        ("pull_request", "#12", "12"),
        ("pull_request", "0", "12"),
        ("head_sha", "abc123", "40"),
        ("head_sha", "A" * 40, "40"),
        ("path", "../other", "models/"),
        ("path", "a/../b", "models/"),
        ("path", "/etc", "models/"),
        ("hub_repo", "acme", "acme/model"),
        ("samples", "-1", "whole number"),
        ("samples", "many", "whole number"),
        ("minutes", "0", "whole number"),
        ("entries", "1.5", "whole number"),
        ("comment_key", "a b", "acme-7b"),
        ("comment_key", "--> x", "acme-7b"),
        ("comment_author", "a b", "github-actions"),
        ("status_context", "a\nb", "evalmark"),
        ("benchmarks", "gsm8k", "owner/name"),
        ("model_args", "cpu", "device=cpu"),
        ("generation", "seed=1", "leave it out"),
        ("pass_env", "GITHUB_TOKEN", "ACME_API_KEY"),
        ("pass_env", "HF_TOKEN", "ACME_API_KEY"),
        ("pass_env", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACME_API_KEY"),
        ("pass_env", "A=B", "ACME_API_KEY"),
        ("hub-rep", "x", "hub-repo"),
    ],
)
def test_inputs__an_unknown_value_is_told_with_what_is_allowed(name: str, value: str, said: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        read(**{name: value})

    assert said in caught.value.advice


def test_inputs__the_token_is_not_shown() -> None:
    assert "GITHUB_TOKEN" not in repr(read())
    assert "'t'" not in repr(read())
