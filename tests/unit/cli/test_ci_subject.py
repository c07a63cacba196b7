"""On what terms a pull request is rerun."""

import pytest

from evalmark.cli.ci.session import Session
from evalmark.cli.ci.subject import terms
from evalmark.cli.ci.workflow import read_workflow
from evalmark.cli.settings import read_settings
from evalmark.errors import UsageProblem
from evalmark.plan.order import nonce_from_secret, same_question
from tests.builders import claim
from tests.unit.cli.test_ci_inputs import read

RUNNER = {"GITHUB_REPOSITORY": "acme/adder", "RUNNER_TEMP": "/tmp/runner", "HOME": "/nowhere"}
QUESTION = same_question([claim()], "weights")


def session(secret: str = "", **inputs: str) -> Session:
    environment = {**RUNNER, "EVALMARK_SECRET": secret}
    return Session(read_workflow(environment), read(**inputs), read_settings(environment))


def test_terms__the_order_of_samples_follows_from_a_secret() -> None:
    kept = terms(session("a secret", model="mockllm/model")).kept_nonce(QUESTION)

    assert kept == nonce_from_secret("a secret", QUESTION)


def test_terms__without_a_secret_each_run_draws_anew() -> None:
    drawn = terms(session(model="mockllm/model"))

    assert drawn.kept_nonce(QUESTION) is None
    assert drawn.draw_nonce(()) != drawn.draw_nonce(())


@pytest.mark.parametrize(
    ("inputs", "said"),
    [({}, "`model` is missing"), ({"model": "hf/acme/adder"}, "not known whose claims")],
)
def test_terms__what_is_missing_is_told_with_what_to_write(inputs: dict[str, str], said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        terms(session(**inputs))


def test_settings__say_nothing_of_the_secret() -> None:
    assert "a secret" not in repr(session("a secret").settings)
