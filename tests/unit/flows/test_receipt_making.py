"""Which verdicts become receipts, and what GitHub is given to attest."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from evalmark.facts import ModelFacts
from evalmark.flows.receipt_making import Made, attestation, receipts_for
from evalmark.ports import BenchmarkFiles
from evalmark.receipt import VerifiedBy
from evalmark.verdict import Answer, Rung, Verdict
from tests.builders import DATASET_SHA, MODEL, MODEL_SHA, claim, eval_yaml, ref, run_record, verdict
from tests.fakes import FakeHub

BY = VerifiedBy(name="prover", where="", at=datetime(2026, 11, 1, tzinfo=UTC), evalmark="1")
FILES = BenchmarkFiles(DATASET_SHA, eval_yaml().encode(), b"")


@dataclass
class Quill:
    """Signs with the name of the statement's first subject."""

    public: str = "ed25519:quill"

    def sign(self, statement: dict[str, Any]) -> str:
        return f"signed {statement['subject'][0]['name']}"


def made(*verdicts: Verdict, hub: FakeHub | None = None) -> list[Made]:
    hub = hub or FakeHub({ref(revision=DATASET_SHA): FILES})
    return list(receipts_for(verdicts, ModelFacts(MODEL.name, MODEL_SHA, weights_digest="c" * 64), hub, BY, Quill()))


def full(answer: Answer = Answer.MISMATCH, **changes: Any) -> Verdict:
    return verdict(answer, rung=Rung.FULL, **changes)


def test_receipt__binds_the_verdict_to_weights_and_eval_yaml() -> None:
    (found,) = made(full())

    assert found.envelope == "signed claim:acme/model:acme/sums:sums"
    assert found.receipt.model.weights == "c" * 64
    assert found.receipt.benchmark.eval_yaml is not None
    assert (found.receipt.result.verdict, found.receipt.by) == (Answer.MISMATCH, BY)


def test_receipt__of_a_benchmark_that_cannot_be_had_says_nothing_of_its_eval_yaml() -> None:
    (found,) = made(full(), hub=FakeHub())

    assert found.receipt.benchmark.eval_yaml is None


@pytest.mark.parametrize(
    "judged",
    [
        pytest.param(verdict(Answer.NOT_RERUNNABLE, None), id="not rerun"),
        pytest.param(verdict(Answer.ERROR, None), id="failed"),
        pytest.param(full(claim=claim("1e-300")), id="a score of which no receipt can speak"),
        pytest.param(full(claim=claim(model_revision="working tree")), id="a model outside git"),
        pytest.param(full(run=run_record(dataset_revision="working tree")), id="a benchmark outside git"),
    ],
)
def test_receipt__there_is_none(judged: Verdict) -> None:
    assert made(judged) == []


def test_attestation__holds_all_receipts() -> None:
    found = made(full(), full(Answer.VERIFIED))

    told = attestation(each.receipt for each in found)
    assert [each["result"]["verdict"] for each in told["receipts"]] == ["mismatch", "verified"]
