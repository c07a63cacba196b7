from typing import Any

import pytest

from evalmark.errors import Refused, UsageProblem
from evalmark.facts import ModelFacts
from evalmark.plan.identity import ModelChoice, identify
from tests.builders import MODEL, MODEL_SHA

LISTED, UNLISTED = "1" * 64, "2" * 64
WITH_WEIGHTS = ModelFacts("acme/model", MODEL_SHA, {"z.gguf": LISTED, "a.gguf": "3" * 64})
CLAIMED = f"the weights of acme/model at {MODEL_SHA}"


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param(ModelChoice(), id="nothing-chosen"),
        pytest.param(ModelChoice(spec="hf/acme/model"), id="the-claimed-repo-by-name"),
        pytest.param(ModelChoice(args={"device": "cpu", "dtype": "float32", "batch_size": 2}), id="neutral-arguments"),
    ],
)
def test_identify__the_claimed_repo_is_proved(choice: ModelChoice) -> None:
    run = identify(choice, MODEL)

    assert (run.spec, run.revision) == ("hf/acme/model", MODEL_SHA)
    assert (run.identity.proved, run.identity.statement) == (True, CLAIMED)


UNPROVED = [
    pytest.param({"spec": "hf/acme/other"}, id="another-repo"),
    pytest.param({"spec": "hf/acme/model2"}, id="a-name-that-only-begins-alike"),
    pytest.param({"spec": "openai-api/local/acme/model"}, id="served"),
    pytest.param({"args": {"revision": "main"}}, id="revision-argument"),
    pytest.param({"args": {"model_path": "/elsewhere"}}, id="path-argument"),
    pytest.param({"args": {"device": "cpu", "tokenizer": "acme/other"}}, id="one-argument-not-neutral"),
    pytest.param({"spec": "llamacpp/model"}, id="llamacpp-without-digest"),
    pytest.param({"spec": "llamacpp/model", "weights_sha256": UNLISTED}, id="llamacpp-with-unlisted-digest"),
    pytest.param({"spec": "vllm/model", "weights_sha256": LISTED}, id="digest-of-what-another-provider-may-not-load"),
]


@pytest.mark.parametrize("choice", UNPROVED)
def test_identify__what_is_not_proved_needs_consent(choice: dict[str, Any]) -> None:
    with pytest.raises(UsageProblem, match="not provably acme/model at aaaaaaaaaaaa") as caught:
        identify(ModelChoice(**choice), WITH_WEIGHTS)

    assert "--accept-served-model" in caught.value.advice


@pytest.mark.parametrize("choice", UNPROVED)
def test_identify__with_consent_it_says_that_it_is_not_proved(choice: dict[str, Any]) -> None:
    run = identify(ModelChoice(accept_served=True, **choice), WITH_WEIGHTS)

    assert not run.identity.proved
    assert run.identity.statement == f"identity not proved: served as {run.spec}"


def test_identify__weights_that_the_repo_lists_are_proved() -> None:
    run = identify(ModelChoice(spec="llamacpp/model", weights_sha256=LISTED), WITH_WEIGHTS)

    assert run.identity.proved
    assert run.identity.statement == f"z.gguf of acme/model at {MODEL_SHA}, sha256 {LISTED}"


@pytest.mark.parametrize("digest", [LISTED, UNLISTED])
def test_identify__revision_of_local_weights_is_their_digest(digest: str) -> None:
    run = identify(ModelChoice(spec="llamacpp/model", weights_sha256=digest, accept_served=True), WITH_WEIGHTS)

    assert run.revision == f"sha256:{digest}"


def test_identify__revision_of_a_served_model_is_unknown() -> None:
    assert identify(ModelChoice(spec="openai-api/local/x", accept_served=True), MODEL).revision == "unknown"


@pytest.mark.parametrize("value", [True, False, "true"])
@pytest.mark.parametrize("name", ["trust_remote_code", "auto_map"])
@pytest.mark.parametrize("accept_served", [False, True])
def test_identify__code_of_the_model_repo_is_refused(name: str, value: bool | str, accept_served: bool) -> None:
    with pytest.raises(Refused, match="would run code of the model repo"):
        identify(ModelChoice(args={name: value}, accept_served=accept_served), MODEL)


def test_identify__passes_the_callers_options_on() -> None:
    choice = ModelChoice(
        spec="openai-api/local/x",
        accept_served=True,
        args={"device": "cpu"},
        base_url="http://127.0.0.1:9/v1",
        generation={"max_tokens": 5},
    )

    run = identify(choice, MODEL)

    assert (run.args, run.base_url, run.generation) == (choice.args, choice.base_url, choice.generation)
