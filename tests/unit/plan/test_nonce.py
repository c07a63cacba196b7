"""No nonce is drawn twice for the same question."""

import pytest

from evalmark.facts import ModelFacts
from evalmark.plan.nonce import kept_nonce
from evalmark.plan.order import nonce_from_secret, same_question, weights_digest
from tests.builders import DATASET_SHA, MODEL_SHA, claim, job, plan

WEIGHTS = "w" * 64
ASKED = same_question([claim()], WEIGHTS)


def test_same_question__does_not_depend_on_what_a_claimant_can_change_freely() -> None:
    changed = claim(
        notes="once more",
        source_url="https://example.org",
        source_name="x",
        date="2026-01-01",
        file=".eval_results/other.yaml",
        line=9,
        column=3,
        position=4,
        model_revision="c" * 40,
        verify_token=True,
    )

    assert same_question([changed], WEIGHTS) == ASKED


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "acme/other"},
        {"dataset_id": "acme/other"},
        {"dataset_revision": DATASET_SHA},
        {"task_id": "products"},
        {"digits": "57.00"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_same_question__depends_on(changes: dict[str, str]) -> None:
    assert same_question([claim(**changes)], WEIGHTS) != ASKED


def test_same_question__depends_on_the_weights() -> None:
    assert same_question([claim()], "v" * 64) != ASKED


def test_same_question__does_not_depend_on_the_order_of_the_claims() -> None:
    one, other = claim("1.0"), claim("2.0")

    assert same_question([one, other, one], WEIGHTS) == same_question([other, one], WEIGHTS)


def test_kept_nonce__is_that_of_the_job_that_asked() -> None:
    jobs = [job(nonce="first", claims=(0,)), job(id="job-2", nonce="second", claims=(1,))]
    earlier = plan(claim(task_id="products"), claim(), jobs=jobs, weights=WEIGHTS)

    assert kept_nonce(earlier, ASKED) == "second"


def test_kept_nonce__of_more_claims_is_kept_for_fewer() -> None:
    earlier = plan(claim(), claim("58.0"), jobs=[job(nonce="kept", claims=(0, 1))], weights=WEIGHTS)

    assert kept_nonce(earlier, ASKED) == "kept"


@pytest.mark.parametrize(
    ("digits", "weights"),
    [pytest.param(("57.0", "58.0"), WEIGHTS, id="a-claim-is-new"), pytest.param(("57.0",), "v" * 64, id="new-weights")],
)
def test_kept_nonce__none_for_what_is_new(digits: tuple[str, ...], weights: str) -> None:
    earlier = plan(claim(), jobs=[job(nonce="kept")], weights=WEIGHTS)

    assert kept_nonce(earlier, same_question([claim(each) for each in digits], weights)) is None


def test_kept_nonce__none_if_an_old_plan_has_none() -> None:
    assert kept_nonce(plan(claim(), jobs=[job(nonce="")], weights=WEIGHTS), ASKED) is None


def test_nonce_from_secret__is_stable() -> None:
    """A new value would let a claimant have another order after an update."""
    assert nonce_from_secret("secret", ASKED) == "097f02223db48fac2dbebc1c5c0e2a1993f07268244d989d7c59df8b25656a7f"


@pytest.mark.parametrize(
    ("secret", "question"),
    [
        pytest.param("other", ASKED, id="secret"),
        pytest.param("secret", same_question([claim("58.0")], WEIGHTS), id="question"),
        pytest.param("secret", ASKED | same_question([claim("58.0")], WEIGHTS), id="one-claim-more"),
    ],
)
def test_nonce_from_secret__depends_on(secret: str, question: frozenset[tuple[str, ...]]) -> None:
    assert nonce_from_secret(secret, question) != nonce_from_secret("secret", ASKED)


def test_weights_digest__is_the_commit_if_no_files_are_listed() -> None:
    assert weights_digest(ModelFacts("acme/model", MODEL_SHA)) == MODEL_SHA


def test_weights_digest__does_not_depend_on_the_commit_nor_on_the_order() -> None:
    files = {"a.gguf": "1" * 64, "b.gguf": "2" * 64}
    one = ModelFacts("acme/model", MODEL_SHA, files)
    other = ModelFacts("acme/model", "c" * 40, dict(reversed(files.items())))

    assert weights_digest(one) == weights_digest(other)
    assert len(weights_digest(one)) == 64


@pytest.mark.parametrize("files", [{"a.gguf": "2" * 64}, {"b.gguf": "1" * 64}, {"a.gguf": "1" * 64, "b": "1" * 64}])
def test_weights_digest__depends_on_names_and_content(files: dict[str, str]) -> None:
    one = weights_digest(ModelFacts("acme/model", MODEL_SHA, {"a.gguf": "1" * 64}))

    assert weights_digest(ModelFacts("acme/model", MODEL_SHA, files)) != one
